#pragma once

#include "core/base/result.h"
#include "core/zoo/zoo.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>

namespace rnnscope::nn {

/// One recorded sequence of one network.
struct Example
{
    std::size_t row = 0;
    std::size_t sequence = 0;
};

struct TrainingBatch
{
    at::Tensor parameters; ///< [B, P]
    at::Tensor inputs; ///< [B, T', I]; tokens one-hot, without the last one
    at::Tensor logits; ///< [B, T', O]
};

/// A zoo that can be trained on: it has roll-outs and their shape fits its architecture.
Result<void> checkTrainable(const zoo::Zoo& zoo);

/// Tokens are fed as they are stored, as the authors do (reference README 23).
Result<TrainingBatch> readBatch(const zoo::Zoo& zoo, std::span<const Example> examples);

} // namespace rnnscope::nn
