#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace rnnscope::nn {

/// Quantiles of every row, linearly interpolated as torch.quantile does: `rows` [N, n] -> [N, probabilities]. For rows
/// of any length (torch's own refuses 2^24 entries). Differentiable; on the CPU without gradients by selection.
at::Tensor rowQuantiles(const at::Tensor& rows, const std::vector<float>& probabilities);

} // namespace rnnscope::nn
