#include "core/weights/tensor_file.h"

namespace rnnscope::weights {

TensorFile::TensorFile(fs::path path, Format format)
    : m_format(format)
    , m_path(std::move(path))
{
}

TensorFile::~TensorFile() = default;

std::size_t TensorInfo::entries() const
{
    std::size_t product = 1;
    for (const std::size_t size : shape)
        product *= size;
    return product;
}

std::string_view title(Format format)
{
    switch (format) {
    case Format::TorchZip:
        return "PyTorch file";
    case Format::TorchLegacy:
        return "PyTorch file (before 1.6)";
    case Format::TorchScript:
        return "TorchScript archive";
    case Format::Safetensors:
        return "safetensors file";
    case Format::Npz:
        return "NumPy archive";
    case Format::Npy:
        return "NumPy array";
    case Format::KerasHdf5:
        return "Keras HDF5 file";
    case Format::KerasArchive:
        return "Keras archive";
    case Format::StateHdf5:
        return "HDF5 file of tensors";
    case Format::Onnx:
        return "ONNX model";
    }
    return "weight file";
}

std::string_view name(Dtype dtype)
{
    switch (dtype) {
    case Dtype::Float16:
        return "float16";
    case Dtype::BFloat16:
        return "bfloat16";
    case Dtype::Float32:
        return "float32";
    case Dtype::Float64:
        return "float64";
    case Dtype::Integer:
        return "integer";
    case Dtype::Boolean:
        return "boolean";
    case Dtype::Other:
        return "other";
    }
    return "other";
}

bool isFloat(Dtype dtype)
{
    return dtype == Dtype::Float16 || dtype == Dtype::BFloat16 || dtype == Dtype::Float32 || dtype == Dtype::Float64;
}

} // namespace rnnscope::weights
