#pragma once

#include "core/nn/dwsnet_layer.h"
#include "core/nn/mlp.h"
#include "core/nn/module.h"

#include <vector>

namespace rnnscope::nn {

/// Permutation-equivariant layers over the weights, with the gates as channels, then a mean over units and an MLP.
/// Navon et al. 2023, for RNNs by Herrmann et al. 2024, section 4.
class DwsNetEncoder : public EncoderModule
{
public:
    explicit DwsNetEncoder(const zoo::EncoderConfig& config);
    torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn, ProbingTrace* trace) override;
    std::size_t bytesPerNetwork(const zoo::Architecture& rnn) const override;
    void pack() override;

private:
    torch::Tensor embed(const torch::Tensor& parameters, const zoo::Architecture& rnn);

    std::size_t m_widest = 0; ///< channels
    std::vector<std::shared_ptr<DwsNetLayer>> m_layers;
    std::shared_ptr<Mlp> m_mlp;
};

} // namespace rnnscope::nn
