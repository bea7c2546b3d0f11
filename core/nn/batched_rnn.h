#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace rnnscope::nn {

/// Hidden state of N networks with Q sequences each; zero at the start.
struct RnnState
{
    std::vector<at::Tensor> hidden; ///< per layer [N, Q, H]
    std::vector<at::Tensor> cell; ///< per layer [N, Q, H]; LSTM only
};

/// N networks of one architecture, each with its own weights, evaluated at once. Differentiable in the weights and
/// the inputs. PyTorch's equations and gate orders.
class BatchedRnn
{
public:
    /// `parameters` [N, P]
    BatchedRnn(const zoo::Architecture& architecture, const at::Tensor& parameters);

    RnnState zeroState(std::int64_t sequences) const;
    /// One step: `input` [N, Q, I] -> logits [N, Q, O]; advances `state`.
    at::Tensor step(const at::Tensor& input, RnnState& state) const;
    /// Whole sequences: `inputs` [N, Q, T, I] -> logits [N, Q, T, O]; advances `state`. Needs memory for every step.
    at::Tensor forward(const at::Tensor& inputs, RnnState& state) const;

private:
    /// Weights are [N, in, G H], biases [N, 1, G H] and undefined in networks without biases.
    struct Layer
    {
        at::Tensor inputWeight;
        at::Tensor hiddenWeight;
        at::Tensor bothWeights; ///< [N, in + H, G H]: one product a step; not for GRU
        at::Tensor inputBias; ///< the sum of both biases, except for GRU
        at::Tensor hiddenBias; ///< GRU only: its candidate gates the hidden part
    };

    bool gru() const { return m_architecture.cell == zoo::Cell::Gru; }
    at::Tensor stepLayer(std::size_t layer, const at::Tensor& input, RnnState& state) const;
    at::Tensor forwardLayer(std::size_t layer, const at::Tensor& inputs, RnnState& state) const;
    /// `gates` [N, Q, G H] before their non-linearity; `hiddenGates` for GRU only. -> h [N, Q, H]
    at::Tensor activate(std::size_t layer, const at::Tensor& gates, const at::Tensor& hiddenGates,
                        RnnState& state) const;

    zoo::Architecture m_architecture;
    std::int64_t m_networks = 0;
    at::TensorOptions m_options;
    std::vector<Layer> m_layers;
    at::Tensor m_outputWeight; ///< [N, H, O]
    at::Tensor m_outputBias; ///< [N, 1, O]
};

} // namespace rnnscope::nn
