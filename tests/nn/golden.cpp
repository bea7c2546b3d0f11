#include "nn/golden.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace rnnscope::test {

namespace {

/// Closes an HDF5 identifier; throws when it is not one.
class Handle
{
public:
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what)
        : m_id(id)
        , m_close(close)
    {
        if (id < 0)
            throw std::runtime_error("golden file has no " + what);
    }
    ~Handle() { m_close(m_id); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    operator hid_t() const { return m_id; } // NOLINT: as HDF5's own functions take it

private:
    hid_t m_id;
    herr_t (*m_close)(hid_t);
};

std::vector<std::int64_t> shapeOf(hid_t dataset)
{
    const Handle space(H5Dget_space(dataset), H5Sclose, "space");
    std::vector<hsize_t> sizes(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
    return {sizes.begin(), sizes.end()};
}

} // namespace

Golden::Golden(const std::filesystem::path& path)
    : m_file(H5Fopen((referenceFolder() / path).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT))
{
    if (m_file < 0)
        throw std::runtime_error("cannot open golden file " + path.string());
}

Golden::~Golden()
{
    H5Fclose(m_file);
}

bool Golden::has(const std::string& object) const
{
    return H5Lexists(m_file, object.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Golden::children(const std::string& group) const
{
    const Handle handle(H5Gopen2(m_file, group.c_str(), H5P_DEFAULT), H5Gclose, group);
    H5G_info_t info {};
    H5Gget_info(handle, &info);
    std::vector<std::string> names;
    for (hsize_t i = 0; i < info.nlinks; ++i) {
        std::array<char, 256> name {};
        H5Lget_name_by_idx(handle, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size(), H5P_DEFAULT);
        names.emplace_back(name.data());
    }
    return names;
}

at::Tensor Golden::tensor(const std::string& dataset) const
{
    const Handle handle(H5Dopen2(m_file, dataset.c_str(), H5P_DEFAULT), H5Dclose, dataset);
    const Handle type(H5Dget_type(handle), H5Tclose, "type");
    const bool integer = H5Tget_class(type) == H5T_INTEGER;
    const at::Tensor values = at::empty(shapeOf(handle), at::TensorOptions(integer ? at::kLong : at::kFloat));
    if (H5Dread(handle, integer ? H5T_NATIVE_INT64 : H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data_ptr())
        < 0)
        throw std::runtime_error("cannot read " + dataset);
    return values;
}

double Golden::number(const std::string& object, const std::string& attribute) const
{
    const Handle handle(H5Aopen_by_name(m_file, object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                        attribute);
    double value = 0.0;
    H5Aread(handle, H5T_NATIVE_DOUBLE, &value);
    return value;
}

std::string Golden::text(const std::string& object, const std::string& attribute) const
{
    const Handle handle(H5Aopen_by_name(m_file, object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                        attribute);
    const Handle type(H5Aget_type(handle), H5Tclose, "type");
    std::string value(H5Tget_size(type), '\0');
    H5Aread(handle, type, value.data());
    value.resize(std::min(value.find('\0'), value.size()));
    return value;
}

nlohmann::json Golden::json(const std::string& object, const std::string& attribute) const
{
    return nlohmann::json::parse(text(object, attribute));
}

zoo::State Golden::state(const std::string& group) const
{
    zoo::State state;
    for (const std::string& name : children(group)) {
        const at::Tensor values = tensor(group + "/" + name);
        const float* const first = values.data_ptr<float>();
        state[name] = {values.sizes().vec(), std::vector<float>(first, first + values.numel())};
    }
    return state;
}

zoo::Architecture Golden::architecture(const std::string& object) const
{
    const nlohmann::json shapes = json(object, "parameter_shapes");
    zoo::Architecture rnn;
    rnn.numLayers = static_cast<int>(shapes.size() - 2) / 4;
    rnn.inputSize = shapes[0][2][1].get<int>();
    rnn.hiddenSize = shapes[1][2][1].get<int>();
    rnn.outputSize = shapes.back()[2][0].get<int>();
    return rnn;
}

std::filesystem::path referenceFolder()
{
    const char* const folder = std::getenv("RNNSCOPE_REFERENCE");
    return folder != nullptr ? std::filesystem::path(folder) : std::filesystem::path(RNNSCOPE_TEST_DATA) / "reference";
}

std::vector<std::string> goldenFiles(const std::string& folder)
{
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(referenceFolder() / folder, error))
        if (entry.path().extension() == ".h5")
            names.push_back(folder + "/" + entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string testName(const std::string& name)
{
    std::string text = name;
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    if (a.sizes() != b.sizes())
        return std::numeric_limits<double>::infinity();
    return (a - b).abs().max().item<double>();
}

} // namespace rnnscope::test
