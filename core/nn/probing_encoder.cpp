#include "core/nn/probing_encoder.h"

#include "core/nn/batched_rnn.h"
#include "core/nn/probing_function.h"

#include <algorithm>
#include <string>

namespace rnnscope::nn {

namespace {

torch::Tensor zeros(at::IntArrayRef shape)
{
    return at::zeros(shape, at::TensorOptions(at::kFloat));
}

} // namespace

struct ProbingEncoder::Core
{
    std::vector<CoreState> layers;
};

ProbingEncoder::ProbingEncoder(const zoo::EncoderConfig& config)
    : m_config(config)
{
    const std::int64_t core = config.coreHiddenSize;
    const std::int64_t layers = config.coreLayers;
    const std::int64_t encoding = config.mlpHiddenSize;
    const std::vector<int> hidden(static_cast<std::size_t>(config.mlpLayers), config.mlpHiddenSize);
    m_bos = register_parameter("bos", zeros({1, core}));
    m_eos = register_parameter("eos", zeros({1, core}));
    // In the authors' state but never used: the core starts from zeros.
    register_parameter("h0", zeros({layers, 1, core}));
    register_parameter("c0", zeros({layers, 1, core}));
    m_probingEncodings = register_parameter("probing_encodings",
                                            at::randn({config.probingLength + 1, core}, at::TensorOptions(at::kFloat)));
    const auto cells = register_module("rnn_cells", std::make_shared<torch::nn::Module>());
    for (std::int64_t layer = 0; layer < layers; ++layer) {
        m_cells.push_back(std::make_shared<CoreCell>(config.coreCell, core));
        cells->register_module(std::to_string(layer), m_cells.back());
        if (config.openGates)
            m_cells.back()->openGates();
    }
    const auto add = [this](const char* name, const MlpOptions& options) {
        return register_module(name, std::make_shared<Mlp>(options));
    };
    const std::int64_t answers = std::int64_t {config.parallelSequences} * config.rnn.outputSize;
    m_outputTransform = add("probing_output_transform", {answers, {}, core, config.dropout});
    m_projUp = add("proj_up", {core, {}, config.parallelSequences * encoding, 0.0});
    m_inputDecoder = add("probing_input_decoder", {encoding, hidden, config.rnn.inputSize, config.dropout});
    m_embeddingTransform = add("output_transform", {core, hidden, config.embeddingSize, config.dropout});
}

torch::Tensor ProbingEncoder::forward(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                      ProbingTrace* trace)
{
    const torch::Tensor fixed = fixedProbes();
    torch::Tensor output = trace == nullptr ? fused(parameters, rnn, fixed) : torch::Tensor();
    if (!output.defined())
        output = rollOut(parameters, rnn, fixed, trace);
    return m_embeddingTransform->forward(output);
}

torch::Tensor ProbingEncoder::fused(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                    const torch::Tensor& fixed)
{
    if (is_training() && m_config.dropout > 0.0)
        return {};
    ProbingWeights weights;
    weights.bos = m_bos;
    weights.eos = m_eos;
    weights.probes = fixed;
    for (const auto& cell : m_cells)
        for (const torch::Tensor& tensor : cell->parameters())
            weights.core.push_back(tensor);
    weights.answers = m_outputTransform->parameters();
    if (!fixed.defined()) {
        weights.encodings = m_probingEncodings;
        weights.up = m_projUp->parameters();
        weights.decoder = m_inputDecoder->parameters();
    }
    return canProbeFused(m_config, weights, rnn, parameters)
        ? probedCoreOutput(m_config, weights, rnn, parameters, m_pool)
        : torch::Tensor();
}

torch::Tensor ProbingEncoder::rollOut(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                      const torch::Tensor& fixed, ProbingTrace* trace)
{
    const std::int64_t networks = parameters.size(0);
    const BatchedRnn probed(rnn, parameters);
    RnnState state = probed.zeroState(m_config.parallelSequences);
    const torch::Tensor zero = at::zeros({networks, m_config.coreHiddenSize}, m_bos.options().requires_grad(false));
    Core core {std::vector<CoreState>(m_cells.size(), CoreState {zero, zero})};
    std::vector<torch::Tensor> inputs;
    std::vector<torch::Tensor> outputs;
    torch::Tensor coreOutput = stepCore(m_bos.expand({networks, -1}), core);
    for (std::int64_t t = 0; t < m_config.probingLength; ++t) {
        const torch::Tensor probe = probeAt(t, coreOutput, fixed);
        const torch::Tensor answer = probed.step(probe, state);
        if (trace != nullptr) {
            inputs.push_back(probe);
            outputs.push_back(answer);
        }
        coreOutput = stepCore(m_outputTransform->forward(answer.flatten(1)).sigmoid_(), core);
    }
    if (trace != nullptr)
        *trace = {at::stack(inputs, 1), at::stack(outputs, 1)};
    return stepCore(m_eos.expand({networks, -1}), core);
}

torch::Tensor ProbingEncoder::stepCore(const torch::Tensor& input, Core& core) const
{
    torch::Tensor x = input;
    for (std::size_t layer = 0; layer < m_cells.size(); ++layer) {
        const torch::Tensor hidden = m_cells[layer]->step(x, core.layers[layer]);
        x = m_config.residual ? hidden + x : hidden;
    }
    return x;
}

torch::Tensor ProbingEncoder::probes(const torch::Tensor& encoding)
{
    const torch::Tensor up
        = m_projUp->forward(encoding).relu_().unflatten(-1, {m_config.parallelSequences, m_config.mlpHiddenSize});
    const torch::Tensor raw = m_inputDecoder->forward(up);
    return m_config.softmaxProbes ? raw.softmax(-1) : raw.sigmoid();
}

torch::Tensor ProbingEncoder::probeAt(std::int64_t step, const torch::Tensor& coreOutput, const torch::Tensor& fixed)
{
    if (fixed.defined())
        return fixed[step].unsqueeze(0).expand({coreOutput.size(0), -1, -1});
    torch::Tensor encoding = m_config.interactiveWeight * coreOutput;
    // While training even a weight of 0 must give the learned rows a gradient (of 0): the optimiser then decays them.
    if (m_config.staticWeight != 0.0 || at::GradMode::is_enabled())
        encoding = encoding + m_config.staticWeight * m_probingEncodings[step];
    return probes(encoding);
}

torch::Tensor ProbingEncoder::fixedProbes()
{
    const bool perNetworkDropout = is_training() && m_config.dropout > 0.0;
    if (m_config.interactiveWeight != 0.0 || perNetworkDropout)
        return {};
    return probes(m_config.staticWeight * m_probingEncodings.narrow(0, 0, m_config.probingLength));
}

std::size_t ProbingEncoder::bytesPerNetwork(const zoo::Architecture& rnn) const
{
    const auto size = [](int value) { return static_cast<std::size_t>(value); };
    const std::size_t parallel = size(m_config.parallelSequences);
    const std::size_t core = size(m_config.coreHiddenSize) * (12 + 2 * size(m_config.coreLayers));
    const std::size_t encodings = 3 * parallel * size(m_config.mlpHiddenSize);
    const std::size_t states = parallel * size(rnn.hiddenSize) * (size(rnn.gates()) * 3 + 2 * size(rnn.numLayers));
    const std::size_t features = parallel * size(rnn.inputSize + rnn.outputSize);
    // Parameters twice: as they come, and with both matrices of a layer side by side. The traces are kept to the end.
    return sizeof(float)
        * (2 * rnn.parameterCount() + core + encodings + states + features * (4 + 2 * size(m_config.probingLength)));
}

} // namespace rnnscope::nn
