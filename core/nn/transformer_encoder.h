#pragma once

#include "core/nn/module.h"
#include "core/nn/transformer_layer.h"

#include <torch/nn/modules/linear.h>

#include <vector>

namespace rnnscope::nn {

/// One token per row of [weight, bias] of every matrix, through a transformer; the embedding is made from a learned
/// last token. Herrmann et al. 2024, section 4; reference README 19.
class TransformerEncoder : public EncoderModule
{
public:
    TransformerEncoder(const zoo::EncoderConfig& config, double dropout);
    torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn, ProbingTrace* trace) override;
    std::size_t bytesPerNetwork(const zoo::Architecture& rnn) const override;

private:
    /// [N, S, d] with the learned token last and positions added
    torch::Tensor tokens(const torch::Tensor& parameters, const zoo::Architecture& rnn);

    int m_size;
    torch::Tensor m_compressionToken; ///< [1, 1, d]
    torch::Tensor m_positions; ///< [1, S, d]
    std::vector<torch::nn::Linear> m_inputs; ///< one a matrix
    std::vector<std::shared_ptr<TransformerLayer>> m_layers;
    torch::nn::Linear m_output {nullptr};
};

} // namespace rnnscope::nn
