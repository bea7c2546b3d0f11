#pragma once

#include "core/rnn/aligned_floats.h"

#include <cstddef>
#include <span>
#include <vector>

namespace rnnscope::rnn {

enum class Cell { Lstm, Gru, RnnTanh, RnnRelu };

/// Stacked recurrent layers and a linear read-out at every step, as in zoo::Architecture. All sizes positive.
struct Shape
{
    Cell cell = Cell::Lstm;
    std::size_t inputSize = 0;
    std::size_t hiddenSize = 0;
    std::size_t numLayers = 0;
    std::size_t outputSize = 0;
    bool bias = true; ///< bias_ih and bias_hh; the read-out always has one

    /// Gate blocks stacked in a weight matrix: LSTM 4 (i, f, g, o), GRU 3 (r, z, n), plain RNN 1.
    std::size_t gates() const;
    /// P, the length of a flat parameter vector.
    std::size_t parameterCount() const;
};

/// What Q sequences of one network carry from step to step. Made by Rnn::zeroState().
class RnnState
{
public:
    RnnState(const Shape& shape, std::size_t sequences);

    std::size_t sequences() const { return m_sequences; }
    /// [H] of one sequence.
    std::span<float> hidden(std::size_t layer, std::size_t sequence);
    /// [H] of one sequence; LSTM only.
    std::span<float> cell(std::size_t layer, std::size_t sequence);
    /// Back to zero, so that another sequence can start there.
    void reset(std::size_t sequence);

private:
    friend class Rnn;

    std::size_t m_sequences = 0;
    std::size_t m_units = 0;
    std::size_t m_stride = 0; ///< units, rounded up to whole vectors
    std::vector<AlignedFloats> m_hidden; ///< per layer [Q, stride]
    std::vector<AlignedFloats> m_cell; ///< the same; LSTM only
    AlignedFloats m_next; ///< a layer's new hidden state while the old one is still read
    AlignedFloats m_logits; ///< [Q, outputs rounded up to whole vectors]
};

/// One network's weights, packed for running many sequences at once on one core. float32; a sequence gives the same
/// bits alone, in any batch and at any place in it. The AVX2 and the plain kernel differ in the last bits.
class Rnn
{
public:
    /// `parameters` [P] in PyTorch's order: per layer weight_ih, weight_hh, bias_ih, bias_hh; then linear.weight,
    /// linear.bias; each row-major.
    Rnn(const Shape& shape, std::span<const float> parameters);

    const Shape& shape() const { return m_shape; }
    RnnState zeroState(std::size_t sequences) const { return {m_shape, sequences}; }
    /// One step of all sequences: inputs [Q, I] -> logits [Q, O].
    void step(std::span<const float> inputs, RnnState& state, std::span<float> logits) const;
    /// The same for one-hot inputs: tokens [Q], each from 0 to I - 1.
    void step(std::span<const int> tokens, RnnState& state, std::span<float> logits) const;

private:
    struct Layer
    {
        std::size_t inputs = 0;
        AlignedFloats inputWeight; ///< [blocks of 8 units, inputs, gates, 8]
        AlignedFloats hiddenWeight; ///< [blocks of 8 units, H, gates, 8]
        AlignedFloats bias; ///< [blocks of 8 units, rows, 8]: what the cell sums, see step_kernel.h
    };

    void stepFrom(const float* inputs, const int* tokens, RnnState& state, std::span<float> logits) const;
    void readOut(RnnState& state, std::span<float> logits) const;

    Shape m_shape;
    std::vector<Layer> m_layers;
    Layer m_readOut;
};

} // namespace rnnscope::rnn
