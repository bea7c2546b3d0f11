#pragma once

#include "core/nn/probing_tape.h"

#include <memory>

namespace rnnscope::nn {

/// LSTM core and networks, float32 on the CPU, recorded by autograd, no dropout, `parameters` without gradient: what
/// probedCoreOutput() is for.
bool canProbeFused(const zoo::EncoderConfig& config, const ProbingWeights& weights, const zoo::Architecture& rnn,
                   const at::Tensor& parameters);

/// The roll-out as one node of the graph -> the core's last output, [N, core]. Differentiable once.
at::Tensor probedCoreOutput(const zoo::EncoderConfig& config, const ProbingWeights& weights,
                            const zoo::Architecture& rnn, const at::Tensor& parameters,
                            const std::shared_ptr<BufferPool>& pool);

} // namespace rnnscope::nn
