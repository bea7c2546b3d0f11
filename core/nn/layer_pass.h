#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>

namespace rnnscope::nn {

/// One recurrent layer of G networks, each with its own weights, on D sequences of T steps each from zero state. The
/// backward pass is written out by hand: what of it does not go from step to step is done for all steps at once, which
/// leaves five operations a step of an LSTM. PyTorch's equations and gate orders.
class LayerPass
{
public:
    /// Weights or their gradients, [G, rows, columns], views into flat parameters.
    struct Tensors
    {
        at::Tensor inputWeight; ///< [G, gates H, in]
        at::Tensor hiddenWeight; ///< [G, gates H, H]
        at::Tensor inputBias; ///< [G, gates H, 1]; undefined in networks without biases
        at::Tensor hiddenBias; ///< as inputBias
    };

    LayerPass(zoo::Cell cell, Tensors weights);

    /// [G, T, D, in] without gaps -> hidden states [G, T, D, H].
    const at::Tensor& forward(const at::Tensor& inputs);
    /// Fills `gradients`. Takes the gradient of forward()'s result and overwrites it. Once after each forward().
    void backward(at::Tensor& hiddenGradient, const Tensors& gradients);
    /// After backward(): [G, T, D, in].
    at::Tensor inputGradient() const;

private:
    void lstmForward();
    void gruForward();
    void plainForward();
    void lstmBackward(at::Tensor& hiddenGradient);
    void gruBackward(at::Tensor& hiddenGradient);
    void plainBackward(at::Tensor& hiddenGradient);
    at::Tensor part(const at::Tensor& gates, std::int64_t first, std::int64_t count = 1) const;

    zoo::Cell m_cell;
    Tensors m_weights;
    std::int64_t m_size; ///< H
    std::int64_t m_steps = 0; ///< T
    at::Tensor m_inputs; ///< [G, T, D, in]
    at::Tensor m_gates; ///< [G, T, D, gates H]; after backward() their gradient before the non-linearity
    at::Tensor m_hiddenGates; ///< GRU: the hidden state's part of them. Else undefined
    at::Tensor m_hidden; ///< [G, T, D, H]
    at::Tensor m_state; ///< LSTM: cell state
    at::Tensor m_tanhState; ///< LSTM
};

} // namespace rnnscope::nn
