#include "core/nn/emulator.h"

#include "core/nn/emulator_function.h"

#include <fmt/format.h>

namespace rnnscope::nn {

Emulator::Emulator(const zoo::EmulatorConfig& config, std::int64_t embeddingSize, std::int64_t inputSize,
                   std::int64_t outputSize)
    : m_config(config)
{
    const std::int64_t hidden = config.hiddenSize;
    m_inputProjection = register_module("input_projection", torch::nn::Linear(inputSize, hidden));
    m_embeddingProjection = register_module("embedding_projection", torch::nn::Linear(embeddingSize, hidden));
    const auto options = torch::nn::LSTMOptions(hidden, hidden).num_layers(config.numLayers).batch_first(true);
    m_lstm = register_module("lstm", torch::nn::LSTM(options));
    m_outputProjection = register_module("output_projection", torch::nn::Linear(hidden, outputSize));
}

torch::Tensor Emulator::forward(const torch::Tensor& embedding, const torch::Tensor& inputs,
                                std::optional<State>* state)
{
    if (state == nullptr)
        if (const torch::Tensor hidden = fused(embedding, inputs); hidden.defined())
            return m_outputProjection(hidden);
    const bool started = state != nullptr && state->has_value();
    const torch::Tensor x = condition(embedding, m_inputProjection(inputs), started);
    const auto [outputs, last] = started ? m_lstm->forward(x, **state) : m_lstm->forward(x);
    if (state != nullptr)
        *state = last;
    return m_outputProjection(outputs);
}

torch::Tensor Emulator::fused(const torch::Tensor& embedding, const torch::Tensor& inputs)
{
    if (!at::GradMode::is_enabled())
        return {};
    const EmulatorInput input {.inputs = inputs,
                               .embedding = m_embeddingProjection(embedding),
                               .onlyFirstStep = m_config.onlyConditionBos,
                               .projectionWeight = m_inputProjection->weight,
                               .projectionBias = m_inputProjection->bias,
                               .lstm = m_lstm->parameters()};
    return canEmulateFused(input) ? emulatedHidden(input, m_pool) : torch::Tensor();
}

torch::Tensor Emulator::condition(const torch::Tensor& embedding, const torch::Tensor& projected, bool started)
{
    if (!m_config.onlyConditionBos)
        return projected + m_embeddingProjection(embedding).unsqueeze(1);
    if (started)
        return projected;
    const torch::Tensor first = projected.narrow(1, 0, 1) + m_embeddingProjection(embedding).unsqueeze(1);
    return at::cat({first, projected.narrow(1, 1, projected.size(1) - 1)}, 1);
}

void Emulator::openGates()
{
    const at::NoGradGuard frozen;
    auto parameters = m_lstm->named_parameters();
    for (int layer = 0; layer < m_config.numLayers; ++layer)
        parameters[fmt::format("bias_ih_l{}", layer)].narrow(0, m_config.hiddenSize, m_config.hiddenSize).fill_(1.0);
}

} // namespace rnnscope::nn
