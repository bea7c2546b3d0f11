#pragma once

#include "core/nn/buffer_pool.h"
#include "core/zoo/checkpoint.h"

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include <memory>
#include <optional>
#include <tuple>

namespace rnnscope::nn {

/// LSTM that imitates a network given only its embedding. Herrmann et al. 2024, section 3; reference README 20.
class Emulator : public torch::nn::Module
{
public:
    using State = std::tuple<torch::Tensor, torch::Tensor>; ///< h, c: [layers, N, hidden]

    Emulator(const zoo::EmulatorConfig& config, std::int64_t embeddingSize, std::int64_t inputSize,
             std::int64_t outputSize);

    /// `embedding` [N, D], `inputs` [N, T, I] -> logits [N, T, O]. With a `state` and onlyConditionBos the embedding is
    /// ignored. `state` is replaced by the last one.
    torch::Tensor forward(const torch::Tensor& embedding, const torch::Tensor& inputs,
                          std::optional<State>* state = nullptr);

    /// The published training starts with the forget gates' input biases at 1.
    void openGates();

private:
    /// The last layer's hidden states [N, T, H], recorded for a backward pass of our own; undefined where it cannot be.
    torch::Tensor fused(const torch::Tensor& embedding, const torch::Tensor& inputs);
    torch::Tensor condition(const torch::Tensor& embedding, const torch::Tensor& projected, bool started);

    zoo::EmulatorConfig m_config;
    torch::nn::Linear m_inputProjection {nullptr};
    torch::nn::Linear m_embeddingProjection {nullptr};
    torch::nn::LSTM m_lstm {nullptr};
    torch::nn::Linear m_outputProjection {nullptr};
    std::shared_ptr<BufferPool> m_pool = std::make_shared<BufferPool>();
};

} // namespace rnnscope::nn
