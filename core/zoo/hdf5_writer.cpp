#include "core/zoo/hdf5_writer.h"

#include "core/base/half.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

namespace rnnscope::zoo::hdf5 {

namespace {

Handle storedType(Store store)
{
    const auto copy = [](hid_t type) { return Handle(H5Tcopy(type), H5Tclose, "cannot copy a type"); };
    switch (store) {
    case Store::Float16:
        return halfType();
    case Store::Float32:
        return copy(H5T_IEEE_F32LE);
    case Store::Float64:
        return copy(H5T_IEEE_F64LE);
    case Store::Int8:
        return copy(H5T_STD_I8LE);
    case Store::Int16:
        return copy(H5T_STD_I16LE);
    case Store::Int64:
        break;
    }
    return copy(H5T_STD_I64LE);
}

/// HDF5's limit is 4 GiB, whatever the entries are.
bool canBeAChunk(const std::vector<hsize_t>& sizes)
{
    constexpr double kMost = 4.0e9 / sizeof(double);
    double entries = 1.0;
    for (const hsize_t size : sizes)
        entries *= static_cast<double>(size);
    return !sizes.empty() && entries > 0.0 && entries < kMost;
}

/// A chunk a row; a list is one chunk. What is too large for a chunk goes without.
void addChecksums(hid_t creation, std::vector<hsize_t> chunk)
{
    if (chunk.size() > 1 && chunk.front() > 0)
        chunk.front() = 1;
    if (!canBeAChunk(chunk))
        return;
    if (H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()) >= 0)
        H5Pset_fletcher32(creation);
}

/// Small ones would only grow.
void addDeflate(hid_t creation, const std::vector<hsize_t>& sizes)
{
    constexpr hsize_t kLeast = 1024; // entries
    constexpr unsigned kLevel = 9;
    if (!canBeAChunk(sizes) || std::accumulate(sizes.begin(), sizes.end(), hsize_t {1}, std::multiplies<>()) < kLeast
        || H5Pset_chunk(creation, static_cast<int>(sizes.size()), sizes.data()) < 0)
        return;
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, kLevel);
}

} // namespace

Writer::Writer(Handle handle, fs::path target, std::shared_ptr<SinkState> state)
    : m_handle(std::move(handle))
    , m_target(std::move(target))
    , m_state(std::move(state))
{
}

void Writer::cannotWrite(const std::string& what) const
{
    const std::string detail = lastError();
    const std::string reason = m_state->error == 0 ? "the HDF5 library refused it" : std::strerror(m_state->error);
    raise(Errc::Io, fmt::format("cannot write {}: {}", m_target.string(), reason), what + "; " + detail);
}

void Writer::check(herr_t status, const std::string& what) const
{
    if (status < 0 || m_state->error != 0)
        cannotWrite(what);
}

Writer Writer::createFile(const fs::path& file, const fs::path& target, Packing packing)
{
    const Lock lock;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot create HDF5 files");
    H5Pset_file_locking(access.get(), false, true);
    H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18);
    Writer writer({}, target, std::make_shared<SinkState>());
    writer.m_packing = packing;
    writer.check(useSink(access.get(), writer.m_state), "setting the driver");
    const hid_t id = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get());
    if (id < 0)
        writer.cannotWrite("creating the file");
    writer.m_handle = Handle(id, H5Fclose, "");
    return writer;
}

Writer Writer::group(const std::string& name) const
{
    const Lock lock;
    const hid_t made = H5Gcreate2(id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (made < 0)
        cannotWrite("making the group " + name);
    Writer writer(Handle(made, H5Gclose, ""), m_target, m_state);
    writer.m_packing = m_packing;
    return writer;
}

Writer Writer::dataset(const std::string& name, Store store, std::span<const std::size_t> shape) const
{
    const Lock lock;
    const std::vector<hsize_t> sizes(shape.begin(), shape.end());
    const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "cannot create datasets");
    H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER); // filling first would write everything twice
    if (m_packing == Packing::Checksums)
        addChecksums(creation.get(), sizes);
    else if (m_packing == Packing::Deflated)
        addDeflate(creation.get(), sizes);
    const Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose,
                       "cannot make the shape of " + name);
    const hid_t made = H5Dcreate2(id(), name.c_str(), storedType(store).get(), space.get(), H5P_DEFAULT, creation.get(),
                                  H5P_DEFAULT);
    if (made < 0)
        cannotWrite("making the dataset " + name);
    Writer writer(Handle(made, H5Dclose, ""), m_target, m_state);
    writer.m_shape.assign(shape.begin(), shape.end());
    writer.m_store = store;
    return writer;
}

std::size_t Writer::rowSize() const
{
    return m_shape.empty() ? 1
                           : std::accumulate(m_shape.begin() + 1, m_shape.end(), std::size_t {1}, std::multiplies<>());
}

void Writer::writeSlab(std::size_t first, std::size_t count, hid_t memoryType, const void* values) const
{
    const Lock lock;
    if (count == 0)
        return;
    const std::size_t row = rowSize();
    const hsize_t entries = count;
    const Handle memory(H5Screate_simple(1, &entries, nullptr), H5Sclose, "cannot describe memory");
    const Handle selection(H5Dget_space(id()), H5Sclose, "cannot describe a dataset");
    if (!m_shape.empty()) {
        std::vector<hsize_t> offsets(m_shape.size(), 0);
        std::vector<hsize_t> counts(m_shape.begin(), m_shape.end());
        offsets[0] = first;
        counts[0] = count / row;
        H5Sselect_hyperslab(selection.get(), H5S_SELECT_SET, offsets.data(), nullptr, counts.data(), nullptr);
    }
    check(H5Dwrite(id(), memoryType, memory.get(), selection.get(), H5P_DEFAULT, values), "writing rows");
}

void Writer::writeRows(std::size_t first, std::span<const float> values) const
{
    if (m_store != Store::Float16)
        return writeSlab(first, values.size(), H5T_NATIVE_FLOAT, values.data());
    std::vector<std::uint16_t> halves(values.size());
    storeHalf(values, halves);
    writeSlab(first, halves.size(), halfType().get(), halves.data());
}

void Writer::writeRows(std::size_t first, std::span<const double> values) const
{
    writeSlab(first, values.size(), H5T_NATIVE_DOUBLE, values.data());
}

void Writer::writeRows(std::size_t first, std::span<const std::int64_t> values) const
{
    writeSlab(first, values.size(), H5T_NATIVE_INT64, values.data());
}

void Writer::textArray(const std::string& name, const std::vector<std::string>& values) const
{
    const Lock lock;
    std::vector<const char*> pointers;
    for (const std::string& value : values)
        pointers.push_back(value.c_str());
    const hsize_t count = pointers.size();
    const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, "cannot make a shape");
    const Handle type = textType();
    const hid_t made = H5Dcreate2(id(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (made < 0)
        cannotWrite("making the dataset " + name);
    const Handle owner(made, H5Dclose, "");
    if (count > 0)
        check(H5Dwrite(made, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "writing texts");
}

void Writer::attribute(const std::string& name, hid_t type, hid_t space, const void* value) const
{
    const hid_t made = H5Acreate2(id(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (made < 0)
        cannotWrite("making the attribute " + name);
    const Handle owner(made, H5Aclose, "");
    check(H5Awrite(made, type, value), "writing the attribute " + name);
}

void Writer::text(const std::string& name, std::string_view value) const
{
    const Lock lock;
    const std::string terminated(value);
    const char* pointer = terminated.c_str();
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot make a shape");
    attribute(name, textType().get(), space.get(), &pointer);
}

void Writer::texts(const std::string& name, const std::vector<std::string>& values) const
{
    const Lock lock;
    std::vector<const char*> pointers;
    for (const std::string& value : values)
        pointers.push_back(value.c_str());
    const hsize_t count = pointers.size();
    const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, "cannot make a shape");
    attribute(name, textType().get(), space.get(), pointers.data());
}

void Writer::integer(const std::string& name, std::int64_t value) const
{
    const Lock lock;
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot make a shape");
    attribute(name, H5T_NATIVE_INT64, space.get(), &value);
}

void Writer::boolean(const std::string& name, bool value) const
{
    const Lock lock;
    const Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose, "cannot make the type of truth values");
    constexpr std::int8_t kFalse = 0;
    constexpr std::int8_t kTrue = 1;
    H5Tenum_insert(type.get(), "FALSE", &kFalse);
    H5Tenum_insert(type.get(), "TRUE", &kTrue);
    const std::int8_t stored = value ? kTrue : kFalse;
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot make a shape");
    attribute(name, type.get(), space.get(), &stored);
}

void Writer::real(const std::string& name, double value) const
{
    const Lock lock;
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot make a shape");
    attribute(name, H5T_NATIVE_DOUBLE, space.get(), &value);
}

void Writer::reals(const std::string& name, std::span<const std::size_t> shape, std::span<const double> values) const
{
    const Lock lock;
    const std::vector<hsize_t> sizes(shape.begin(), shape.end());
    const Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose,
                       "cannot make a shape");
    attribute(name, H5T_NATIVE_DOUBLE, space.get(), values.data());
}

void Writer::close()
{
    const Lock lock;
    check(H5Fflush(id(), H5F_SCOPE_LOCAL), "flushing");
    check(m_handle.close(), "closing");
}

void checkSpace(const fs::path& target, std::uintmax_t bytes)
{
    std::error_code status;
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    const auto space = fs::space(folder, status);
    if (!status && space.available < bytes)
        raise(Errc::Io,
              fmt::format("cannot write {}: it needs {:.1f} MB, the disk has {:.1f} MB left", target.string(),
                          static_cast<double>(bytes) / 1e6, static_cast<double>(space.available) / 1e6));
}

void checkName(const std::string& what, const std::string& name, const fs::path& target)
{
    if (name.empty() || name == "." || name.find('/') != std::string::npos || name.find('\0') != std::string::npos)
        raise(Errc::BadValue,
              fmt::format("cannot write {}: the {} '{}' cannot be a name in HDF5 (empty, '.' or with '/')",
                          target.string(), what, name));
}

} // namespace rnnscope::zoo::hdf5
