#pragma once

#include "core/nn/mlp.h"
#include "core/nn/module.h"

namespace rnnscope::nn {

/// All parameters in order through an MLP. Herrmann et al. 2024, section 4; reference README 17.
class FlatEncoder : public EncoderModule
{
public:
    explicit FlatEncoder(const zoo::EncoderConfig& config);
    torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn, ProbingTrace* trace) override;
    std::size_t bytesPerNetwork(const zoo::Architecture& rnn) const override;
    void pack() override { m_mlp->pack(); }

private:
    std::shared_ptr<Mlp> m_mlp;
};

} // namespace rnnscope::nn
