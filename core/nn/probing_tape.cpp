#include "core/nn/probing_tape.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <utility>

namespace rnnscope::nn {

namespace {

constexpr std::size_t kTensorsOfCoreLayer = 4;

/// A view of `rows`, [count, columns].
at::Tensor asTensor(const Rows& rows, std::int64_t count, std::int64_t columns)
{
    return at::from_blob(rows.first, {count, columns}, {rows.stride, 1}, at::TensorOptions(at::kFloat));
}

Rows asRows(const at::Tensor& matrix)
{
    return {matrix.data_ptr<float>(), matrix.stride(0)};
}

} // namespace

std::vector<at::Tensor> ProbingWeights::all() const
{
    std::vector<at::Tensor> tensors {bos, eos};
    const auto add
        = [&](const std::vector<at::Tensor>& more) { tensors.insert(tensors.end(), more.begin(), more.end()); };
    add(core);
    add(answers);
    if (probes.defined()) {
        tensors.push_back(probes);
        return tensors;
    }
    tensors.push_back(encodings);
    add(up);
    add(decoder);
    return tensors;
}

ProbingTape::ProbingTape(const zoo::EncoderConfig& config, const ProbingWeights& weights, const zoo::Architecture& rnn,
                         const at::Tensor& parameters, bool backward, BufferPool& pool)
    : m_config(config)
    , m_weights(weights)
    , m_networks(parameters.size(0))
    , m_steps(config.probingLength)
    , m_backward(backward)
    , m_coreOutput(pool.take({m_networks, config.coreHiddenSize}))
    , m_answerValues(pool.take({m_steps, m_networks, std::int64_t {config.parallelSequences} * rnn.outputSize}))
    , m_encodings(pool.take({m_steps, m_networks, config.coreHiddenSize}))
{
    makeCore(pool);
    m_answers.emplace_back(LinearTapeShape {.activation = Activation::Sigmoid, .backward = backward},
                           weights.answers[0].unsqueeze(0), weights.answers[1].unsqueeze(0), m_answerValues,
                           coreInputs(1, m_steps), pool);
    m_probed.emplace(rnn, parameters, m_steps, config.parallelSequences, m_answerValues, backward, pool);
    if (weights.probes.defined()) {
        const auto each = weights.probes.unsqueeze(1).expand({-1, m_networks, -1, -1});
        m_probed->inputs().copy_(each.flatten(1, 2));
        m_rowGradients = at::empty(weights.probes.sizes(), weights.probes.options());
    } else {
        makeDecoder(pool);
        m_rowGradients = at::zeros(weights.encodings.sizes(), weights.encodings.options());
    }
}

void ProbingTape::makeCore(BufferPool& pool)
{
    const std::int64_t size = m_config.coreHiddenSize;
    const LstmTapeShape shape {.steps = m_steps + 2,
                               .rows = m_networks,
                               .inputs = size,
                               .hidden = size,
                               .backward = m_backward,
                               .equalStart = true};
    for (std::size_t i = 0; i < m_weights.core.size(); i += kTensorsOfCoreLayer) {
        const LstmTape::Weights weights {m_weights.core[i].unsqueeze(0), m_weights.core[i + 1].unsqueeze(0),
                                         (m_weights.core[i + 2] + m_weights.core[i + 3]).unsqueeze(0)};
        m_core.emplace_back(shape, weights, pool);
    }
    coreInputs(0, 1).copy_(m_weights.bos);
    coreInputs(m_steps + 1, 1).copy_(m_weights.eos);
}

void ProbingTape::makeDecoder(BufferPool& pool)
{
    const std::int64_t rows = m_networks * m_config.parallelSequences;
    const auto add = [&](Activation activation, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& in,
                         const at::Tensor& out) {
        m_decoder.emplace_back(LinearTapeShape {.activation = activation, .backward = m_backward}, weight.unsqueeze(0),
                               bias.unsqueeze(0), in, out, pool);
    };
    const at::Tensor up = pool.take({m_steps, m_networks, m_weights.up[0].size(0)});
    add(Activation::Relu, m_weights.up[0], m_weights.up[1], m_encodings, up);
    at::Tensor x = up.view({m_steps, rows, m_config.mlpHiddenSize});
    for (std::size_t i = 0; i < m_weights.decoder.size(); i += 2) {
        const at::Tensor& weight = m_weights.decoder[i];
        const bool last = i + 2 == m_weights.decoder.size();
        const Activation activation = !last ? Activation::Relu
            : m_config.softmaxProbes        ? Activation::Softmax
                                            : Activation::Sigmoid;
        const at::Tensor y = last ? m_probed->inputs() : pool.take({m_steps, rows, weight.size(0)});
        add(activation, weight, m_weights.decoder[i + 1], x, y);
        x = y;
    }
}

at::Tensor ProbingTape::coreInputs(std::int64_t first, std::int64_t count) const
{
    return m_core.front().inputs().narrow(0, first, count);
}

at::Tensor ProbingTape::forward()
{
    stepCore(0);
    for (std::int64_t step = 0; step < m_steps; ++step) {
        if (!m_decoder.empty())
            probe(step);
        m_probed->forward(step);
        m_answers.front().forward(step);
        stepCore(step + 1);
    }
    stepCore(m_steps + 1);
    return m_coreOutput;
}

void ProbingTape::stepCore(std::int64_t step)
{
    for (std::size_t l = 0; l < m_core.size(); ++l) {
        const Rows out = l + 1 < m_core.size() ? m_core[l + 1].input(step) : asRows(m_coreOutput);
        m_core[l].forward(step, {out, m_config.residual});
    }
}

void ProbingTape::probe(std::int64_t step)
{
    const auto interactive = static_cast<float>(m_config.interactiveWeight);
    const auto fixed = static_cast<float>(m_config.staticWeight);
    const std::int64_t size = m_config.coreHiddenSize;
    const float* const row = m_weights.encodings.data_ptr<float>() + step * size;
    const float* from = m_coreOutput.data_ptr<float>();
    float* to = m_encodings.data_ptr<float>() + step * m_encodings.stride(0);
    for (std::int64_t n = 0; n < m_networks; ++n, from += size, to += size)
        for (std::int64_t i = 0; i < size; ++i)
            to[i] = interactive * from[i] + fixed * row[i];
    for (LinearTape& layer : m_decoder)
        layer.forward(step);
}

std::vector<at::Tensor> ProbingTape::backward(const at::Tensor& output, BufferPool& pool)
{
    const std::int64_t size = m_config.coreHiddenSize;
    m_eosGradient = asTensor(backCore(m_steps + 1, asRows(output)), m_networks, size).sum(0, true);
    Rows ofOutput; // of the core's output after this step's answer: the last one is not read
    for (std::int64_t step = m_steps; step-- > 0;) {
        const Rows ofInput = backCore(step + 1, ofOutput);
        const Rows ofAnswers = m_answers.front().backward(step, ofInput);
        // [N, Q O] and [N Q, O] are the same rows without gaps
        ofOutput = backProbe(step, m_probed->backward(step, {ofAnswers.first, m_config.rnn.outputSize}));
    }
    m_bosGradient = asTensor(backCore(0, ofOutput), m_networks, size).sum(0, true);
    return gradients(pool);
}

Rows ProbingTape::backCore(std::int64_t step, Rows output)
{
    const std::int64_t size = m_config.coreHiddenSize;
    for (std::size_t l = m_core.size(); l-- > 0;) {
        m_core[l].backward(step, output);
        const Rows input = m_core[l].inputGradient();
        if (m_config.residual && output.first != nullptr)
            for (std::int64_t n = 0; n < m_networks; ++n)
                for (std::int64_t i = 0; i < size; ++i)
                    input.first[n * input.stride + i] += output.first[n * output.stride + i];
        output = input;
    }
    return output;
}

Rows ProbingTape::backProbe(std::int64_t step, Rows probes)
{
    if (m_decoder.empty()) {
        const std::int64_t features = m_config.rnn.inputSize;
        const at::Tensor all = asTensor(probes, m_networks * m_config.parallelSequences, features);
        m_rowGradients.select(0, step).copy_(all.unflatten(0, {m_networks, m_config.parallelSequences}).sum(0));
        return {};
    }
    Rows gradient = probes;
    for (std::size_t l = m_decoder.size(); l-- > 0;) {
        if (l == 0) // from [N Q, E] to [N, Q E]
            gradient.stride = m_weights.up[0].size(0);
        gradient = m_decoder[l].backward(step, gradient);
    }
    const at::Tensor encoding = asTensor(gradient, m_networks, m_config.coreHiddenSize);
    m_rowGradients.select(0, step).copy_(encoding.sum(0) * m_config.staticWeight);
    encoding.mul_(m_config.interactiveWeight);
    return gradient;
}

std::vector<at::Tensor> ProbingTape::gradients(BufferPool& pool) const
{
    std::vector<at::Tensor> all {m_bosGradient, m_eosGradient};
    for (const LstmTape& layer : m_core) {
        const LstmTape::Weights of = layer.gradients(pool);
        all.insert(all.end(), {of.input, of.hidden, of.bias, of.bias});
    }
    const auto add = [&](const LinearTape& layer) {
        const LinearTape::Gradients of = layer.gradients();
        all.insert(all.end(), {of.weight, of.bias});
    };
    add(m_answers.front());
    all.push_back(m_rowGradients);
    for (const LinearTape& layer : m_decoder)
        add(layer);
    return all;
}

} // namespace rnnscope::nn
