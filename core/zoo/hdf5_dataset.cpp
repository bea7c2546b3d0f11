#include "core/zoo/hdf5_dataset.h"

#include "core/base/half.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace rnnscope::zoo::hdf5 {

namespace {

/// deflate shrinks to 1/1032 at best.
constexpr std::size_t kMostCompression = 1032;

/// A dataset of which the library has to put the pieces together (chunks, filters, foreign number formats).
class LibraryArray final : public ArraySource
{
public:
    explicit LibraryArray(Dataset dataset)
        : m_dataset(std::move(dataset))
    {
    }

    const std::vector<std::size_t>& shape() const override { return m_dataset.shape(); }
    bool isHalf() const override { return m_dataset.isHalf(); }
    bool isInteger() const override { return m_dataset.isInteger(); }
    std::string where() const override { return m_dataset.where(); }
    Result<void> read(std::span<const std::size_t> start, std::size_t count, std::span<float> out) const override
    {
        if (const auto entries = checkedCount(start, count, out.size()); !entries)
            return forward(entries);
        return guarded(m_dataset.file(), [&] { m_dataset.read(start, count, out); });
    }

private:
    Dataset m_dataset;
};

Handle creationOf(const Node& node)
{
    return {H5Dget_create_plist(node.id()), H5Pclose, node.where() + " is damaged"};
}

/// `values` become numbers of the type `memory`, in place.
template <typename T>
std::vector<T> converted(std::vector<std::byte> values, std::size_t count, hid_t from, hid_t to,
                         const std::string& where)
{
    values.resize(std::max(values.size(), count * sizeof(T)));
    if (H5Tconvert(from, to, count, values.data(), nullptr, H5P_DEFAULT) < 0)
        raise(Errc::BadFormat, where + " cannot be read, the file is damaged", lastError());
    std::vector<T> out(count);
    std::memcpy(out.data(), values.data(), count * sizeof(T));
    return out;
}

} // namespace

Dataset::Dataset(const Node& parent, const std::string& name)
    : Node(parent.openObject(name), parent, name)
{
    const Lock lock;
    const std::string damaged = where() + " is damaged";
    if (H5Iget_type(id()) != H5I_DATASET)
        raise(Errc::BadFormat, where() + " is not a dataset");
    m_type = Handle(H5Dget_type(id()), H5Tclose, damaged);
    m_space = Handle(H5Dget_space(id()), H5Sclose, damaged);
    m_class = H5Tget_class(m_type.get());
    m_half = m_class == H5T_FLOAT && H5Tequal(m_type.get(), halfType().get()) > 0;
    if (!isUsableType(m_type.get()))
        raise(Errc::BadFormat, where() + " holds neither text nor numbers of a usual kind");
    if (H5Sget_simple_extent_type(m_space.get()) == H5S_NULL)
        raise(Errc::BadFormat, where() + " has no entries");
    std::array<hsize_t, H5S_MAX_RANK> sizes {};
    const int rank = H5Sget_simple_extent_dims(m_space.get(), sizes.data(), nullptr);
    const std::size_t width = H5Tget_size(m_type.get());
    if (rank < 0 || width == 0)
        raise(Errc::BadFormat, damaged, lastError());
    m_shape.assign(sizes.begin(), sizes.begin() + rank);
    const auto entries = checkedProduct(m_shape, width);
    if (!entries)
        raise(Errc::BadFormat, fmt::format("{}: {}", where(), entries.error().message));
    m_entries = *entries;
    m_fileSize = bytes()->size();
    checkStorage(m_entries * width);
}

void Dataset::checkStorage(std::size_t needed)
{
    const Handle creation = creationOf(*this);
    const std::string tooLarge = fmt::format("{} has shape {}, more than its file of {} bytes can hold", where(),
                                             describeShape(m_shape), m_fileSize);
    const H5D_layout_t layout = H5Pget_layout(creation.get());
    if (H5Pget_external_count(creation.get()) > 0 || layout < H5D_COMPACT || layout > H5D_CHUNKED)
        raise(Errc::BadFormat, where() + " lies in another file, expected the numbers in this one");
    if (layout != H5D_CHUNKED) {
        if (needed > m_fileSize || H5Dget_storage_size(id()) < needed)
            raise(Errc::BadFormat, tooLarge);
        return;
    }
    std::array<hsize_t, H5S_MAX_RANK> chunk {};
    const int rank = H5Pget_chunk(creation.get(), H5S_MAX_RANK, chunk.data());
    const std::vector<std::size_t> sizes(chunk.begin(), chunk.begin() + std::max(rank, 0));
    const std::size_t width = H5Tget_size(m_type.get());
    const auto chunkEntries = checkedProduct(sizes, width);
    constexpr std::size_t kSlack = std::size_t {16} << 20; // a chunk may be larger than what is in it
    constexpr std::size_t kMostOfChunk = 1000;
    const bool fits = needed / kMostCompression <= m_fileSize && chunkEntries
        && *chunkEntries * width / kMostOfChunk <= m_fileSize + kSlack / kMostOfChunk;
    if (!fits || (needed > 0 && H5Dget_storage_size(id()) == 0))
        raise(Errc::BadFormat, tooLarge);
    m_chunks = std::make_unique<ChunkReader>(id(), creation, m_shape, width, where());
}

std::optional<Scalar> Dataset::scalar() const
{
    if (m_half)
        return Scalar::F2;
    const std::array<std::pair<hid_t, Scalar>, 10> known {{{H5T_IEEE_F32LE, Scalar::F4},
                                                           {H5T_IEEE_F64LE, Scalar::F8},
                                                           {H5T_STD_I8LE, Scalar::I1},
                                                           {H5T_STD_I16LE, Scalar::I2},
                                                           {H5T_STD_I32LE, Scalar::I4},
                                                           {H5T_STD_I64LE, Scalar::I8},
                                                           {H5T_STD_U8LE, Scalar::U1},
                                                           {H5T_STD_U16LE, Scalar::U2},
                                                           {H5T_STD_U32LE, Scalar::U4},
                                                           {H5T_STD_U64LE, Scalar::U8}}};
    for (const auto& [type, found] : known)
        if (H5Tequal(m_type.get(), type) > 0)
            return found;
    return {};
}

std::vector<std::byte> Dataset::readStored() const
{
    std::vector<std::byte> bytes(m_entries * H5Tget_size(m_type.get()));
    const std::vector<hsize_t> start(m_shape.size(), 0);
    m_chunks->read(start, std::vector<hsize_t>(m_shape.begin(), m_shape.end()), bytes);
    return bytes;
}

template <typename T>
std::vector<T> Dataset::readAll(hid_t memory) const
{
    const Lock lock;
    if (isText())
        raise(Errc::BadFormat, where() + " holds text, expected numbers");
    if (m_chunks)
        return converted<T>(readStored(), m_entries, m_type.get(), memory, where());
    std::vector<T> values(m_entries);
    if (m_entries > 0 && H5Dread(id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
        raise(Errc::BadFormat, where() + " cannot be read, the file is damaged", lastError());
    return values;
}

std::vector<double> Dataset::readDoubles() const
{
    return readAll<double>(H5T_NATIVE_DOUBLE);
}

std::vector<std::int64_t> Dataset::readIntegers() const
{
    return readAll<std::int64_t>(H5T_NATIVE_INT64);
}

std::vector<float> Dataset::readFloats() const
{
    if (!m_half)
        return readAll<float>(H5T_NATIVE_FLOAT);
    const auto halves = readAll<std::uint16_t>(m_type.get());
    std::vector<float> values(halves.size());
    loadHalf(std::as_bytes(std::span(halves)), values);
    return values;
}

std::vector<std::string> Dataset::readTexts() const
{
    const Lock lock;
    return decodeTexts(m_type, m_space, kMostCompression * m_fileSize, where(), [&](hid_t type, void* buffer) {
        if (!m_chunks)
            return H5Dread(id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
        const auto stored = readStored();
        std::copy(stored.begin(), stored.end(), static_cast<std::byte*>(buffer));
        return herr_t {0};
    });
}

void Dataset::read(std::span<const std::size_t> start, std::size_t count, std::span<float> out) const
{
    const Lock lock;
    std::vector<hsize_t> offsets(m_shape.size(), 0);
    std::vector<hsize_t> counts(m_shape.begin(), m_shape.end());
    for (std::size_t i = 0; i < start.size(); ++i) {
        offsets[i] = start[i];
        counts[i] = i + 1 == start.size() ? count : 1;
    }
    if (out.empty())
        return;
    if (m_chunks)
        return readChunks(offsets, counts, out);
    const hsize_t room = out.size();
    const std::string failed = where() + " cannot be read, the file is damaged";
    const Handle memory(H5Screate_simple(1, &room, nullptr), H5Sclose, failed);
    const Handle selection(H5Scopy(m_space.get()), H5Sclose, failed);
    H5Sselect_hyperslab(selection.get(), H5S_SELECT_SET, offsets.data(), nullptr, counts.data(), nullptr);
    herr_t status = 0;
    if (m_half) { // the library's own conversion runs at 60 MB/s
        std::vector<std::uint16_t> halves(out.size());
        status = H5Dread(id(), m_type.get(), memory.get(), selection.get(), H5P_DEFAULT, halves.data());
        loadHalf(std::as_bytes(std::span(halves)), out);
    } else {
        status = H5Dread(id(), H5T_NATIVE_FLOAT, memory.get(), selection.get(), H5P_DEFAULT, out.data());
    }
    if (status < 0)
        raise(Errc::BadFormat, failed, lastError());
}

void Dataset::readChunks(std::span<const hsize_t> start, std::span<const hsize_t> count, std::span<float> out) const
{
    std::vector<std::byte> bytes(out.size() * H5Tget_size(m_type.get()));
    m_chunks->read(start, count, bytes);
    if (m_half) {
        loadHalf(bytes, out);
        return;
    }
    const auto values = converted<float>(std::move(bytes), out.size(), m_type.get(), H5T_NATIVE_FLOAT, where());
    std::copy(values.begin(), values.end(), out.begin());
}

std::shared_ptr<const ArraySource> Dataset::array(Dataset dataset)
{
    const auto file = dataset.bytes();
    const Lock lock;
    const auto scalar = dataset.scalar();
    const haddr_t offset = H5Dget_offset(dataset.id()); // undefined for chunked and compact datasets
    H5Eclear2(H5E_DEFAULT);
    const bool inOnePiece = H5Pget_layout(creationOf(dataset).get()) == H5D_CONTIGUOUS && scalar
        && offset != HADDR_UNDEF && offset <= file->size()
        && dataset.entries() * byteSize(*scalar) <= file->size() - offset;
    if (inOnePiece)
        return std::make_shared<const RawArray>(file, static_cast<std::size_t>(offset), *scalar, dataset.shape(),
                                                dataset.where());
    return std::make_shared<const LibraryArray>(std::move(dataset));
}

} // namespace rnnscope::zoo::hdf5
