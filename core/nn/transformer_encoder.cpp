#include "core/nn/transformer_encoder.h"

#include "core/nn/parameter_views.h"
#include "core/nn/products.h"

#include <optional>
#include <string>

namespace rnnscope::nn {

namespace {

/// A matrix and the bias that belongs to its rows.
struct Affine
{
    std::string name; ///< of its input transformation, as the authors' (they have LSTMs only)
    zoo::ParameterTensor weight;
    std::optional<zoo::ParameterTensor> bias; ///< none in networks without biases
};

std::vector<Affine> affineMaps(const zoo::Architecture& rnn)
{
    const std::vector<zoo::ParameterTensor> tensors = rnn.tensors();
    const std::size_t stride = rnn.bias ? 4 : 2;
    const auto layers = static_cast<std::size_t>(rnn.numLayers);
    std::vector<Affine> maps;
    for (std::size_t layer = 0; layer < layers; ++layer)
        for (std::size_t matrix = 0; matrix < 2; ++matrix) {
            Affine& map = maps.emplace_back();
            map.name = fmt::format("lstm_cells_{}_{}", layer, matrix == 0 ? "i2h" : "h2h");
            map.weight = tensors[layer * stride + matrix];
            if (rnn.bias)
                map.bias = tensors[layer * stride + 2 + matrix];
        }
    maps.push_back({"linear", tensors[layers * stride], tensors[layers * stride + 1]});
    return maps;
}

/// PyTorch's TransformerEncoder makes its layers as copies of one.
void copyParameters(const torch::nn::Module& from, torch::nn::Module& to)
{
    const at::NoGradGuard frozen;
    const auto source = from.parameters();
    auto target = to.parameters();
    for (std::size_t i = 0; i < source.size(); ++i)
        target[i].copy_(source[i]);
}

} // namespace

TransformerEncoder::TransformerEncoder(const zoo::EncoderConfig& config, double dropout)
    : m_size(config.modelSize)
{
    const std::vector<Affine> maps = affineMaps(config.rnn);
    const at::TensorOptions floats(at::kFloat);
    std::int64_t count = 1;
    for (const Affine& map : maps)
        count += static_cast<std::int64_t>(map.weight.rows);
    m_compressionToken = register_parameter("compression_token", at::zeros({1, 1, m_size}, floats));
    m_positions = register_parameter("positional_encoding", at::randn({1, count, m_size}, floats));
    const auto inputs = register_module("input_transformations", std::make_shared<torch::nn::Module>());
    for (const Affine& map : maps) {
        const auto columns = static_cast<std::int64_t>(map.weight.columns) + (map.bias ? 1 : 0);
        m_inputs.push_back(inputs->register_module(map.name, torch::nn::Linear(columns, m_size)));
    }
    const auto transformer = register_module("transformer", std::make_shared<torch::nn::Module>());
    const auto layers = transformer->register_module("layers", std::make_shared<torch::nn::Module>());
    for (int i = 0; i < config.transformerLayers; ++i) {
        m_layers.push_back(std::make_shared<TransformerLayer>(
            TransformerLayerOptions {.size = m_size, .heads = config.transformerHeads, .dropout = dropout}));
        layers->register_module(std::to_string(i), m_layers.back());
        if (i > 0)
            copyParameters(*m_layers.front(), *m_layers.back());
    }
    m_output = register_module("output_projection", torch::nn::Linear(m_size, config.embeddingSize));
}

torch::Tensor TransformerEncoder::forward(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                          ProbingTrace* /*trace*/)
{
    torch::Tensor x = tokens(parameters, rnn);
    for (std::size_t i = 0; i + 1 < m_layers.size(); ++i)
        x = m_layers[i]->forward(x);
    return unhalved(linear(m_layers.back()->forwardLast(x).squeeze(1), *m_output));
}

torch::Tensor TransformerEncoder::tokens(const torch::Tensor& parameters, const zoo::Architecture& rnn)
{
    const std::vector<Affine> maps = affineMaps(rnn);
    std::vector<torch::Tensor> all;
    for (std::size_t i = 0; i < maps.size(); ++i) {
        torch::Tensor rows = viewOf(parameters, maps[i].weight);
        if (maps[i].bias)
            rows = at::cat({rows, viewOf(parameters, *maps[i].bias)}, 2);
        all.push_back(unhalved(linear(rows, *m_inputs[i])));
    }
    all.push_back(m_compressionToken.expand({parameters.size(0), -1, -1}));
    return at::cat(all, 1) + m_positions;
}

std::size_t TransformerEncoder::bytesPerNetwork(const zoo::Architecture& rnn) const
{
    constexpr std::size_t kLiveActivations = 12; // tokens, queries, keys, values, feed-forward (4), sums
    const std::size_t activations
        = static_cast<std::size_t>(m_positions.size(1)) * static_cast<std::size_t>(m_size) * kLiveActivations;
    return sizeof(float) * (2 * rnn.parameterCount() + activations);
}

} // namespace rnnscope::nn
