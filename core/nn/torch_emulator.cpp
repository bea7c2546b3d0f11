#include "core/nn/torch_emulator.h"

#include "core/nn/devices.h"
#include "core/nn/module.h"

#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace rnnscope::nn {

namespace {

/// A copy on `device`; `values` are only read.
torch::Tensor copied(std::span<const float> values, at::IntArrayRef shape, c10::Device device)
{
    auto* data = const_cast<float*>(values.data()); // NOLINT(cppcoreguidelines-pro-type-const-cast): from_blob wants it
    return at::from_blob(data, shape, at::kFloat).to(device, at::kFloat, false, true);
}

} // namespace

Result<std::unique_ptr<engine::Emulator>> TorchEmulator::make(const zoo::Checkpoint& checkpoint, c10::Device device)
{
    if (checkpoint.emulator.empty())
        return fail(Errc::NotFound, checkpoint.title() + " has no emulator");
    const auto& config = checkpoint.config;
    auto module = std::make_shared<nn::Emulator>(checkpoint.emulatorConfig, config.embeddingSize, config.rnn.inputSize,
                                                 config.rnn.outputSize);
    if (auto loaded = loadState(*module, checkpoint.emulator); !loaded)
        return fail(loaded.error().code, "the emulator's " + loaded.error().message);
    module->eval();
    try {
        module->to(device);
    } catch (const std::exception& error) {
        return fail(Errc::Device, "the emulator does not fit the device: " + firstLine(error), error.what());
    }
    return std::unique_ptr<engine::Emulator>(new TorchEmulator(config, std::move(module), device));
}

TorchEmulator::TorchEmulator(const zoo::EncoderConfig& config, std::shared_ptr<nn::Emulator> module, c10::Device device)
    : m_module(std::move(module))
    , m_device(device)
    , m_size(static_cast<std::size_t>(config.embeddingSize))
    , m_inputs(static_cast<std::size_t>(config.rnn.inputSize))
    , m_outputs(static_cast<std::size_t>(config.rnn.outputSize))
{
}

Result<void> TorchEmulator::begin(std::span<const float> embedding, std::size_t sequences)
{
    if (embedding.size() != m_size)
        return fail(Errc::ShapeMismatch,
                    fmt::format("an embedding of {} numbers is not one of {}", embedding.size(), m_size));
    const c10::InferenceMode inference;
    m_embedding = copied(embedding, {1, static_cast<std::int64_t>(m_size)}, m_device)
                      .expand({static_cast<std::int64_t>(sequences), -1});
    m_state.reset();
    return {};
}

Result<void> TorchEmulator::step(std::span<const float> inputs, std::span<float> logits)
{
    const auto sequences = m_embedding.defined() ? m_embedding.size(0) : 0;
    const auto count = static_cast<std::size_t>(sequences);
    if (inputs.size() != count * m_inputs || logits.size() != count * m_outputs)
        return fail(Errc::ShapeMismatch, "an emulator's step is given another number of sequences than it began with");
    const c10::InferenceMode inference;
    try {
        const auto given = copied(inputs, {sequences, 1, static_cast<std::int64_t>(m_inputs)}, m_device);
        const auto answer = m_module->forward(m_embedding, given, &m_state).to(at::kCPU, at::kFloat).contiguous();
        std::copy_n(answer.data_ptr<float>(), logits.size(), logits.begin());
    } catch (const std::exception& error) {
        return fail(isOutOfMemory(error) ? Errc::Device : Errc::BadValue, "emulation failed: " + firstLine(error),
                    error.what());
    }
    return {};
}

} // namespace rnnscope::nn
