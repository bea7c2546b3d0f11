#pragma once

#include <ATen/core/Tensor.h>

namespace rnnscope::nn {

/// softmax(Q K^T) V with dropout of the softmax: q [B, R, d], k and v [B, S, d] -> [B, R, d]. On the CPU some rows at a
/// time, so that scores stay in the cache; the backward pass computes them again.
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double dropoutProbability);

} // namespace rnnscope::nn
