#pragma once

#include "core/zoo/hdf5.h"

#include <map>
#include <mutex>
#include <span>
#include <vector>

namespace rnnscope::zoo::hdf5 {

/// Reads a chunked dataset's entries as they are in the file. Chunks come from the library as they are stored and are
/// unpacked here: the library's own inflate takes as much memory as a chunk claims to need, and trusts that a chunk
/// is as long as it should be.
class ChunkReader
{
public:
    /// Refuses filters other than deflate, shuffle and Fletcher's checksum. `width`: bytes of an entry.
    ChunkReader(hid_t dataset, const Handle& creation, std::vector<std::size_t> shape, std::size_t width,
                std::string where);

    /// Entries [start, start + count) in every dimension, row-major, into `out` of as many times `width` bytes. Throws
    /// Failure.
    void read(std::span<const hsize_t> start, std::span<const hsize_t> count, std::span<std::byte> out);

private:
    using Bytes = std::vector<std::byte>;
    using Place = std::vector<hsize_t>; ///< of a chunk's first entry

    struct Region
    {
        std::span<const hsize_t> start;
        std::span<const hsize_t> count;
        std::span<std::byte> out;
    };

    void takeFilters(const Handle& creation);
    const Bytes& chunkAt(const Place& place);
    Bytes load(const Place& place) const;
    Bytes unpack(Bytes packed, unsigned mask) const;
    void copy(const Bytes& chunk, const Place& place, const Region& region) const;

    hid_t m_dataset = H5I_INVALID_HID; ///< the owner's
    std::vector<std::size_t> m_shape;
    std::vector<std::size_t> m_chunk;
    std::size_t m_width = 0;
    std::size_t m_plain = 0; ///< bytes of an unpacked chunk
    std::vector<std::byte> m_fill; ///< one entry
    std::vector<H5Z_filter_t> m_filters;
    std::string m_where;
    std::mutex m_mutex;
    std::map<Place, Bytes> m_cache;
    std::size_t m_cached = 0; ///< bytes
};

} // namespace rnnscope::zoo::hdf5
