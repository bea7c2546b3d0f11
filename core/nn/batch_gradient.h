#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace rnnscope::nn {

/// Sum of the losses of examples [first, first + count), a scalar with a graph. Called on several threads at once;
/// `shard` counts from 0.
using ShardLoss = std::function<at::Tensor(std::int64_t first, std::int64_t count, int shard)>;

/// Mean loss over `examples`; replaces .grad of every parameter by the gradient of that mean (undefined where the loss
/// does not depend on it). Examples are cut into `threads` stretches, each on a thread of its own with single-threaded
/// products: the same bits for the same number of threads. Exceptions of a shard are rethrown here.
double batchGradient(const std::vector<at::Tensor>& parameters, std::int64_t examples, int threads,
                     const ShardLoss& loss);

} // namespace rnnscope::nn
