#pragma once

#include "core/nn/mlp.h"
#include "core/nn/module.h"

namespace rnnscope::nn {

/// Mean, unbiased variance and quantiles of every parameter tensor, or of all parameters together, through an MLP.
/// Herrmann et al. 2024, section 4; reference README 18.
class StatisticsEncoder : public EncoderModule
{
public:
    explicit StatisticsEncoder(const zoo::EncoderConfig& config);
    torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn, ProbingTrace* trace) override;
    std::size_t bytesPerNetwork(const zoo::Architecture& rnn) const override;

private:
    bool m_perTensor;
    torch::Tensor m_quantiles; ///< probabilities, a buffer
    std::shared_ptr<Mlp> m_mlp;
};

} // namespace rnnscope::nn
