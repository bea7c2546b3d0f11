#pragma once

#include "core/weights/tensor_file.h"

namespace rnnscope::weights {

/// How one entry of a PyTorch tensor is stored.
enum class TorchElement : std::uint8_t {
    Float64,
    Float32,
    Float16,
    BFloat16,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Boolean,
    Unreadable ///< complex, quantised and 8-bit floats
};

struct TorchType
{
    std::string_view dtype; ///< "float32", without "torch."
    std::string_view storage; ///< "FloatStorage"; empty: has none of its own
    TorchElement element = TorchElement::Unreadable;
    std::size_t size = 1; ///< bytes of an entry
};

/// "float32" or its other name "float"; nullptr when there is none.
const TorchType* torchTypeOfDtype(std::string_view dtype);
/// "FloatStorage"; nullptr when there is none.
const TorchType* torchTypeOfStorage(std::string_view storage);
Dtype dtypeOf(TorchElement element);

/// Little-endian entries, one after the other, as float32. `bytes` holds out.size() of them.
void toFloats(TorchElement element, std::span<const std::byte> bytes, std::span<float> out);
/// Turns the bytes of every entry of `size` bytes around.
void swapBytes(std::span<std::byte> bytes, std::size_t size);

} // namespace rnnscope::weights
