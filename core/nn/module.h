#pragma once

#include "core/base/result.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/encoder_config.h"

#include <torch/nn/module.h>

#include <memory>

namespace rnnscope::nn {

/// Probes and answers of one forward pass.
struct ProbingTrace
{
    torch::Tensor inputs; ///< [N, T, Q, I]
    torch::Tensor outputs; ///< [N, T, Q, O]
};

/// Weights -> raw embedding. Registered names equal the authors' state_dict keys. Differentiable.
class EncoderModule : public torch::nn::Module
{
public:
    /// `parameters` [N, P] of networks shaped `rnn` -> [N, D], before the norm. `trace` may be null; encoders without
    /// probes leave it alone.
    virtual torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                  ProbingTrace* trace = nullptr)
        = 0;
};

/// A fresh encoder with the authors' random initialisation (torch's default generator), in training mode.
Result<std::shared_ptr<EncoderModule>> makeEncoderModule(const zoo::EncoderConfig& config);

/// raw / Euclidean norm, without an epsilon.
torch::Tensor normalized(const torch::Tensor& raw);

/// Copies every tensor of `state` into the parameter or buffer of that name. ShapeMismatch names the first tensor that
/// is missing, unknown or of another shape.
Result<void> loadState(torch::nn::Module& module, const zoo::State& state);
/// Every parameter and buffer, on the CPU, float32.
zoo::State saveState(const torch::nn::Module& module);

} // namespace rnnscope::nn
