#pragma once

#include "core/nn/buffer_pool.h"
#include "core/rnn/packed_matrix.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace rnnscope::nn {

/// Rows of floats, `stride` apart.
struct Rows
{
    float* first = nullptr;
    std::int64_t stride = 0;
};

/// `count` matrices of one size in one piece of the pool's memory.
std::vector<rnn::PackedMatrix> packedMatrices(std::int64_t count, std::int64_t rows, std::int64_t columns,
                                              BufferPool& pool);

struct LstmTapeShape
{
    std::int64_t steps = 0;
    std::int64_t groups = 1; ///< each with its own weights
    std::int64_t rows = 0; ///< sequences a group
    std::int64_t inputs = 0;
    std::int64_t hidden = 0;
    bool inputGradients = true;
    bool backward = true; ///< backward() will be called
    bool equalStart = false; ///< all rows of the first step have the same input: worked on as one (one group)
};

/// All steps of one LSTM layer, recorded for backpropagation through time written out by hand: two products and two
/// passes over the gates a step, and one product over all steps for the weights' gradients. Starts from zero state.
/// PyTorch's equations and gate order; float32 on the CPU.
class LstmTape
{
public:
    /// Of every group: [groups, 4 H, inputs], [groups, 4 H, H], [groups, 4 H], the sum of both biases.
    struct Weights
    {
        at::Tensor input;
        at::Tensor hidden;
        at::Tensor bias;
    };
    /// Where forward() puts hidden state, plus input if `residual`.
    struct Output
    {
        Rows rows;
        bool residual = false;
    };

    LstmTape(const LstmTapeShape& shape, const Weights& weights, BufferPool& pool);

    /// To be filled in before forward(step): [groups rows, inputs]
    Rows input(std::int64_t step) const;
    /// Inputs of all steps, [steps, groups rows, inputs], a view.
    at::Tensor inputs() const;
    /// `start` [groups rows, 4 H] replaces the bias where it is defined.
    void forward(std::int64_t step, const Output& output, const at::Tensor& start = {});

    /// From the last step to the first. `output`: the gradient of what forward() put out, without the residual; null
    /// where there is none. Overwrites what forward() recorded, and with equalStart the rows of `output`, which it adds
    /// up.
    void backward(std::int64_t step, const Rows& output);
    /// Of backward()'s step, [groups rows, inputs]; the caller may add to it. With equalStart the first row of the
    /// first step has what belongs to all rows, the others have zeros.
    Rows inputGradient() const;

    /// After backward(0): gradients of the gates before their non-linearity, [steps, groups rows, 4 H].
    const at::Tensor& gateGradients() const { return m_gates; }
    /// After backward(0), for one group: [4 H, inputs], [4 H, H], [4 H].
    Weights gradients(BufferPool& pool) const;

private:
    std::int64_t allRows() const { return m_shape.groups * m_shape.rows; }
    std::int64_t width() const { return m_shape.hidden + m_shape.inputs; }
    void pack(const Weights& weights, BufferPool& pool);
    float* at(const at::Tensor& recorded, std::int64_t step) const;
    bool together(std::int64_t step) const { return step == 0 && m_shape.equalStart; }
    void gatherStart(Rows output) const;
    void scatterStart() const;

    LstmTapeShape m_shape;
    at::Tensor m_bias; ///< [groups, 4 H]
    std::vector<rnn::PackedMatrix> m_forward; ///< [H + inputs, 4 H] a group
    std::vector<rnn::PackedMatrix> m_backward; ///< [4 H, H + inputs] a group, or only H
    at::Tensor m_read; ///< [steps, rows, H + inputs]: previous hidden state beside the input
    at::Tensor m_gates; ///< [steps, rows, 4 H]
    at::Tensor m_cell; ///< [steps, rows, H]
    at::Tensor m_tanhCell; ///< [steps, rows, H]
    at::Tensor m_readGradient; ///< [rows, H + inputs]
    at::Tensor m_cellGradient; ///< [rows, H]
};

} // namespace rnnscope::nn
