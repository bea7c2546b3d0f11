#include "rnn/reference_rnn.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::test {

namespace {

double sigmoid(double x)
{
    return 1.0 / (1.0 + std::exp(-x));
}

} // namespace

ReferenceRnn::ReferenceRnn(const rnn::Shape& shape, std::vector<double> parameters)
    : hidden(shape.numLayers, std::vector<double>(shape.hiddenSize))
    , cell(hidden)
    , m_shape(shape)
    , m_parameters(std::move(parameters))
{
}

std::vector<double> ReferenceRnn::step(const std::vector<double>& input)
{
    m_next = 0;
    std::vector<double> x = input;
    for (std::size_t layer = 0; layer < m_shape.numLayers; ++layer)
        x = stepLayer(layer, x);
    auto logits = product(m_shape.outputSize, x);
    const auto bias = biases(m_shape.outputSize, true);
    for (std::size_t i = 0; i < logits.size(); ++i)
        logits[i] += bias[i];
    return logits;
}

std::vector<double> ReferenceRnn::product(std::size_t rows, const std::vector<double>& x)
{
    std::vector<double> y(rows);
    for (double& sum : y)
        for (const double value : x)
            sum += m_parameters.at(m_next++) * value;
    return y;
}

std::vector<double> ReferenceRnn::biases(std::size_t rows, bool present)
{
    std::vector<double> b(rows);
    for (double& value : b)
        value = present ? m_parameters.at(m_next++) : 0.0;
    return b;
}

std::vector<double> ReferenceRnn::stepLayer(std::size_t layer, const std::vector<double>& x)
{
    const std::size_t units = m_shape.hiddenSize;
    const std::size_t rows = m_shape.gates() * units;
    auto& h = hidden[layer];
    auto& c = cell[layer];
    const auto wx = product(rows, x);
    const auto wh = product(rows, h);
    const auto bx = biases(rows, m_shape.bias);
    const auto bh = biases(rows, m_shape.bias);
    for (std::size_t u = 0; u < units; ++u) {
        const auto in = [&](std::size_t gate) { return wx[gate * units + u] + bx[gate * units + u]; };
        const auto rec = [&](std::size_t gate) { return wh[gate * units + u] + bh[gate * units + u]; };
        const auto sum = [&](std::size_t gate) { return in(gate) + rec(gate); };
        switch (m_shape.cell) {
        case rnn::Cell::Lstm:
            c[u] = sigmoid(sum(1)) * c[u] + sigmoid(sum(0)) * std::tanh(sum(2));
            h[u] = sigmoid(sum(3)) * std::tanh(c[u]);
            break;
        case rnn::Cell::Gru: {
            const double n = std::tanh(in(2) + sigmoid(sum(0)) * rec(2));
            h[u] = (1.0 - sigmoid(sum(1))) * n + sigmoid(sum(1)) * h[u];
            break;
        }
        case rnn::Cell::RnnTanh:
            h[u] = std::tanh(sum(0));
            break;
        case rnn::Cell::RnnRelu:
            h[u] = std::max(0.0, sum(0));
            break;
        }
    }
    return h;
}

} // namespace rnnscope::test
