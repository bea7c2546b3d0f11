#include "core/nn/lstm_tape.h"

#include <ATen/ops/mm.h>

#include <algorithm>
#include <utility>

namespace rnnscope::nn {

std::vector<rnn::PackedMatrix> packedMatrices(std::int64_t count, std::int64_t rows, std::int64_t columns,
                                              BufferPool& pool)
{
    const std::ptrdiff_t size = rnn::PackedMatrix::size(rows, columns);
    const std::shared_ptr<float> all = pool.take(static_cast<std::size_t>(count * size));
    std::vector<rnn::PackedMatrix> matrices;
    for (std::int64_t i = 0; i < count; ++i)
        matrices.emplace_back(rows, columns, std::shared_ptr<float>(all, all.get() + i * size));
    return matrices;
}

LstmTape::LstmTape(const LstmTapeShape& shape, const Weights& weights, BufferPool& pool)
    : m_shape(shape)
    , m_bias(weights.bias.contiguous())
    , m_read(pool.take({shape.steps, allRows(), width()}))
    , m_gates(pool.take({shape.steps, allRows(), 4 * shape.hidden}))
    , m_cell(pool.take({shape.steps, allRows(), shape.hidden}))
    , m_tanhCell(pool.take({shape.steps, allRows(), shape.hidden}))
{
    m_read.select(0, 0).narrow(1, 0, shape.hidden).zero_();
    if (shape.backward) {
        m_readGradient = pool.take({allRows(), width()});
        m_cellGradient = pool.take({allRows(), shape.hidden}).zero_();
    }
    pack(weights, pool);
}

void LstmTape::pack(const Weights& weights, BufferPool& pool)
{
    const std::int64_t hidden = m_shape.hidden;
    const std::int64_t gates = 4 * hidden;
    const std::int64_t inputs = m_shape.inputs;
    const std::int64_t wanted = m_shape.inputGradients ? width() : hidden;
    m_forward = packedMatrices(m_shape.groups, width(), gates, pool);
    m_backward = packedMatrices(m_shape.backward ? m_shape.groups : 0, gates, wanted, pool);
    for (std::int64_t group = 0; group < m_shape.groups; ++group) {
        const at::Tensor input = weights.input[group];
        const at::Tensor recurrent = weights.hidden[group];
        const auto* const fromInput = input.data_ptr<float>();
        const auto* const fromHidden = recurrent.data_ptr<float>();
        rnn::PackedMatrix& forwards = m_forward[static_cast<std::size_t>(group)];
        forwards.set(0, hidden, 0, gates, fromHidden, recurrent.stride(1), recurrent.stride(0));
        forwards.set(hidden, inputs, 0, gates, fromInput, input.stride(1), input.stride(0));
        if (!m_shape.backward)
            continue;
        rnn::PackedMatrix& backwards = m_backward[static_cast<std::size_t>(group)];
        backwards.set(0, gates, 0, hidden, fromHidden, recurrent.stride(0), recurrent.stride(1));
        if (m_shape.inputGradients)
            backwards.set(0, gates, hidden, inputs, fromInput, input.stride(0), input.stride(1));
    }
}

float* LstmTape::at(const at::Tensor& recorded, std::int64_t step) const
{
    return recorded.data_ptr<float>() + step * recorded.stride(0);
}

Rows LstmTape::input(std::int64_t step) const
{
    return {at(m_read, step) + m_shape.hidden, width()};
}

at::Tensor LstmTape::inputs() const
{
    return m_read.narrow(2, m_shape.hidden, m_shape.inputs);
}

void LstmTape::forward(std::int64_t step, const Output& output, const at::Tensor& start)
{
    const std::int64_t gates = 4 * m_shape.hidden;
    const std::int64_t skipped = step == 0 ? m_shape.hidden : 0; // the hidden state is zero
    for (std::int64_t group = 0; group < m_shape.groups; ++group) {
        const rnn::PackedMatrix& matrix = m_forward[static_cast<std::size_t>(group)];
        rnn::Product product = matrix.product();
        product.a = at(m_read, step) + group * m_shape.rows * width() + skipped;
        product.lda = width();
        product.firstRow = skipped;
        product.k = width() - skipped;
        product.init = start.defined() ? start.data_ptr<float>() + group * m_shape.rows * gates
                                       : m_bias.data_ptr<float>() + group * gates;
        product.ldInit = start.defined() ? gates : 0;
        product.c = at(m_gates, step) + group * m_shape.rows * gates;
        product.ldc = gates;
        product.rows = together(step) ? 1 : m_shape.rows;
        matrix.multiply(product);
    }
    if (together(step))
        for (std::int64_t row = 1; row < allRows(); ++row)
            std::copy_n(at(m_gates, step), gates, at(m_gates, step) + row * gates);
    rnn::LstmForward pass;
    pass.rows = allRows();
    pass.hidden = m_shape.hidden;
    pass.gates = at(m_gates, step);
    pass.ldGates = gates;
    pass.previousCell = step > 0 ? at(m_cell, step - 1) : nullptr;
    pass.cell = at(m_cell, step);
    pass.tanhCell = at(m_tanhCell, step);
    pass.next = step + 1 < m_shape.steps ? at(m_read, step + 1) : nullptr;
    pass.ldNext = width();
    pass.residual = output.residual ? input(step).first : nullptr;
    pass.ldResidual = width();
    pass.out = output.rows.first;
    pass.ldOut = output.rows.stride;
    rnn::bestKernels().lstmForward(pass);
}

void LstmTape::backward(std::int64_t step, const Rows& output)
{
    const std::int64_t gates = 4 * m_shape.hidden;
    if (together(step))
        gatherStart(output);
    rnn::LstmBackward pass;
    pass.rows = together(step) ? 1 : allRows();
    pass.hidden = m_shape.hidden;
    pass.gates = at(m_gates, step);
    pass.ldGates = gates;
    pass.previousCell = step > 0 ? at(m_cell, step - 1) : nullptr;
    pass.tanhCell = at(m_tanhCell, step);
    pass.outGradient = output.first;
    pass.ldOut = output.stride;
    pass.nextGradient = step + 1 < m_shape.steps ? m_readGradient.data_ptr<float>() : nullptr;
    pass.ldNext = width();
    pass.cellGradient = m_cellGradient.data_ptr<float>();
    rnn::bestKernels().lstmBackward(pass);
    if (step == 0 && !m_shape.inputGradients)
        return;
    for (std::int64_t group = 0; group < m_shape.groups; ++group) {
        const rnn::PackedMatrix& matrix = m_backward[static_cast<std::size_t>(group)];
        rnn::Product product = matrix.product();
        product.a = at(m_gates, step) + group * m_shape.rows * gates;
        product.lda = gates;
        product.rows = together(step) ? 1 : m_shape.rows;
        product.c = m_readGradient.data_ptr<float>() + group * m_shape.rows * width();
        product.ldc = width();
        matrix.multiply(product);
    }
    if (together(step))
        scatterStart();
}

void LstmTape::gatherStart(Rows output) const
{
    // Rows with the same values have the same derivatives: the gradients can be added before they are multiplied.
    const auto addUp = [this](Rows rows) {
        for (std::int64_t row = 1; row < allRows(); ++row)
            for (std::int64_t i = 0; i < m_shape.hidden; ++i)
                rows.first[i] += std::exchange(rows.first[row * rows.stride + i], 0.0F);
    };
    if (output.first != nullptr)
        addUp(output);
    if (m_shape.steps > 1)
        addUp({m_readGradient.data_ptr<float>(), width()});
    addUp({m_cellGradient.data_ptr<float>(), m_shape.hidden});
}

void LstmTape::scatterStart() const
{
    m_gates.select(0, 0).narrow(0, 1, allRows() - 1).zero_();
    m_readGradient.narrow(0, 1, allRows() - 1).zero_();
}

Rows LstmTape::inputGradient() const
{
    return {m_readGradient.data_ptr<float>() + m_shape.hidden, width()};
}

LstmTape::Weights LstmTape::gradients(BufferPool& pool) const
{
    const std::int64_t count = 4 * m_shape.hidden;
    const at::Tensor gates = m_gates.flatten(0, 1);
    const at::Tensor read = m_read.flatten(0, 1);
    Weights result {pool.take({count, m_shape.inputs}), pool.take({count, m_shape.hidden}), gates.sum(0)};
    at::mm_out(result.input, gates.t(), read.narrow(1, m_shape.hidden, m_shape.inputs));
    // The first step's hidden state is zero.
    const std::int64_t others = (m_shape.steps - 1) * allRows();
    at::mm_out(result.hidden, gates.narrow(0, allRows(), others).t(),
               read.narrow(0, allRows(), others).narrow(1, 0, m_shape.hidden));
    return result;
}

} // namespace rnnscope::nn
