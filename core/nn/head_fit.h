#pragma once

#include "core/base/matrix.h"
#include "core/zoo/checkpoint.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <stop_token>

namespace rnnscope::nn {

/// Embeddings and targets (head_model.h) of the same networks.
struct HeadRows
{
    Matrix inputs; ///< [n, D]
    at::Tensor targets; ///< [n, K]
};

struct FitOptions
{
    std::size_t steps = 1500; ///< at most
    std::size_t batch = 512; ///< rows a step; all of them when there are no more
    std::size_t evaluateEvery = 25; ///< steps
    std::size_t patience = 125; ///< steps without a better validation loss that end the fit
    float learningRate = 3e-3F;
    float weightDecay = 0.01F;
    std::uint64_t seed = 1;
};

/// The state of `head` (as described, head_model.h) fitted to `training` by AdamW and taken from where `validation`
/// (or, without rows, `training`) has the least loss. Inputs are standardised while fitting and the state is that for
/// plain ones. One thread; the same bits on every run and load. Leaves torch's generators alone. Empty when stopped.
zoo::State fitHead(const zoo::Head& head, const HeadRows& training, const HeadRows& validation,
                   const FitOptions& options, const std::stop_token& stop);

} // namespace rnnscope::nn
