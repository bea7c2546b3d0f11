#include "core/rnn/rnn.h"

#include "core/rnn/step_kernel.h"

#include <algorithm>
#include <cassert>

namespace rnnscope::rnn {

namespace {

std::size_t blocksOf(std::size_t units)
{
    return (units + kLanes - 1) / kLanes;
}

/// The row-major matrix [gates * units, columns] as [blocks, columns, gates, lanes].
AlignedFloats packed(std::span<const float> matrix, std::size_t gates, std::size_t units, std::size_t columns)
{
    AlignedFloats out(blocksOf(units) * columns * gates * kLanes);
    for (std::size_t gate = 0; gate < gates; ++gate)
        for (std::size_t unit = 0; unit < units; ++unit) {
            const float* row = matrix.data() + (gate * units + unit) * columns;
            float* column = out.data() + ((unit / kLanes) * columns * gates + gate) * kLanes + unit % kLanes;
            for (std::size_t k = 0; k < columns; ++k)
                column[k * gates * kLanes] = row[k];
        }
    return out;
}

/// Adds one gate's biases [H] to a row of bias [blocks, rows, lanes].
void addBias(AlignedFloats& bias, std::size_t rows, std::size_t row, std::span<const float> values)
{
    for (std::size_t unit = 0; unit < values.size(); ++unit)
        bias[((unit / kLanes) * rows + row) * kLanes + unit % kLanes] += values[unit];
}

auto kernelOf(const StepKernels& kernels, Cell cell)
{
    switch (cell) {
    case Cell::Lstm:
        return kernels.lstm;
    case Cell::Gru:
        return kernels.gru;
    case Cell::RnnTanh:
        return kernels.tanh;
    case Cell::RnnRelu:
        return kernels.relu;
    }
    return kernels.lstm;
}

} // namespace

std::size_t Shape::gates() const
{
    return cell == Cell::Lstm ? 4 : cell == Cell::Gru ? 3 : 1;
}

std::size_t Shape::parameterCount() const
{
    std::size_t count = outputSize * (hiddenSize + 1);
    for (std::size_t layer = 0; layer < numLayers; ++layer)
        count += gates() * hiddenSize * ((layer == 0 ? inputSize : hiddenSize) + hiddenSize + (bias ? 2 : 0));
    return count;
}

RnnState::RnnState(const Shape& shape, std::size_t sequences)
    : m_sequences(sequences)
    , m_units(shape.hiddenSize)
    , m_stride(blocksOf(shape.hiddenSize) * kLanes)
    , m_hidden(shape.numLayers, AlignedFloats(sequences * m_stride))
    , m_cell(shape.cell == Cell::Lstm ? m_hidden : std::vector<AlignedFloats>())
    , m_next(sequences * m_stride)
    , m_logits(sequences * blocksOf(shape.outputSize) * kLanes)
{
}

std::span<float> RnnState::hidden(std::size_t layer, std::size_t sequence)
{
    return {m_hidden[layer].data() + sequence * m_stride, m_units};
}

std::span<float> RnnState::cell(std::size_t layer, std::size_t sequence)
{
    return {m_cell[layer].data() + sequence * m_stride, m_units};
}

void RnnState::reset(std::size_t sequence)
{
    for (auto* layers : {&m_hidden, &m_cell})
        for (AlignedFloats& layer : *layers)
            std::fill_n(layer.begin() + static_cast<std::ptrdiff_t>(sequence * m_stride), m_stride, 0.0F);
}

Rnn::Rnn(const Shape& shape, std::span<const float> parameters)
    : m_shape(shape)
{
    assert(parameters.size() == shape.parameterCount());
    const auto take = [&](std::size_t count) {
        const auto taken = parameters.first(count);
        parameters = parameters.subspan(count);
        return taken;
    };
    const std::size_t units = shape.hiddenSize;
    const std::size_t gates = shape.gates();
    const std::size_t rows = shape.cell == Cell::Gru ? 4 : gates;
    for (std::size_t l = 0; l < shape.numLayers; ++l) {
        Layer layer;
        layer.inputs = l == 0 ? shape.inputSize : units;
        layer.inputWeight = packed(take(gates * units * layer.inputs), gates, units, layer.inputs);
        layer.hiddenWeight = packed(take(gates * units * units), gates, units, units);
        layer.bias.resize(blocksOf(units) * rows * kLanes);
        for (const bool hidden : {false, true})
            for (std::size_t gate = 0; shape.bias && gate < gates; ++gate)
                addBias(layer.bias, rows, hidden && rows > gates && gate == 2 ? 3 : gate, take(units));
        m_layers.push_back(std::move(layer));
    }
    m_readOut.inputs = units;
    m_readOut.inputWeight = packed(take(shape.outputSize * units), 1, shape.outputSize, units);
    m_readOut.bias.resize(blocksOf(shape.outputSize) * kLanes);
    addBias(m_readOut.bias, 1, 0, take(shape.outputSize));
}

void Rnn::step(std::span<const float> inputs, RnnState& state, std::span<float> logits) const
{
    assert(inputs.size() == state.sequences() * m_shape.inputSize);
    stepFrom(inputs.data(), nullptr, state, logits);
}

void Rnn::step(std::span<const int> tokens, RnnState& state, std::span<float> logits) const
{
    assert(tokens.size() == state.sequences());
    stepFrom(nullptr, tokens.data(), state, logits);
}

void Rnn::stepFrom(const float* inputs, const int* tokens, RnnState& state, std::span<float> logits) const
{
    assert(logits.size() == state.sequences() * m_shape.outputSize);
    const StepKernels& kernels = stepKernels();
    LayerStep step;
    step.units = m_shape.hiddenSize;
    step.stride = state.m_stride;
    step.sequences = state.m_sequences;
    step.x = inputs;
    step.xStride = m_shape.inputSize;
    step.tokens = tokens;
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        step.inputs = m_layers[l].inputs;
        step.inputWeight = m_layers[l].inputWeight.data();
        step.hiddenWeight = m_layers[l].hiddenWeight.data();
        step.bias = m_layers[l].bias.data();
        step.hidden = state.m_hidden[l].data();
        step.cell = m_shape.cell == Cell::Lstm ? state.m_cell[l].data() : nullptr;
        step.next = state.m_next.data();
        kernelOf(kernels, m_shape.cell)(step);
        state.m_hidden[l].swap(state.m_next);
        step.x = state.m_hidden[l].data();
        step.xStride = state.m_stride;
        step.tokens = nullptr;
    }
    readOut(state, logits);
}

void Rnn::readOut(RnnState& state, std::span<float> logits) const
{
    const std::size_t stride = blocksOf(m_shape.outputSize) * kLanes;
    LayerStep step;
    step.inputs = m_shape.hiddenSize;
    step.units = m_shape.outputSize;
    step.stride = stride;
    step.sequences = state.m_sequences;
    step.inputWeight = m_readOut.inputWeight.data();
    step.bias = m_readOut.bias.data();
    step.x = state.m_hidden.back().data();
    step.xStride = state.m_stride;
    step.next = state.m_logits.data();
    stepKernels().linear(step);
    for (std::size_t q = 0; q < state.m_sequences; ++q)
        std::copy_n(state.m_logits.data() + q * stride, m_shape.outputSize, logits.data() + q * m_shape.outputSize);
}

} // namespace rnnscope::rnn
