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
    torch::Tensor inputs; ///< [N, T, Q, I], after softmax or sigmoid
    torch::Tensor outputs; ///< [N, T, Q, O], logits
};

/// Weights -> raw embedding. Registered names equal the authors' state_dict keys. Differentiable.
class EncoderModule : public torch::nn::Module
{
public:
    /// `parameters` [N, P] of networks shaped `rnn` -> [N, D], before the norm. `trace` may be null; encoders without
    /// probes leave it alone. The caller has asked zoo::checkFits.
    virtual torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                  ProbingTrace* trace = nullptr)
        = 0;

    /// About how many bytes a network of a batch needs for intermediate results without gradients, its own parameters
    /// included: for choosing the batch.
    virtual std::size_t bytesPerNetwork(const zoo::Architecture& rnn) const = 0;
    /// The weights stay as they are from here on: arranges them for products on the CPU. Otherwise nothing changes.
    virtual void pack() { }
    /// Frees what is kept from one batch to the next.
    virtual void releaseBuffers() { }
};

struct ModuleOptions
{
    /// Of the parameter transformer while training; the authors have 0.1 whatever their options say.
    double transformerDropout = 0.1;
};

/// A fresh encoder with the authors' random initialisation (torch's default generator), in training mode. BadValue
/// when the config cannot be built.
Result<std::shared_ptr<EncoderModule>> makeEncoderModule(const zoo::EncoderConfig& config,
                                                         const ModuleOptions& options = {});

/// The encoder of a checkpoint, in evaluation mode. A config that asks for far more weights than `state` has is refused
/// before anything is allocated; otherwise as loadState().
Result<std::shared_ptr<EncoderModule>> loadEncoderModule(const zoo::EncoderConfig& config, const zoo::State& state);

/// raw / Euclidean norm, without an epsilon.
torch::Tensor normalized(const torch::Tensor& raw);

/// Copies every tensor of `state` into the parameter or buffer of that name. ShapeMismatch names the first tensor that
/// is missing, unknown or of another shape; the module is then unchanged.
Result<void> loadState(torch::nn::Module& module, const zoo::State& state);
/// Every parameter and buffer, on the CPU, float32.
zoo::State saveState(const torch::nn::Module& module);

} // namespace rnnscope::nn
