#pragma once

#include "core/base/mapped_file.h"

#include <cstdint>
#include <memory>

namespace rnnscope::zoo::hdf5 {

/// Checks an HDF5 file's own structures before the library trusts them: libhdf5 1.10 reads outside its buffers, runs
/// forever or leaks where older ones, which carry no checksums, have a few flipped bits. Walked is what can be reached
/// from the root: superblocks 0 to 3, object headers 1 and 2 with their messages, groups of symbol tables or of link
/// messages, chunks under version 1 B-trees. Newer structures (fractal heaps, version 2 B-trees, fixed and extensible
/// arrays) carry checksums that the library verifies; what only they link to is checked when it is opened. Costs what
/// the metadata costs to read. Safe to use from several threads.
class Structure
{
public:
    /// `base`: where the signature is. Throws Failure: "<path> is a damaged HDF5 file: …".
    static std::shared_ptr<Structure> check(std::shared_ptr<const MappedFile> file, std::size_t base);
    ~Structure();
    Structure(const Structure&) = delete;
    Structure& operator=(const Structure&) = delete;

    /// Walks what hangs from the object header at `address`, unless it has been walked. Throws Failure.
    void checkObject(std::uint64_t address);
    /// Is there a group whose links only the library can list?
    bool hasUnlisted() const;

private:
    class Walk;
    Structure(std::shared_ptr<const MappedFile> file, std::size_t base);

    std::shared_ptr<const MappedFile> m_file;
    std::unique_ptr<Walk> m_walk;
};

} // namespace rnnscope::zoo::hdf5
