#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>

namespace rnnscope::nn {

/// One tensor of every network: [N, rows, columns], a view into `parameters` [N, P].
inline at::Tensor viewOf(const at::Tensor& parameters, const zoo::ParameterTensor& tensor)
{
    const auto signedSize = [](std::size_t size) { return static_cast<std::int64_t>(size); };
    return parameters.narrow(1, signedSize(tensor.offset), signedSize(tensor.size()))
        .unflatten(1, {signedSize(tensor.rows), signedSize(tensor.columns)});
}

} // namespace rnnscope::nn
