#include "core/rnn/gates.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rnnscope::rnn {

namespace {

double sigmoid(double value)
{
    return 1.0 / (1.0 + std::exp(-value));
}

/// bias[row] + weight[row] . x
double affine(std::span<const float> weight, std::span<const float> bias, std::size_t row, std::span<const float> x)
{
    double sum = bias.empty() ? 0.0 : static_cast<double>(bias[row]);
    for (std::size_t k = 0; k < x.size(); ++k)
        sum += static_cast<double>(weight[row * x.size() + k]) * static_cast<double>(x[k]);
    return sum;
}

} // namespace

Gates::Gates(const Shape& shape, std::span<const float> parameters)
    : m_shape(shape)
    , m_parameters(parameters.begin(), parameters.end())
{
    assert(parameters.size() == shape.parameterCount());
    std::span<const float> left(m_parameters);
    const auto take = [&](std::size_t count) {
        const auto taken = left.first(count);
        left = left.subspan(count);
        return taken;
    };
    const std::size_t rows = shape.gates() * shape.hiddenSize;
    const std::size_t biases = shape.bias ? rows : 0;
    for (std::size_t l = 0; l < shape.numLayers; ++l) {
        Layer layer;
        layer.inputWeight = take(rows * (l == 0 ? shape.inputSize : shape.hiddenSize));
        layer.hiddenWeight = take(rows * shape.hiddenSize);
        layer.inputBias = take(biases);
        layer.hiddenBias = take(biases);
        m_layers.push_back(layer);
    }
}

void Gates::at(std::size_t layer, std::span<const float> x, std::span<const float> hidden, std::span<float> gates) const
{
    const Layer& from = m_layers[layer];
    const std::size_t units = m_shape.hiddenSize;
    assert(hidden.size() == units && gates.size() == m_shape.gates() * units);
    for (std::size_t row = 0; row < gates.size(); ++row) {
        const double asked = affine(from.inputWeight, from.inputBias, row, x);
        const double kept = affine(from.hiddenWeight, from.hiddenBias, row, hidden);
        const std::size_t gate = row / units;
        double value = asked + kept;
        switch (m_shape.cell) {
        case Cell::Lstm:
            value = gate == 2 ? std::tanh(value) : sigmoid(value);
            break;
        case Cell::Gru: // the reset gates come first
            value = gate == 2 ? std::tanh(asked + static_cast<double>(gates[row - 2 * units]) * kept) : sigmoid(value);
            break;
        case Cell::RnnTanh:
            value = std::tanh(value);
            break;
        case Cell::RnnRelu:
            value = std::max(value, 0.0);
            break;
        }
        gates[row] = static_cast<float>(value);
    }
}

} // namespace rnnscope::rnn
