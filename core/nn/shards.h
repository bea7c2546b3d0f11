#pragma once

#include <cstdint>
#include <functional>

namespace rnnscope::nn {

using ShardWork = std::function<void(std::int64_t first, std::int64_t count, int shard)>;

/// Cuts `examples` into at most `threads` stretches and works on each on a thread of its own, with single-threaded
/// products, as batchGradient() does. Waits; what a stretch throws is thrown here. Guards of Torch (gradients off)
/// belong into `work`: they are per thread.
void forShards(std::int64_t examples, int threads, const ShardWork& work);

} // namespace rnnscope::nn
