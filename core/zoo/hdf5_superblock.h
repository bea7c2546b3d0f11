#pragma once

#include "core/zoo/hdf5_bytes.h"

#include <optional>

namespace rnnscope::zoo::hdf5 {

/// Half of what a node of each kind holds.
struct TreeSizes
{
    std::uint64_t groupLeaf = 4;
    std::uint64_t group = 16;
    std::uint64_t chunks = 32;
};

/// Where an old group keeps its names.
struct SymbolTable
{
    std::uint64_t tree = kNowhere;
    std::uint64_t heap = kNowhere;
    bool operator==(const SymbolTable&) const = default;
};

struct Superblock
{
    std::uint64_t root = kNowhere; ///< object header
    std::optional<SymbolTable> rootTable; ///< as the superblock remembers it
    std::uint64_t extension = kNowhere; ///< object header
    std::uint64_t end = 0; ///< first address behind the file
    TreeSizes sizes;
};

/// The beginning of a file, versions 0 to 3. Failure for a file that is cut short, Damage for what else is wrong.
/// `base`: where the signature is.
Superblock readSuperblock(FileBytes& bytes, const MappedFile& file, std::size_t base);

} // namespace rnnscope::zoo::hdf5
