#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace rnnscope::nn {

/// Quantiles of every row, linearly interpolated as torch.quantile does: `rows` [N, n] -> [N, probabilities]. For rows
/// of any length (torch's own refuses 2^24 entries). Differentiable; on the CPU without gradients by selection.
/// Rows with NaN give NaN.
at::Tensor rowQuantiles(const at::Tensor& rows, const std::vector<float>& probabilities);

/// Mean and unbiased variance of every row: `rows` [N, n] -> [N, 2]; the variance of one entry is 0. Differentiable; on
/// the CPU without gradients in one pass.
at::Tensor rowMoments(const at::Tensor& rows);

} // namespace rnnscope::nn
