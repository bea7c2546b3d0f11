#include "core/nn/linear_tape.h"

#include <ATen/ops/mm.h>

#include <algorithm>
#include <utility>

namespace rnnscope::nn {

namespace {

void softmax(float* values, std::int64_t count)
{
    float largest = values[0];
    for (std::int64_t i = 1; i < count; ++i)
        largest = values[i] > largest ? values[i] : largest;
    for (std::int64_t i = 0; i < count; ++i)
        values[i] -= largest;
    rnn::bestKernels().exponential(values, count);
    float sum = 0.0F;
    for (std::int64_t i = 0; i < count; ++i)
        sum += values[i];
    for (std::int64_t i = 0; i < count; ++i)
        values[i] /= sum;
}

/// Gradient before the activation, from that behind it and its output.
void differentiateRow(Activation activation, const float* y, const float* gradient, float* result, std::int64_t count)
{
    float sum = 0.0F;
    switch (activation) {
    case Activation::None:
        std::copy_n(gradient, count, result);
        break;
    case Activation::Relu:
        for (std::int64_t i = 0; i < count; ++i)
            result[i] = y[i] > 0.0F ? gradient[i] : 0.0F;
        break;
    case Activation::Sigmoid:
        for (std::int64_t i = 0; i < count; ++i)
            result[i] = gradient[i] * y[i] * (1.0F - y[i]);
        break;
    case Activation::Softmax:
        for (std::int64_t i = 0; i < count; ++i)
            sum += gradient[i] * y[i];
        for (std::int64_t i = 0; i < count; ++i)
            result[i] = (gradient[i] - sum) * y[i];
        break;
    }
}

} // namespace

LinearTape::LinearTape(const LinearTapeShape& shape, const at::Tensor& weight, const at::Tensor& bias,
                       at::Tensor inputs, at::Tensor outputs, BufferPool& pool)
    : m_shape(shape)
    , m_in(weight.size(2))
    , m_out(weight.size(1))
    , m_bias(bias.contiguous())
    , m_inputs(std::move(inputs))
    , m_outputs(std::move(outputs))
    , m_forward(packedMatrices(shape.groups, m_in, m_out, pool))
    , m_backward(packedMatrices(shape.backward ? shape.groups : 0, m_out, m_in, pool))
{
    if (shape.backward) {
        m_sumGradients = pool.take({m_inputs.size(0), m_inputs.size(1), m_out});
        m_inputGradient = pool.take({m_inputs.size(1), m_in});
    }
    for (std::int64_t group = 0; group < shape.groups; ++group) {
        const at::Tensor of = weight[group];
        const auto* const from = of.data_ptr<float>();
        m_forward[static_cast<std::size_t>(group)].set(0, m_in, 0, m_out, from, of.stride(1), of.stride(0));
        if (shape.backward)
            m_backward[static_cast<std::size_t>(group)].set(0, m_out, 0, m_in, from, of.stride(0), of.stride(1));
    }
}

Rows LinearTape::rowsOf(const at::Tensor& recorded, std::int64_t step)
{
    return {recorded.data_ptr<float>() + step * recorded.stride(0), recorded.stride(1)};
}

void LinearTape::forward(std::int64_t step)
{
    const Rows in = rowsOf(m_inputs, step);
    const Rows out = rowsOf(m_outputs, step);
    const std::int64_t rows = m_inputs.size(1) / m_shape.groups;
    for (std::int64_t group = 0; group < m_shape.groups; ++group) {
        const rnn::PackedMatrix& matrix = m_forward[static_cast<std::size_t>(group)];
        rnn::Product product = matrix.product();
        product.a = in.first + group * rows * in.stride;
        product.lda = in.stride;
        product.rows = rows;
        product.init = m_bias.data_ptr<float>() + group * m_out;
        product.c = out.first + group * rows * out.stride;
        product.ldc = out.stride;
        matrix.multiply(product);
    }
    activate(step);
}

void LinearTape::activate(std::int64_t step) const
{
    const Rows out = rowsOf(m_outputs, step);
    for (std::int64_t row = 0; row < m_outputs.size(1); ++row) {
        float* const values = out.first + row * out.stride;
        if (m_shape.activation == Activation::Relu)
            for (std::int64_t i = 0; i < m_out; ++i)
                values[i] = values[i] < 0.0F ? 0.0F : values[i]; // NaN stays
        else if (m_shape.activation == Activation::Sigmoid)
            rnn::bestKernels().sigmoid(values, m_out);
        else if (m_shape.activation == Activation::Softmax)
            softmax(values, m_out);
    }
}

void LinearTape::differentiate(std::int64_t step, const Rows& output) const
{
    const Rows out = rowsOf(m_outputs, step);
    const Rows result = rowsOf(m_sumGradients, step);
    for (std::int64_t row = 0; row < m_outputs.size(1); ++row)
        differentiateRow(m_shape.activation, out.first + row * out.stride, output.first + row * output.stride,
                         result.first + row * result.stride, m_out);
}

Rows LinearTape::backward(std::int64_t step, const Rows& output)
{
    differentiate(step, output);
    const Rows sums = rowsOf(m_sumGradients, step);
    const std::int64_t rows = m_inputs.size(1) / m_shape.groups;
    for (std::int64_t group = 0; group < m_shape.groups; ++group) {
        const rnn::PackedMatrix& matrix = m_backward[static_cast<std::size_t>(group)];
        rnn::Product product = matrix.product();
        product.a = sums.first + group * rows * sums.stride;
        product.lda = sums.stride;
        product.rows = rows;
        product.c = m_inputGradient.data_ptr<float>() + group * rows * m_in;
        product.ldc = m_in;
        matrix.multiply(product);
    }
    return {m_inputGradient.data_ptr<float>(), m_in};
}

LinearTape::Gradients LinearTape::gradients() const
{
    const at::Tensor sums = m_sumGradients.flatten(0, 1);
    return {at::mm(sums.t(), m_inputs.reshape({-1, m_in})), sums.sum(0)};
}

} // namespace rnnscope::nn
