#include "core/nn/head_network.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

// Built for several processors, the right one is chosen when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define RNNSCOPE_FAST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define RNNSCOPE_FAST
#endif

namespace rnnscope::nn {

namespace {

/// out [n, b] += left [n, a] · right [a, b]
RNNSCOPE_FAST void addProduct(const float* left, const float* right, float* out, std::size_t n, std::size_t a,
                              std::size_t b)
{
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < a; ++k) {
            const float factor = left[i * a + k];
            for (std::size_t j = 0; j < b; ++j)
                out[i * b + j] += factor * right[k * b + j];
        }
}

/// out [a, b] += leftᵀ · right, left [n, a], right [n, b]
RNNSCOPE_FAST void addTransposedProduct(const float* left, const float* right, float* out, std::size_t n, std::size_t a,
                                        std::size_t b)
{
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < a; ++k) {
            const float factor = left[i * a + k];
            for (std::size_t j = 0; j < b; ++j)
                out[k * b + j] += factor * right[i * b + j];
        }
}

Matrix transposed(const Matrix& matrix)
{
    Matrix result(matrix.columns, matrix.rows);
    for (std::size_t i = 0; i < matrix.rows; ++i)
        for (std::size_t j = 0; j < matrix.columns; ++j)
            result(j, i) = matrix(i, j);
    return result;
}

void reset(Matrix& matrix, std::size_t rows, std::size_t columns)
{
    matrix.rows = rows;
    matrix.columns = columns;
    matrix.values.assign(rows * columns, 0.0F);
}

/// `matrix` = `bias` [1, b] in every row.
void fillRows(Matrix& matrix, std::size_t rows, const Matrix& bias)
{
    reset(matrix, rows, bias.columns);
    for (std::size_t i = 0; i < rows; ++i)
        std::copy(bias.values.begin(), bias.values.end(), matrix.row(i).begin());
}

/// `out` [1, b] = sums over the rows of `matrix` [n, b].
void sumRows(const Matrix& matrix, Matrix& out)
{
    std::fill(out.values.begin(), out.values.end(), 0.0F);
    for (std::size_t i = 0; i < matrix.rows; ++i)
        for (std::size_t j = 0; j < matrix.columns; ++j)
            out(0, j) += matrix(i, j);
}

void fillUniform(Matrix& matrix, std::size_t fanIn, std::mt19937_64& random)
{
    const double bound = 1.0 / std::sqrt(static_cast<double>(fanIn));
    for (float& value : matrix.values) // not uniform_real_distribution, which differs between standard libraries
        value = static_cast<float>((static_cast<double>(random() >> 11) * 0x1p-53 * 2.0 - 1.0) * bound);
}

zoo::Tensor tensorOf(Matrix matrix, std::vector<std::int64_t> shape)
{
    return {std::move(shape), std::move(matrix.values)};
}

} // namespace

HeadNetwork::Parameter HeadNetwork::parameter(std::size_t rows, std::size_t columns)
{
    const Matrix zeros(rows, columns);
    return {zeros, zeros, zeros, zeros};
}

HeadNetwork::HeadNetwork(std::size_t inputs, std::size_t hidden, std::size_t outputs, std::uint64_t seed)
    : m_weight0(parameter(inputs, hidden))
    , m_bias0(parameter(1, hidden))
    , m_weight2(parameter(hidden, outputs))
    , m_bias2(parameter(1, outputs))
{
    std::mt19937_64 random(seed);
    fillUniform(m_weight0.value, inputs, random);
    fillUniform(m_bias0.value, inputs, random);
    fillUniform(m_weight2.value, hidden, random);
    fillUniform(m_bias2.value, hidden, random);
}

const Matrix& HeadNetwork::forward(const Matrix& inputs)
{
    const Matrix& weight0 = m_weight0.value;
    const Matrix& weight2 = m_weight2.value;
    fillRows(m_hidden, inputs.rows, m_bias0.value);
    addProduct(inputs.values.data(), weight0.values.data(), m_hidden.values.data(), inputs.rows, weight0.rows,
               weight0.columns);
    for (float& value : m_hidden.values)
        value = std::max(value, 0.0F);
    fillRows(m_outputs, inputs.rows, m_bias2.value);
    addProduct(m_hidden.values.data(), weight2.values.data(), m_outputs.values.data(), inputs.rows, weight2.rows,
               weight2.columns);
    return m_outputs;
}

void HeadNetwork::step(const Matrix& inputs, const Matrix& gradient, float learningRate, float weightDecay)
{
    const std::size_t n = inputs.rows;
    const std::size_t hidden = m_hidden.columns;
    const Matrix back = transposed(m_weight2.value);
    reset(m_hiddenGradient, n, hidden);
    addProduct(gradient.values.data(), back.values.data(), m_hiddenGradient.values.data(), n, gradient.columns, hidden);
    for (std::size_t i = 0; i < m_hidden.values.size(); ++i)
        m_hiddenGradient.values[i] = m_hidden.values[i] > 0.0F ? m_hiddenGradient.values[i] : 0.0F;

    for (Parameter* weight : {&m_weight0, &m_weight2})
        std::fill(weight->gradient.values.begin(), weight->gradient.values.end(), 0.0F);
    addTransposedProduct(inputs.values.data(), m_hiddenGradient.values.data(), m_weight0.gradient.values.data(), n,
                         inputs.columns, hidden);
    addTransposedProduct(m_hidden.values.data(), gradient.values.data(), m_weight2.gradient.values.data(), n, hidden,
                         gradient.columns);
    sumRows(m_hiddenGradient, m_bias0.gradient);
    sumRows(gradient, m_bias2.gradient);

    ++m_steps;
    for (Parameter* each : {&m_weight0, &m_bias0, &m_weight2, &m_bias2})
        update(*each, learningRate, weightDecay);
}

void HeadNetwork::update(Parameter& parameter, float learningRate, float weightDecay) const
{
    constexpr float kFirst = 0.9F;
    constexpr float kSecond = 0.999F;
    constexpr float kEpsilon = 1e-8F;
    const auto firstScale = static_cast<float>(1.0 / (1.0 - std::pow(0.9, m_steps)));
    const auto secondScale = static_cast<float>(1.0 / (1.0 - std::pow(0.999, m_steps)));
    for (std::size_t i = 0; i < parameter.value.values.size(); ++i) {
        const float gradient = parameter.gradient.values[i];
        float& first = parameter.first.values[i];
        float& second = parameter.second.values[i];
        float& value = parameter.value.values[i];
        first = kFirst * first + (1.0F - kFirst) * gradient;
        second = kSecond * second + (1.0F - kSecond) * gradient * gradient;
        value -= learningRate * weightDecay * value;
        value -= learningRate * first * firstScale / (std::sqrt(second * secondScale) + kEpsilon);
    }
}

zoo::State HeadNetwork::state(const std::vector<double>& mean, const std::vector<double>& scale) const
{
    Matrix weight0 = transposed(m_weight0.value); // [H, D]
    Matrix bias0 = m_bias0.value;
    for (std::size_t h = 0; h < weight0.rows; ++h) {
        double shift = 0.0;
        for (std::size_t d = 0; d < weight0.columns; ++d) {
            const double weight = static_cast<double>(weight0(h, d)) / scale[d];
            weight0(h, d) = static_cast<float>(weight);
            shift += weight * mean[d];
        }
        bias0(0, h) = static_cast<float>(static_cast<double>(bias0(0, h)) - shift);
    }
    const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    const std::int64_t in = size(weight0.columns);
    const std::int64_t hidden = size(weight0.rows);
    const std::int64_t out = size(m_bias2.value.columns);
    return {{"0.weight", tensorOf(std::move(weight0), {hidden, in})},
            {"0.bias", tensorOf(std::move(bias0), {hidden})},
            {"2.weight", tensorOf(transposed(m_weight2.value), {out, hidden})},
            {"2.bias", tensorOf(m_bias2.value, {out})}};
}

} // namespace rnnscope::nn
