#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace rnnscope::nn {

/// What G networks learn from, float32 without gaps.
struct GroupBatch
{
    at::Tensor tokens; ///< [G, T, D], as floats; undefined where there are features
    at::Tensor features; ///< [G, T, D, I]
    at::Tensor targets; ///< [G, T, D, O]

    GroupBatch narrow(std::int64_t first, std::int64_t count) const;
};

/// The gradient of every network's own loss, -sum target log softmax(logits), by batched products: no graph, nothing
/// that waits for the device. `parameters` [G, P], all on one device; into `gradient` [G, P].
void groupGradient(const zoo::Architecture& architecture, const at::Tensor& parameters, const GroupBatch& batch,
                   const at::Tensor& gradient);

} // namespace rnnscope::nn
