#pragma once

#include "core/weights/number_format.h"

namespace onnx {
class TensorProto;
}

namespace rnnscope::weights {

/// A tensor in an ONNX model: an initializer or what a Constant node holds.
struct OnnxTensor
{
    const onnx::TensorProto* proto = nullptr;
    TensorInfo info;
    NumberFormat format;
};

/// Checks that the model holds as many numbers as the shape says. BadFormat naming the tensor otherwise, and for
/// numbers that are kept in other files.
Result<OnnxTensor> openOnnxTensor(const onnx::TensorProto& proto, const std::string& name, const fs::path& file);

/// Floats and integers; `out` has room for all.
void readOnnxTensor(const OnnxTensor& tensor, std::span<float> out);

} // namespace rnnscope::weights
