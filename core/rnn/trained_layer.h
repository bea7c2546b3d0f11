#pragma once

#include "core/rnn/aligned_floats.h"
#include "core/rnn/packed_matrix.h"
#include "core/rnn/prefix_batch.h"
#include "core/rnn/rnn.h"

#include <span>

namespace rnnscope::rnn {

/// One recurrent layer on the nodes of a batch, forward and backward. Works in memory of its own that grows with the
/// batch and is used again.
class TrainedLayer
{
public:
    /// The layer's weights start at `offset` of a flat vector [P]: weight_ih, weight_hh, bias_ih, bias_hh.
    TrainedLayer(const Shape& shape, std::size_t inputs, std::size_t offset, const Kernels& kernels);

    /// How many of the [P] are this layer's.
    std::size_t parameterCount() const;
    /// Takes over the weights; before forward() whenever they have changed.
    void pack(std::span<const float> parameters);
    /// Hidden states of all nodes. `x`: [nodes, inputs]; null where the batch's tokens are the input.
    void forward(const PrefixBatch& batch, const float* x);
    const float* hidden() const { return m_hidden.data(); } ///< [nodes, H]
    /// [nodes, H]: the caller puts the gradient that comes from above here, before backward(), which changes it.
    float* hiddenGradient() { return m_hiddenGradient.data(); }
    /// After forward() with the same batch and `x`: writes this layer's part of `gradient` [P] and, unless it is null,
    /// the inputs' gradient [nodes, inputs].
    void backward(const PrefixBatch& batch, const float* x, std::span<float> gradient, float* inputGradient);

private:
    void resize(std::size_t nodes);
    void projectInputs(const PrefixBatch& batch, const float* x);
    void gather(const PrefixBatch& batch, std::size_t t);
    void forwardStep(const PrefixBatch& batch, std::size_t t);
    void backwardStep(const PrefixBatch& batch, std::size_t t);
    void propagate(const PrefixBatch& batch, std::size_t t);
    void inputWeightGradient(const PrefixBatch& batch, const float* x, std::span<float> gradient);
    void hiddenWeightGradient(const PrefixBatch& batch, std::span<float> gradient);
    void biasGradient(const PrefixBatch& batch, const float* x, std::span<float> gradient);
    bool isLstm() const { return m_shape.cell == Cell::Lstm; }
    bool isGru() const { return m_shape.cell == Cell::Gru; }

    const Kernels* m_kernels;
    Shape m_shape;
    std::ptrdiff_t m_inputs = 0;
    std::ptrdiff_t m_units = 0; ///< H
    std::ptrdiff_t m_rows = 0; ///< of the weight matrices: gates * H
    std::ptrdiff_t m_stride = 0; ///< of a node's gates; GRU: a 4th block for the hidden part of n
    std::size_t m_offset = 0;

    PackedMatrix m_inputForward, m_hiddenForward; ///< transposed: [inputs, rows], [H, rows]
    PackedMatrix m_inputBackward, m_hiddenBackward; ///< [rows, inputs], [rows, H]
    AlignedFloats m_bias; ///< [rows]: what the inputs' sums begin with
    AlignedFloats m_hiddenBias; ///< [rows], GRU only
    AlignedFloats m_tokenRows; ///< [inputs, rows]: weight_ih transposed, with the bias; then their gradients

    AlignedFloats m_gates; ///< [nodes, stride]
    AlignedFloats m_hidden, m_previous, m_hiddenGradient; ///< [nodes, H]; previous: of each node's parent
    AlignedFloats m_cell, m_previousCell, m_tanhCell, m_cellGradient; ///< [nodes, H]; LSTM only
    AlignedFloats m_step; ///< [nodes of a step, max(rows, H)]
    AlignedFloats m_sums; ///< [stride]
};

} // namespace rnnscope::rnn
