#include "core/zoo/hdf5_chunks.h"

#include "core/base/printable.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <zlib.h>

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr std::size_t kCache = std::size_t {32} << 20U; ///< bytes; larger chunks are unpacked again for every row
constexpr std::size_t kPerChunk = 128; ///< bytes that keeping one costs besides its own
constexpr std::size_t kChecksum = 4;

/// Fletcher's checksum over big-endian words of 16 bits, as HDF5 computes it.
std::uint32_t fletcher(std::span<const std::byte> bytes)
{
    constexpr std::size_t kRound = 360; // words that cannot overflow
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    const auto reduce = [](std::uint32_t sum) { return (sum & 0xffffU) + (sum >> 16U); };
    for (std::size_t at = 0; at < bytes.size();) {
        for (std::size_t i = 0; i < kRound && at < bytes.size(); ++i, at += 2) {
            const auto low = at + 1 < bytes.size() ? std::to_integer<std::uint32_t>(bytes[at + 1]) : 0;
            first += std::to_integer<std::uint32_t>(bytes[at]) << 8U | low;
            second += first;
        }
        first = reduce(first);
        second = reduce(second);
    }
    return reduce(second) << 16U | reduce(first);
}

std::vector<std::byte> unshuffled(const std::vector<std::byte>& bytes, std::size_t width)
{
    std::vector<std::byte> out(bytes);
    const std::size_t entries = bytes.size() / width;
    for (std::size_t plane = 0; plane < width; ++plane)
        for (std::size_t i = 0; i < entries; ++i)
            out[i * width + plane] = bytes[plane * entries + i];
    return out;
}

} // namespace

ChunkReader::ChunkReader(hid_t dataset, const Handle& creation, std::vector<std::size_t> shape, std::size_t width,
                         std::string where)
    : m_dataset(dataset)
    , m_shape(std::move(shape))
    , m_width(width)
    , m_plain(width)
    , m_fill(width)
    , m_where(std::move(where))
{
    std::array<hsize_t, H5S_MAX_RANK> sizes {};
    const int rank = H5Pget_chunk(creation.get(), H5S_MAX_RANK, sizes.data());
    if (rank < 0 || static_cast<std::size_t>(rank) != m_shape.size())
        raise(Errc::BadFormat, m_where + " is damaged", lastError());
    for (int i = 0; i < rank; ++i) {
        m_chunk.push_back(static_cast<std::size_t>(sizes[static_cast<std::size_t>(i)]));
        m_plain *= m_chunk.back(); // fits 32 bits, see hdf5_messages
    }
    takeFilters(creation);
    const Handle type(H5Dget_type(dataset), H5Tclose, m_where + " is damaged");
    H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
    const bool text = H5Tget_class(type.get()) == H5T_STRING;
    if (!text && H5Pfill_value_defined(creation.get(), &defined) >= 0 && defined == H5D_FILL_VALUE_USER_DEFINED
        && H5Pget_fill_value(creation.get(), type.get(), m_fill.data()) < 0)
        raise(Errc::BadFormat, m_where + " is damaged", lastError());
}

void ChunkReader::takeFilters(const Handle& creation)
{
    const int filters = H5Pget_nfilters(creation.get());
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0;
        unsigned config = 0;
        std::size_t values = 0;
        std::array<char, 64> name {};
        const H5Z_filter_t filter = H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &values, nullptr,
                                                   name.size() - 1, name.data(), &config);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
            raise(Errc::BadFormat,
                  fmt::format("{} is compressed with '{}', which this program cannot read", m_where,
                              printable(name.data())));
        m_filters.push_back(filter);
    }
}

void ChunkReader::read(std::span<const hsize_t> start, std::span<const hsize_t> count, std::span<std::byte> out)
{
    const std::scoped_lock lock(m_mutex);
    const Region region {start, count, out};
    if (std::any_of(count.begin(), count.end(), [](hsize_t n) { return n == 0; }))
        return;
    Place first;
    for (std::size_t i = 0; i < m_chunk.size(); ++i)
        first.push_back(start[i] / m_chunk[i] * m_chunk[i]);
    Place place = first;
    for (bool more = true; more;) {
        copy(chunkAt(place), place, region);
        more = false;
        for (std::size_t i = m_chunk.size(); i-- > 0 && !more;) { // the last dimension first
            place[i] += m_chunk[i];
            more = place[i] < start[i] + count[i];
            if (!more)
                place[i] = first[i];
        }
    }
}

const ChunkReader::Bytes& ChunkReader::chunkAt(const Place& place)
{
    if (const auto known = m_cache.find(place); known != m_cache.end())
        return known->second;
    Bytes chunk = load(place);
    if (m_cached + chunk.size() > kCache) {
        m_cache.clear();
        m_cached = 0;
    }
    m_cached += chunk.size() + kPerChunk;
    return m_cache.emplace(place, std::move(chunk)).first->second;
}

ChunkReader::Bytes ChunkReader::load(const Place& place) const
{
    const std::string failed = m_where + " cannot be read, the file is damaged";
    hsize_t stored = 0;
    haddr_t address = HADDR_UNDEF;
    unsigned mask = 0;
    if (H5Dget_chunk_info_by_coord(m_dataset, place.data(), &mask, &address, &stored) < 0)
        raise(Errc::BadFormat, failed, lastError());
    if (address == HADDR_UNDEF) { // never written
        Bytes chunk(m_plain);
        for (std::size_t at = 0; at < chunk.size(); at += m_width)
            std::copy(m_fill.begin(), m_fill.end(), chunk.begin() + static_cast<std::ptrdiff_t>(at));
        return chunk;
    }
    if (stored > m_plain + m_plain / 4 + 64) // see checkChunkSize
        raise(Errc::BadFormat, failed, "a chunk is stored in more bytes than it has");
    Bytes packed(static_cast<std::size_t>(stored));
    if (H5Dread_chunk(m_dataset, H5P_DEFAULT, place.data(), &mask, packed.data()) < 0)
        raise(Errc::BadFormat, failed, lastError());
    return unpack(std::move(packed), mask);
}

ChunkReader::Bytes ChunkReader::unpack(Bytes bytes, unsigned mask) const
{
    const auto failed
        = [&](const char* detail) { raise(Errc::BadFormat, m_where + " cannot be read, the file is damaged", detail); };
    for (std::size_t i = m_filters.size(); i-- > 0;) {
        if (i < 32 && (mask >> i & 1U) != 0)
            continue;
        if (m_filters[i] == H5Z_FILTER_SHUFFLE) {
            bytes = unshuffled(bytes, m_width);
        } else if (m_filters[i] == H5Z_FILTER_DEFLATE) {
            Bytes plain(m_plain + kChecksum * m_filters.size());
            uLongf size = plain.size();
            if (::uncompress(reinterpret_cast<Bytef*>(plain.data()), &size,
                             reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())
                != Z_OK)
                failed("a chunk cannot be inflated");
            plain.resize(size);
            bytes = std::move(plain);
        } else {
            std::uint32_t checksum = 0;
            if (bytes.size() < kChecksum)
                failed("a chunk is too short");
            const std::size_t size = bytes.size() - kChecksum;
            std::memcpy(&checksum, bytes.data() + size, kChecksum);
            bytes.resize(size);
            if (checksum != fletcher(bytes))
                failed("a chunk has another checksum");
        }
    }
    if (bytes.size() != m_plain)
        failed("a chunk has another size");
    return bytes;
}

/// The part of a chunk that lies in the region, row by row.
void ChunkReader::copy(const Bytes& chunk, const Place& place, const Region& region) const
{
    const std::size_t rank = m_chunk.size();
    Place low(rank);
    Place high(rank);
    for (std::size_t i = 0; i < rank; ++i) {
        low[i] = std::max(place[i], region.start[i]);
        high[i] = std::min(place[i] + m_chunk[i], region.start[i] + region.count[i]);
    }
    const std::size_t row = static_cast<std::size_t>(high[rank - 1] - low[rank - 1]) * m_width;
    Place at = low;
    for (bool more = true; more;) {
        std::size_t from = 0;
        std::size_t to = 0;
        for (std::size_t i = 0; i < rank; ++i) {
            from = from * m_chunk[i] + static_cast<std::size_t>(at[i] - place[i]);
            to = to * static_cast<std::size_t>(region.count[i]) + static_cast<std::size_t>(at[i] - region.start[i]);
        }
        std::memcpy(region.out.data() + to * m_width, chunk.data() + from * m_width, row);
        more = false;
        for (std::size_t i = rank - 1; i-- > 0 && !more;) {
            more = ++at[i] < high[i];
            if (!more)
                at[i] = low[i];
        }
    }
}

} // namespace rnnscope::zoo::hdf5
