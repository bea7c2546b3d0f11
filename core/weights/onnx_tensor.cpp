#include "core/weights/onnx_tensor.h"

#include "core/base/printable.h"
#include "core/zoo/array_source.h"

#include <algorithm>
#include <cstdint>
#include <onnx/onnx_pb.h>

namespace rnnscope::weights {

namespace {

NumberFormat formatOf(const onnx::TensorProto& proto)
{
    using onnx::TensorProto;
    switch (proto.data_type()) {
    case TensorProto::FLOAT:
        return {.dtype = Dtype::Float32, .bytes = 4};
    case TensorProto::DOUBLE:
        return {.dtype = Dtype::Float64, .bytes = 8};
    case TensorProto::FLOAT16:
        return {.dtype = Dtype::Float16, .bytes = 2};
    case TensorProto::BFLOAT16:
        return {.dtype = Dtype::BFloat16, .bytes = 2};
    case TensorProto::BOOL:
        return {.dtype = Dtype::Boolean, .bytes = 1};
    case TensorProto::INT8:
        return {.dtype = Dtype::Integer, .bytes = 1};
    case TensorProto::INT16:
        return {.dtype = Dtype::Integer, .bytes = 2};
    case TensorProto::INT32:
        return {.dtype = Dtype::Integer, .bytes = 4};
    case TensorProto::INT64:
        return {.dtype = Dtype::Integer, .bytes = 8};
    case TensorProto::UINT8:
        return {.dtype = Dtype::Integer, .bytes = 1, .isSigned = false};
    case TensorProto::UINT16:
        return {.dtype = Dtype::Integer, .bytes = 2, .isSigned = false};
    case TensorProto::UINT32:
        return {.dtype = Dtype::Integer, .bytes = 4, .isSigned = false};
    case TensorProto::UINT64:
        return {.dtype = Dtype::Integer, .bytes = 8, .isSigned = false};
    default:
        return {};
    }
}

/// Numbers in the field that is there for the type when raw_data is not used.
int typedEntries(const onnx::TensorProto& proto, const NumberFormat& format)
{
    if (format.dtype == Dtype::Float32)
        return proto.float_data_size();
    if (format.dtype == Dtype::Float64)
        return proto.double_data_size();
    if (format.dtype == Dtype::Integer && format.bytes >= 4 && !format.isSigned)
        return proto.uint64_data_size();
    return format.bytes == 8 ? proto.int64_data_size() : proto.int32_data_size();
}

Result<std::vector<std::size_t>> shapeOf(const onnx::TensorProto& proto, const std::string& where)
{
    std::vector<std::size_t> shape;
    for (const std::int64_t size : proto.dims()) {
        if (size < 0)
            return fail(Errc::BadFormat, where + " has a negative size");
        shape.push_back(static_cast<std::size_t>(size));
    }
    return shape;
}

template <typename Field>
void copyField(const Field& field, std::span<float> out)
{
    std::transform(field.begin(), field.end(), out.begin(), [](auto value) { return static_cast<float>(value); });
}

/// The low halves of int32_data are the bits of 16-bit floats.
void copyBits(const onnx::TensorProto& proto, const NumberFormat& format, std::span<float> out)
{
    std::vector<std::uint16_t> bits(out.size());
    std::transform(proto.int32_data().begin(), proto.int32_data().end(), bits.begin(),
                   [](std::int32_t value) { return static_cast<std::uint16_t>(static_cast<std::uint32_t>(value)); });
    toFloats(format, std::as_bytes(std::span(bits)), out);
}

} // namespace

Result<OnnxTensor> openOnnxTensor(const onnx::TensorProto& proto, const std::string& name, const fs::path& file)
{
    const std::string where = tensorOf(file, name);
    if (proto.data_location() == onnx::TensorProto::EXTERNAL || proto.external_data_size() > 0)
        return fail(Errc::BadFormat,
                    where + " is kept in another file, which is not read; save the model with its weights inside");
    if (proto.has_segment())
        return fail(Errc::BadFormat, where + " is stored in segments, which are not read");
    auto shape = shapeOf(proto, where);
    if (!shape)
        return forward(shape);
    const NumberFormat format = formatOf(proto);
    const auto entries = zoo::checkedProduct(*shape, std::max<std::size_t>(format.bytes, 1));
    if (!entries || *entries > kMostEntries)
        return fail(Errc::BadFormat, where + " has a shape that is too large");
    OnnxTensor tensor {&proto, {name, std::move(*shape), format.dtype}, format};
    if (format.dtype == Dtype::Other)
        return tensor;
    const std::size_t found = proto.has_raw_data() ? proto.raw_data().size() / format.bytes
                                                   : static_cast<std::size_t>(typedEntries(proto, format));
    if (found != *entries || (proto.has_raw_data() && proto.raw_data().size() % format.bytes != 0))
        return fail(Errc::BadFormat,
                    fmt::format("{} has shape {}, which needs {} numbers, and {}", where,
                                printable(zoo::describeShape(tensor.info.shape)), *entries,
                                proto.has_raw_data() ? fmt::format("{} bytes", proto.raw_data().size())
                                                     : fmt::format("{} numbers", found)));
    return tensor;
}

void readOnnxTensor(const OnnxTensor& tensor, std::span<float> out)
{
    const onnx::TensorProto& proto = *tensor.proto;
    const NumberFormat& format = tensor.format;
    if (proto.has_raw_data())
        toFloats(format, std::as_bytes(std::span(proto.raw_data())), out);
    else if (format.dtype == Dtype::Float32)
        copyField(proto.float_data(), out);
    else if (format.dtype == Dtype::Float64)
        copyField(proto.double_data(), out);
    else if (format.dtype == Dtype::Float16 || format.dtype == Dtype::BFloat16)
        copyBits(proto, format, out);
    else if (format.bytes >= 4 && !format.isSigned)
        copyField(proto.uint64_data(), out);
    else if (format.bytes == 8)
        copyField(proto.int64_data(), out);
    else
        copyField(proto.int32_data(), out);
}

} // namespace rnnscope::weights
