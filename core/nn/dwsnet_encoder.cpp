#include "core/nn/dwsnet_encoder.h"

#include "core/nn/parameter_views.h"

#include <algorithm>
#include <string>

namespace rnnscope::nn {

namespace {

/// [N, gates H, columns] -> [N, H, columns, gates]
torch::Tensor gatesAsChannels(const torch::Tensor& weight, std::int64_t gates)
{
    return weight.unflatten(1, {gates, weight.size(1) / gates}).permute({0, 2, 3, 1}).contiguous();
}

/// The read-out has no gates; it is repeated as often. [N, O, columns] -> [N, O, columns, gates]
torch::Tensor repeated(const torch::Tensor& weight, std::int64_t gates)
{
    return weight.unsqueeze(3).expand({-1, -1, -1, gates});
}

WeightMaps asMaps(const torch::Tensor& parameters, const zoo::Architecture& rnn)
{
    const std::vector<zoo::ParameterTensor> tensors = rnn.tensors();
    const std::int64_t gates = rnn.gates();
    std::size_t next = 0;
    const auto take = [&] { return gatesAsChannels(viewOf(parameters, tensors[next++]), gates); };
    WeightMaps maps;
    for (int layer = 0; layer < rnn.numLayers; ++layer) {
        maps.inputWeights.push_back(take());
        maps.hiddenWeights.push_back(take());
        maps.inputBiases.push_back(rnn.bias ? take().squeeze(2) : torch::Tensor());
        maps.hiddenBiases.push_back(rnn.bias ? take().squeeze(2) : torch::Tensor());
    }
    maps.inputWeights.push_back(repeated(viewOf(parameters, tensors[next]), gates));
    maps.inputBiases.push_back(repeated(viewOf(parameters, tensors[next + 1]), gates).squeeze(2));
    return maps;
}

} // namespace

DwsNetEncoder::DwsNetEncoder(const zoo::EncoderConfig& config)
{
    const auto layers = register_module("np_model", std::make_shared<torch::nn::Module>());
    std::int64_t in = config.rnn.gates();
    for (std::size_t i = 0; i < config.channels.size(); ++i) {
        const std::int64_t out = config.channels[i];
        m_layers.push_back(std::make_shared<DwsNetLayer>(config.rnn, in, out));
        layers->register_module(std::to_string(2 * i), m_layers.back()); // the ReLUs have the odd numbers
        m_widest = std::max(m_widest, static_cast<std::size_t>(out));
        in = out;
    }
    m_mlp = register_module("mlp_model",
                            std::make_shared<Mlp>(MlpOptions {
                                .in = static_cast<std::int64_t>(config.rnn.tensors().size()) * in,
                                .hidden = config.mlpHiddenSizes,
                                .out = config.embeddingSize,
                            }));
}

torch::Tensor DwsNetEncoder::forward(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                     ProbingTrace* /*trace*/)
{
    // The maps of many networks leave the caches: on the CPU a block of networks at a time is nearly twice as fast.
    constexpr std::int64_t kBlock = 4;
    if (!parameters.is_cpu() || at::GradMode::is_enabled() || parameters.size(0) <= kBlock)
        return embed(parameters, rnn);
    std::vector<torch::Tensor> blocks;
    for (const torch::Tensor& block : parameters.split(kBlock))
        blocks.push_back(embed(block, rnn));
    return at::cat(blocks);
}

torch::Tensor DwsNetEncoder::embed(const torch::Tensor& parameters, const zoo::Architecture& rnn)
{
    WeightMaps maps = asMaps(parameters, rnn);
    for (std::size_t i = 0; i + 1 < m_layers.size(); ++i)
        maps = m_layers[i]->forward(maps);
    return m_mlp->forward(m_layers.back()->means(maps));
}

void DwsNetEncoder::pack()
{
    for (const auto& layer : m_layers)
        layer->pack();
    m_mlp->pack();
}

std::size_t DwsNetEncoder::bytesPerNetwork(const zoo::Architecture& rnn) const
{
    const std::size_t positions = rnn.parameterCount() / static_cast<std::size_t>(rnn.gates())
        + static_cast<std::size_t>(rnn.outputSize) * (static_cast<std::size_t>(rnn.hiddenSize) + 1);
    return sizeof(float) * (2 * rnn.parameterCount() + 3 * positions * m_widest); // a layer's input, output and means
}

} // namespace rnnscope::nn
