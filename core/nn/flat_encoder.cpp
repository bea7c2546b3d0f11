#include "core/nn/flat_encoder.h"

namespace rnnscope::nn {

FlatEncoder::FlatEncoder(const zoo::EncoderConfig& config)
{
    m_mlp = register_module("mlp_model",
                            std::make_shared<Mlp>(MlpOptions {
                                .in = static_cast<std::int64_t>(config.rnn.parameterCount()),
                                .hidden = config.mlpHiddenSizes,
                                .out = config.embeddingSize,
                            }));
}

torch::Tensor FlatEncoder::forward(const torch::Tensor& parameters, const zoo::Architecture& /*rnn*/,
                                   ProbingTrace* /*trace*/)
{
    return m_mlp->forward(parameters);
}

std::size_t FlatEncoder::bytesPerNetwork(const zoo::Architecture& rnn) const
{
    constexpr std::size_t kHidden = 4096;
    return rnn.parameterCount() * sizeof(float) + kHidden;
}

} // namespace rnnscope::nn
