#include "core/nn/parameter_views.h"
#include "core/nn/probing_tape.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

namespace rnnscope::nn {

ProbedTape::ProbedTape(const zoo::Architecture& rnn, const at::Tensor& parameters, std::int64_t steps,
                       std::int64_t sequences, const at::Tensor& answers, bool backward, BufferPool& pool)
    : m_hidden(pool.take({steps, parameters.size(0) * sequences, rnn.hiddenSize}))
{
    const std::vector<zoo::ParameterTensor> tensors = rnn.tensors();
    const std::int64_t networks = parameters.size(0);
    std::size_t next = 0;
    const auto take = [&] { return viewOf(parameters, tensors[next++]); };
    for (int layer = 0; layer < rnn.numLayers; ++layer) {
        LstmTape::Weights weights {take(), take(), {}};
        weights.bias
            = rnn.bias ? (take() + take()).squeeze(2) : at::zeros({networks, 4 * rnn.hiddenSize}, parameters.options());
        const LstmTapeShape shape {.steps = steps,
                                   .groups = networks,
                                   .rows = sequences,
                                   .inputs = weights.input.size(2),
                                   .hidden = rnn.hiddenSize,
                                   .backward = backward};
        m_layers.emplace_back(shape, weights, pool);
    }
    const at::Tensor weight = take();
    m_readOut.emplace_back(LinearTapeShape {.groups = networks, .backward = backward}, weight, take().squeeze(2),
                           m_hidden, answers.view({steps, networks * sequences, rnn.outputSize}), pool);
}

void ProbedTape::forward(std::int64_t step)
{
    const Rows hidden {m_hidden.data_ptr<float>() + step * m_hidden.stride(0), m_hidden.size(2)};
    for (std::size_t l = 0; l < m_layers.size(); ++l)
        m_layers[l].forward(step, {l + 1 < m_layers.size() ? m_layers[l + 1].input(step) : hidden});
    m_readOut.front().forward(step);
}

Rows ProbedTape::backward(std::int64_t step, const Rows& answers)
{
    Rows gradient = m_readOut.front().backward(step, answers);
    for (std::size_t l = m_layers.size(); l-- > 0;) {
        m_layers[l].backward(step, gradient);
        gradient = m_layers[l].inputGradient();
    }
    return gradient;
}

} // namespace rnnscope::nn
