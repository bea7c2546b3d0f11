#include "tasks/golden_file.h"

#include <cstdlib>
#include <stdexcept>

namespace rnnscope::test {

namespace {

template <typename Id>
Id opened(Id id, const std::string& what)
{
    if (id < 0)
        throw std::runtime_error("cannot open " + what);
    return id;
}

} // namespace

std::string referencePath(const std::string& file)
{
    if (file.starts_with('/'))
        return file;
    const char* whole = std::getenv("RNNSCOPE_REFERENCE");
    return (whole != nullptr ? std::string(whole) : std::string(RNNSCOPE_TEST_DATA "/reference")) + "/" + file;
}

std::vector<int> GoldenFile::Array::row(std::size_t i) const
{
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(i * columns());
    return {first, first + static_cast<std::ptrdiff_t>(columns())};
}

GoldenFile::GoldenFile(const std::string& file)
    : m_file(opened(H5Fopen(referencePath(file).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), referencePath(file)))
{
}

GoldenFile::~GoldenFile()
{
    H5Fclose(m_file);
}

std::vector<std::string> GoldenFile::names(const std::string& group) const
{
    const hid_t id = opened(H5Gopen2(m_file, group.c_str(), H5P_DEFAULT), group);
    std::vector<std::string> found;
    H5Literate(
        id, H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
            static_cast<std::vector<std::string>*>(list)->emplace_back(name);
            return 0;
        },
        &found);
    H5Gclose(id);
    return found;
}

GoldenFile::Array GoldenFile::array(const std::string& dataset) const
{
    const hid_t id = opened(H5Dopen2(m_file, dataset.c_str(), H5P_DEFAULT), dataset);
    const hid_t space = H5Dget_space(id);
    std::vector<hsize_t> extent(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, extent.data(), nullptr);
    Array array;
    array.shape.assign(extent.begin(), extent.end());
    array.values.resize(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    if (!array.values.empty())
        H5Dread(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data());
    H5Sclose(space);
    H5Dclose(id);
    return array;
}

int GoldenFile::attribute(const std::string& group, const std::string& name) const
{
    const hid_t id
        = opened(H5Aopen_by_name(m_file, group.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), group + "@" + name);
    int value = 0;
    H5Aread(id, H5T_NATIVE_INT, &value);
    H5Aclose(id);
    return value;
}

} // namespace rnnscope::test
