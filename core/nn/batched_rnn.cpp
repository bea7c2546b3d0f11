#include "core/nn/batched_rnn.h"

#include "core/nn/parameter_views.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

namespace rnnscope::nn {

namespace {

/// `x` [N, Q, in] times `weight` [N, in, out] plus `bias` [N, 1, out], which may be undefined.
at::Tensor affine(const at::Tensor& bias, const at::Tensor& x, const at::Tensor& weight)
{
    return bias.defined() ? at::baddbmm(bias, x, weight) : at::bmm(x, weight);
}

} // namespace

BatchedRnn::BatchedRnn(const zoo::Architecture& architecture, const at::Tensor& parameters)
    : m_architecture(architecture)
    , m_networks(parameters.size(0))
    , m_options(parameters.options().requires_grad(false))
{
    const std::vector<zoo::ParameterTensor> tensors = architecture.tensors();
    std::size_t next = 0;
    const auto take = [&] { return viewOf(parameters, tensors[next++]); };
    for (int l = 0; l < architecture.numLayers; ++l) {
        const at::Tensor input = take();
        const at::Tensor hidden = take();
        Layer layer;
        layer.inputWeight = input.transpose(1, 2);
        layer.hiddenWeight = hidden.transpose(1, 2);
        if (!gru())
            layer.bothWeights = at::cat({input, hidden}, 2).transpose(1, 2);
        if (architecture.bias) {
            layer.inputBias = take().transpose(1, 2);
            layer.hiddenBias = take().transpose(1, 2);
            if (!gru())
                layer.inputBias = layer.inputBias + layer.hiddenBias;
        }
        m_layers.push_back(std::move(layer));
    }
    m_outputWeight = take().transpose(1, 2);
    m_outputBias = take().transpose(1, 2);
}

RnnState BatchedRnn::zeroState(std::int64_t sequences) const
{
    RnnState state;
    const at::Tensor zero = at::zeros({m_networks, sequences, m_architecture.hiddenSize}, m_options);
    state.hidden.assign(m_layers.size(), zero);
    if (m_architecture.cell == zoo::Cell::Lstm)
        state.cell.assign(m_layers.size(), zero);
    return state;
}

at::Tensor BatchedRnn::step(const at::Tensor& input, RnnState& state) const
{
    at::Tensor x = input;
    for (std::size_t layer = 0; layer < m_layers.size(); ++layer)
        x = stepLayer(layer, x, state);
    return affine(m_outputBias, x, m_outputWeight);
}

at::Tensor BatchedRnn::forward(const at::Tensor& inputs, RnnState& state) const
{
    at::Tensor x = inputs;
    for (std::size_t layer = 0; layer < m_layers.size(); ++layer)
        x = forwardLayer(layer, x, state);
    return affine(m_outputBias, x.flatten(1, 2), m_outputWeight).unflatten(1, {x.size(1), x.size(2)});
}

at::Tensor BatchedRnn::stepLayer(std::size_t index, const at::Tensor& input, RnnState& state) const
{
    const Layer& layer = m_layers[index];
    if (!gru())
        return activate(index, affine(layer.inputBias, at::cat({input, state.hidden[index]}, 2), layer.bothWeights), {},
                        state);
    const at::Tensor hiddenGates = affine(layer.hiddenBias, state.hidden[index], layer.hiddenWeight);
    return activate(index, affine(layer.inputBias, input, layer.inputWeight), hiddenGates, state);
}

at::Tensor BatchedRnn::forwardLayer(std::size_t index, const at::Tensor& inputs, RnnState& state) const
{
    const Layer& layer = m_layers[index];
    const std::int64_t steps = inputs.size(2);
    const at::Tensor all
        = affine(layer.inputBias, inputs.flatten(1, 2), layer.inputWeight).unflatten(1, {inputs.size(1), steps});
    std::vector<at::Tensor> outputs;
    for (std::int64_t t = 0; t < steps; ++t) {
        const at::Tensor& hidden = state.hidden[index];
        const at::Tensor gates = all.select(2, t);
        outputs.push_back(gru() ? activate(index, gates, affine(layer.hiddenBias, hidden, layer.hiddenWeight), state)
                                : activate(index, at::baddbmm(gates, hidden, layer.hiddenWeight), {}, state));
    }
    return at::stack(outputs, 2);
}

at::Tensor BatchedRnn::activate(std::size_t layer, const at::Tensor& gates, const at::Tensor& hiddenGates,
                                RnnState& state) const
{
    at::Tensor& h = state.hidden[layer];
    switch (m_architecture.cell) {
    case zoo::Cell::Lstm: {
        const std::vector<at::Tensor> parts = gates.chunk(4, 2); // i, f, g, o
        at::Tensor& c = state.cell[layer];
        c = parts[1].sigmoid() * c + parts[0].sigmoid() * parts[2].tanh();
        h = parts[3].sigmoid() * c.tanh();
        return h;
    }
    case zoo::Cell::Gru: {
        const std::vector<at::Tensor> in = gates.chunk(3, 2); // r, z, n
        const std::vector<at::Tensor> rec = hiddenGates.chunk(3, 2);
        const at::Tensor z = (in[1] + rec[1]).sigmoid();
        const at::Tensor n = (in[2] + (in[0] + rec[0]).sigmoid() * rec[2]).tanh();
        h = n + z * (h - n);
        return h;
    }
    case zoo::Cell::RnnTanh:
        return h = gates.tanh();
    case zoo::Cell::RnnRelu:
        return h = gates.relu();
    }
    return h;
}

} // namespace rnnscope::nn
