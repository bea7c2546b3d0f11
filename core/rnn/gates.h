#pragma once

#include "core/rnn/rnn.h"

#include <cstddef>
#include <span>
#include <vector>

namespace rnnscope::rnn {

/// What the gates of a network let through, from its weights as PyTorch stores them: to look at, not to run by. The
/// states come from Rnn, whose kernels keep no gates.
class Gates
{
public:
    /// `parameters` [P] as for Rnn.
    Gates(const Shape& shape, std::span<const float> parameters);
    Gates(Gates&&) = default; ///< a copy would look at the weights of the first

    /// [G, H] of one sequence in one step, from what the layer reads (the input [I], above it the new hidden state [H]
    /// of the layer below) and its hidden state [H] before. LSTM: input, forget, cell candidate, output; GRU: reset,
    /// update, new; plain RNN: its new state.
    void at(std::size_t layer, std::span<const float> x, std::span<const float> hidden, std::span<float> gates) const;

private:
    struct Layer
    {
        std::span<const float> inputWeight; ///< [G * H, inputs]
        std::span<const float> hiddenWeight; ///< [G * H, H]
        std::span<const float> inputBias; ///< [G * H]; empty without biases
        std::span<const float> hiddenBias;
    };

    Shape m_shape;
    std::vector<float> m_parameters; ///< which the layers look at
    std::vector<Layer> m_layers;
};

} // namespace rnnscope::rnn
