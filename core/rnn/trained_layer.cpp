#include "core/rnn/trained_layer.h"

#include <algorithm>

namespace rnnscope::rnn {

namespace {

/// Sizes as the kernels count.
std::ptrdiff_t signedSize(std::size_t n)
{
    return static_cast<std::ptrdiff_t>(n);
}

void grow(AlignedFloats& values, std::ptrdiff_t size)
{
    if (signedSize(values.size()) < size)
        values.resize(static_cast<std::size_t>(size));
}

/// Nodes of one step, and where they are among all.
struct Nodes
{
    Nodes(const PrefixBatch& batch, std::size_t t)
        : first(batch.first[t])
        , count(signedSize(batch.first[t + 1]) - first)
    {
    }
    std::ptrdiff_t first;
    std::ptrdiff_t count;
};

/// Whether every node of step t continues a node of its own.
bool oneChildEach(const PrefixBatch& batch, std::size_t t)
{
    return t > 0 && Nodes(batch, t).count == Nodes(batch, t - 1).count;
}

} // namespace

TrainedLayer::TrainedLayer(const Shape& shape, std::size_t inputs, std::size_t offset, const Kernels& kernels)
    : m_kernels(&kernels)
    , m_shape(shape)
    , m_inputs(signedSize(inputs))
    , m_units(signedSize(shape.hiddenSize))
    , m_rows(signedSize(shape.gates() * shape.hiddenSize))
    , m_stride(shape.cell == Cell::Gru ? m_rows + m_units : m_rows)
    , m_offset(offset)
    , m_inputForward(m_inputs, m_rows, kernels)
    , m_hiddenForward(m_units, m_rows, kernels)
    , m_inputBackward(m_rows, m_inputs, kernels)
    , m_hiddenBackward(m_rows, m_units, kernels)
    , m_bias(static_cast<std::size_t>(m_rows))
    , m_hiddenBias(static_cast<std::size_t>(m_rows))
    , m_tokenRows(static_cast<std::size_t>(m_inputs * m_rows))
    , m_sums(static_cast<std::size_t>(m_stride))
{
}

std::size_t TrainedLayer::parameterCount() const
{
    return static_cast<std::size_t>(m_rows * (m_inputs + m_units + (m_shape.bias ? 2 : 0)));
}

void TrainedLayer::pack(std::span<const float> parameters)
{
    const float* const inputWeight = parameters.data() + m_offset;
    const float* const hiddenWeight = inputWeight + m_rows * m_inputs;
    m_inputForward.set(0, m_inputs, 0, m_rows, inputWeight, 1, m_inputs);
    m_hiddenForward.set(0, m_units, 0, m_rows, hiddenWeight, 1, m_units);
    m_inputBackward.set(0, m_rows, 0, m_inputs, inputWeight, m_inputs, 1);
    m_hiddenBackward.set(0, m_rows, 0, m_units, hiddenWeight, m_units, 1);
    if (m_shape.bias) {
        const float* const bias = hiddenWeight + m_rows * m_units;
        for (std::ptrdiff_t row = 0; row < m_rows; ++row) {
            m_bias[row] = bias[row] + (isGru() ? 0.0F : bias[m_rows + row]);
            m_hiddenBias[row] = isGru() ? bias[m_rows + row] : 0.0F;
        }
    }
    for (std::ptrdiff_t token = 0; token < m_inputs; ++token)
        for (std::ptrdiff_t row = 0; row < m_rows; ++row)
            m_tokenRows[token * m_rows + row] = inputWeight[row * m_inputs + token] + m_bias[row];
}

void TrainedLayer::resize(std::size_t nodes)
{
    const std::ptrdiff_t states = signedSize(nodes) * m_units;
    grow(m_gates, signedSize(nodes) * m_stride);
    for (AlignedFloats* values : {&m_hidden, &m_previous, &m_hiddenGradient})
        grow(*values, states);
    if (isLstm())
        for (AlignedFloats* values : {&m_cell, &m_previousCell, &m_tanhCell, &m_cellGradient})
            grow(*values, states);
}

void TrainedLayer::projectInputs(const PrefixBatch& batch, const float* x)
{
    if (x == nullptr) {
        for (std::size_t node = 0; node < batch.nodes(); ++node)
            std::copy_n(m_tokenRows.data() + batch.tokens[node] * m_rows, m_rows,
                        m_gates.data() + signedSize(node) * m_stride);
        return;
    }
    Product p = m_inputForward.product();
    p.a = x;
    p.lda = m_inputs;
    p.rows = signedSize(batch.nodes());
    p.init = m_bias.data();
    p.c = m_gates.data();
    p.ldc = m_stride;
    m_inputForward.multiply(p);
}

/// What the nodes of step t > 0 begin with: their parents' states.
void TrainedLayer::gather(const PrefixBatch& batch, std::size_t t)
{
    for (std::size_t node = batch.first[t]; node < batch.first[t + 1]; ++node) {
        const std::ptrdiff_t to = signedSize(node) * m_units;
        const std::ptrdiff_t from = signedSize(batch.parent[node]) * m_units;
        std::copy_n(m_hidden.data() + from, m_units, m_previous.data() + to);
        if (isLstm())
            std::copy_n(m_cell.data() + from, m_units, m_previousCell.data() + to);
    }
}

void TrainedLayer::forward(const PrefixBatch& batch, const float* x)
{
    resize(batch.nodes());
    projectInputs(batch, x);
    for (std::size_t t = 0; t < batch.steps(); ++t)
        forwardStep(batch, t);
}

void TrainedLayer::forwardStep(const PrefixBatch& batch, std::size_t t)
{
    const Nodes nodes(batch, t);
    const std::ptrdiff_t states = nodes.first * m_units;
    float* const gates = m_gates.data() + nodes.first * m_stride;
    const float* const previous = t > 0 ? m_previous.data() + states : nullptr;
    Product p = m_hiddenForward.product();
    p.a = previous;
    p.lda = m_units;
    p.rows = nodes.count;
    p.c = gates;
    p.ldc = m_stride;
    p.init = gates;
    p.ldInit = m_stride;
    if (isGru()) {
        grow(m_step, nodes.count * m_rows);
        p.c = m_step.data();
        p.ldc = m_rows;
        p.init = m_hiddenBias.data();
        p.ldInit = 0;
    }
    if (t > 0) {
        gather(batch, t);
        m_hiddenForward.multiply(p);
    } else if (isGru()) {
        for (std::ptrdiff_t row = 0; row < nodes.count; ++row)
            std::copy_n(m_hiddenBias.data(), m_rows, m_step.data() + row * m_rows);
    }
    float* const hidden = m_hidden.data() + states;
    switch (m_shape.cell) {
    case Cell::Lstm:
        m_kernels->lstmForward({.rows = nodes.count,
                                .hidden = m_units,
                                .gates = gates,
                                .ldGates = m_stride,
                                .previousCell = t > 0 ? m_previousCell.data() + states : nullptr,
                                .cell = m_cell.data() + states,
                                .tanhCell = m_tanhCell.data() + states,
                                .next = hidden,
                                .ldNext = m_units});
        break;
    case Cell::Gru:
        m_kernels->gruForward({.rows = nodes.count,
                               .hidden = m_units,
                               .gates = gates,
                               .ldGates = m_stride,
                               .recurrent = m_step.data(),
                               .previous = previous,
                               .next = hidden});
        break;
    case Cell::RnnTanh:
        std::copy_n(gates, nodes.count * m_units, hidden);
        m_kernels->tanh(hidden, nodes.count * m_units);
        break;
    case Cell::RnnRelu:
        for (std::ptrdiff_t i = 0; i < nodes.count * m_units; ++i)
            hidden[i] = gates[i] < 0.0F ? 0.0F : gates[i]; // NaN stays NaN
        break;
    }
}

void TrainedLayer::backward(const PrefixBatch& batch, const float* x, std::span<float> gradient, float* inputGradient)
{
    if (isLstm())
        std::fill_n(m_cellGradient.data(), signedSize(batch.nodes()) * m_units, 0.0F);
    for (std::size_t t = batch.steps(); t-- > 0;) {
        backwardStep(batch, t);
        if (t > 0)
            propagate(batch, t);
    }
    if (inputGradient != nullptr) {
        Product p = m_inputBackward.product();
        p.a = m_gates.data();
        p.lda = m_stride;
        p.rows = signedSize(batch.nodes());
        p.c = inputGradient;
        p.ldc = m_inputs;
        m_inputBackward.multiply(p);
    }
    inputWeightGradient(batch, x, gradient);
    hiddenWeightGradient(batch, gradient);
    biasGradient(batch, x, gradient);
}

/// From the hidden states of step t to its gates and, for LSTMs, the cells before.
void TrainedLayer::backwardStep(const PrefixBatch& batch, std::size_t t)
{
    const Nodes nodes(batch, t);
    const std::ptrdiff_t states = nodes.first * m_units;
    float* const gates = m_gates.data() + nodes.first * m_stride;
    const float* const out = m_hiddenGradient.data() + states;
    const float* const hidden = m_hidden.data() + states;
    switch (m_shape.cell) {
    case Cell::Lstm:
        m_kernels->lstmBackward({.rows = nodes.count,
                                 .hidden = m_units,
                                 .gates = gates,
                                 .ldGates = m_stride,
                                 .previousCell = t > 0 ? m_previousCell.data() + states : nullptr,
                                 .tanhCell = m_tanhCell.data() + states,
                                 .outGradient = out,
                                 .ldOut = m_units,
                                 .cellGradient = m_cellGradient.data() + states});
        break;
    case Cell::Gru:
        grow(m_step, nodes.count * m_units);
        m_kernels->gruBackward({.rows = nodes.count,
                                .hidden = m_units,
                                .gates = gates,
                                .ldGates = m_stride,
                                .previous = t > 0 ? m_previous.data() + states : nullptr,
                                .outGradient = out,
                                .previousGradient = m_step.data()});
        break;
    case Cell::RnnTanh:
        for (std::ptrdiff_t i = 0; i < nodes.count * m_units; ++i)
            gates[i] = out[i] * (1.0F - hidden[i] * hidden[i]);
        break;
    case Cell::RnnRelu:
        for (std::ptrdiff_t i = 0; i < nodes.count * m_units; ++i)
            gates[i] = hidden[i] > 0.0F ? out[i] : 0.0F;
        break;
    }
}

/// From the gates of step t > 0 to the hidden states and cells of step t - 1.
void TrainedLayer::propagate(const PrefixBatch& batch, std::size_t t)
{
    const Nodes nodes(batch, t);
    const bool straight = oneChildEach(batch, t) && !isGru();
    grow(m_step, nodes.count * m_units);
    float* const target = straight ? m_hiddenGradient.data() + Nodes(batch, t - 1).first * m_units : m_step.data();
    Product p = m_hiddenBackward.product();
    p.a = m_gates.data() + nodes.first * m_stride;
    p.lda = m_stride;
    p.rows = nodes.count;
    p.c = target;
    p.ldc = m_units;
    p.init = straight || isGru() ? target : nullptr;
    p.ldInit = m_units;
    if (isGru()) { // r and z, then the hidden part of n
        p.k = 2 * m_units;
        m_hiddenBackward.multiply(p);
        p.a += 3 * m_units;
        p.firstRow = 2 * m_units;
        p.k = m_units;
    }
    m_hiddenBackward.multiply(p);
    for (std::ptrdiff_t i = 0; i < nodes.count; ++i) {
        const std::ptrdiff_t parent = batch.parent[static_cast<std::size_t>(nodes.first + i)] * m_units;
        const auto add = [&](const float* from, float* to) {
            for (std::ptrdiff_t j = 0; j < m_units; ++j)
                to[j] += from[j];
        };
        if (!straight)
            add(m_step.data() + i * m_units, m_hiddenGradient.data() + parent);
        if (isLstm())
            add(m_cellGradient.data() + (nodes.first + i) * m_units, m_cellGradient.data() + parent);
    }
}

void TrainedLayer::inputWeightGradient(const PrefixBatch& batch, const float* x, std::span<float> gradient)
{
    float* const out = gradient.data() + m_offset;
    if (x != nullptr) {
        m_kernels->multiplyTransposed({.a = m_gates.data(),
                                       .lda = m_stride,
                                       .rows = m_rows,
                                       .b = x,
                                       .ldb = m_inputs,
                                       .columns = m_inputs,
                                       .k = signedSize(batch.nodes()),
                                       .c = out,
                                       .ldc = m_inputs});
        return;
    }
    std::ranges::fill(m_tokenRows, 0.0F);
    for (std::size_t node = 0; node < batch.nodes(); ++node)
        m_kernels->addRows(m_gates.data() + signedSize(node) * m_stride, 0, 1, m_rows,
                           m_tokenRows.data() + batch.tokens[node] * m_rows);
    for (std::ptrdiff_t row = 0; row < m_rows; ++row)
        for (std::ptrdiff_t token = 0; token < m_inputs; ++token)
            out[row * m_inputs + token] = m_tokenRows[token * m_rows + row];
}

void TrainedLayer::hiddenWeightGradient(const PrefixBatch& batch, std::span<float> gradient)
{
    float* const out = gradient.data() + m_offset + m_rows * m_inputs;
    const std::ptrdiff_t first = batch.first[1]; // nothing comes before the first step
    const auto product = [&](std::ptrdiff_t from, std::ptrdiff_t rows, float* to) {
        m_kernels->multiplyTransposed({.a = m_gates.data() + first * m_stride + from,
                                       .lda = m_stride,
                                       .rows = rows,
                                       .b = m_previous.data() + first * m_units,
                                       .ldb = m_units,
                                       .columns = m_units,
                                       .k = signedSize(batch.nodes()) - first,
                                       .c = to,
                                       .ldc = m_units});
    };
    product(0, isGru() ? 2 * m_units : m_rows, out);
    if (isGru())
        product(3 * m_units, m_units, out + 2 * m_units * m_units);
}

void TrainedLayer::biasGradient(const PrefixBatch& batch, const float* x, std::span<float> gradient)
{
    if (!m_shape.bias)
        return;
    std::ranges::fill(m_sums, 0.0F);
    if (x == nullptr && !isGru()) // summed by their tokens already
        m_kernels->addRows(m_tokenRows.data(), m_rows, m_inputs, m_rows, m_sums.data());
    else
        m_kernels->addRows(m_gates.data(), m_stride, signedSize(batch.nodes()), m_stride, m_sums.data());
    float* const bias = gradient.data() + m_offset + m_rows * (m_inputs + m_units);
    std::copy_n(m_sums.data(), m_rows, bias);
    std::copy_n(m_sums.data(), m_rows, bias + m_rows);
    if (isGru())
        std::copy_n(m_sums.data() + 3 * m_units, m_units, bias + m_rows + 2 * m_units);
}

} // namespace rnnscope::rnn
