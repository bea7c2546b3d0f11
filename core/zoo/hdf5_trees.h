#pragma once

#include "core/zoo/hdf5_messages.h"
#include "core/zoo/hdf5_superblock.h"

namespace rnnscope::zoo::hdf5 {

/// What an old group links to.
struct GroupEntry
{
    std::uint64_t header = kNowhere; ///< nowhere: a link by name
    std::optional<SymbolTable> table; ///< as the group remembers it of a group in it
};

/// Walks a group's B-tree (version 1), its symbol nodes and its local heap.
std::vector<GroupEntry> readGroup(FileBytes& bytes, const SymbolTable& table, const TreeSizes& sizes);

/// Walks the B-tree (version 1) of a chunked dataset: every chunk lies in the file and has a size that fits the
/// filters.
void checkChunks(FileBytes& bytes, const StorageLayout& layout, const std::vector<Filter>& filters,
                 const TreeSizes& sizes);

/// Damage unless a chunk that takes `stored` bytes can hold `plain` bytes behind the filters that `mask` leaves.
void checkChunkSize(std::uint64_t stored, std::uint64_t plain, const std::vector<Filter>& filters, std::uint64_t mask);

} // namespace rnnscope::zoo::hdf5
