#include "core/weights/torch_type.h"

#include "core/base/half.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace rnnscope::weights {

namespace {

constexpr auto kUnreadable = TorchElement::Unreadable;

constexpr std::array<TorchType, 26> kTypes {{{"float64", "DoubleStorage", TorchElement::Float64, 8},
                                             {"float32", "FloatStorage", TorchElement::Float32, 4},
                                             {"float16", "HalfStorage", TorchElement::Float16, 2},
                                             {"bfloat16", "BFloat16Storage", TorchElement::BFloat16, 2},
                                             {"int8", "CharStorage", TorchElement::Int8, 1},
                                             {"uint8", "ByteStorage", TorchElement::UInt8, 1},
                                             {"int16", "ShortStorage", TorchElement::Int16, 2},
                                             {"uint16", "", TorchElement::UInt16, 2},
                                             {"int32", "IntStorage", TorchElement::Int32, 4},
                                             {"uint32", "", TorchElement::UInt32, 4},
                                             {"int64", "LongStorage", TorchElement::Int64, 8},
                                             {"uint64", "", TorchElement::UInt64, 8},
                                             {"bool", "BoolStorage", TorchElement::Boolean, 1},
                                             {"complex32", "", kUnreadable, 4},
                                             {"complex64", "ComplexFloatStorage", kUnreadable, 8},
                                             {"complex128", "ComplexDoubleStorage", kUnreadable, 16},
                                             {"quint8", "QUInt8Storage", kUnreadable, 1},
                                             {"qint8", "QInt8Storage", kUnreadable, 1},
                                             {"qint32", "QInt32Storage", kUnreadable, 4},
                                             {"quint4x2", "QUInt4x2Storage", kUnreadable, 1},
                                             {"quint2x4", "QUInt2x4Storage", kUnreadable, 1},
                                             {"float8_e4m3fn", "", kUnreadable, 1},
                                             {"float8_e5m2", "", kUnreadable, 1},
                                             {"float8_e4m3fnuz", "", kUnreadable, 1},
                                             {"float8_e5m2fnuz", "", kUnreadable, 1},
                                             {"float8_e8m0fnu", "", kUnreadable, 1}}};

struct OtherName
{
    std::string_view other;
    std::string_view dtype;
};

constexpr std::array<OtherName, 9> kOtherNames {{{"double", "float64"},
                                                 {"float", "float32"},
                                                 {"half", "float16"},
                                                 {"short", "int16"},
                                                 {"int", "int32"},
                                                 {"long", "int64"},
                                                 {"cfloat", "complex64"},
                                                 {"cdouble", "complex128"},
                                                 {"chalf", "complex32"}}};

template <typename T>
void convert(std::span<const std::byte> bytes, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        out[i] = static_cast<float>(value);
    }
}

void fromBFloat16(std::span<const std::byte> bytes, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t upper = 0;
        std::memcpy(&upper, bytes.data() + i * sizeof upper, sizeof upper);
        out[i] = std::bit_cast<float>(static_cast<std::uint32_t>(upper) << 16U);
    }
}

} // namespace

const TorchType* torchTypeOfDtype(std::string_view dtype)
{
    for (const auto& [other, name] : kOtherNames)
        if (dtype == other)
            dtype = name;
    const auto found
        = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.dtype == dtype; });
    return found == kTypes.end() ? nullptr : &*found;
}

const TorchType* torchTypeOfStorage(std::string_view storage)
{
    const auto found
        = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.storage == storage; });
    return storage.empty() || found == kTypes.end() ? nullptr : &*found;
}

Dtype dtypeOf(TorchElement element)
{
    switch (element) {
    case TorchElement::Float64:
        return Dtype::Float64;
    case TorchElement::Float32:
        return Dtype::Float32;
    case TorchElement::Float16:
        return Dtype::Float16;
    case TorchElement::BFloat16:
        return Dtype::BFloat16;
    case TorchElement::Boolean:
        return Dtype::Boolean;
    case TorchElement::Unreadable:
        return Dtype::Other;
    default:
        return Dtype::Integer;
    }
}

void toFloats(TorchElement element, std::span<const std::byte> bytes, std::span<float> out)
{
    switch (element) {
    case TorchElement::Float64:
        return convert<double>(bytes, out);
    case TorchElement::Float32:
        return convert<float>(bytes, out);
    case TorchElement::Float16:
        return loadHalf(bytes, out);
    case TorchElement::BFloat16:
        return fromBFloat16(bytes, out);
    case TorchElement::Int8:
        return convert<std::int8_t>(bytes, out);
    case TorchElement::UInt8:
        return convert<std::uint8_t>(bytes, out);
    case TorchElement::Int16:
        return convert<std::int16_t>(bytes, out);
    case TorchElement::UInt16:
        return convert<std::uint16_t>(bytes, out);
    case TorchElement::Int32:
        return convert<std::int32_t>(bytes, out);
    case TorchElement::UInt32:
        return convert<std::uint32_t>(bytes, out);
    case TorchElement::Int64:
        return convert<std::int64_t>(bytes, out);
    case TorchElement::UInt64:
        return convert<std::uint64_t>(bytes, out);
    case TorchElement::Boolean:
    case TorchElement::Unreadable:
        break;
    }
    std::fill(out.begin(), out.end(), 0.0F);
}

void swapBytes(std::span<std::byte> bytes, std::size_t size)
{
    for (std::size_t at = 0; at + size <= bytes.size(); at += size)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
}

} // namespace rnnscope::weights
