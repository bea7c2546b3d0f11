#pragma once

#include "core/engine/engine.h"
#include "core/nn/emulator.h"

#include <c10/core/Device.h>

#include <memory>
#include <optional>
#include <span>

namespace rnnscope::nn {

/// A checkpoint's emulator on a device, a step at a time.
class TorchEmulator final : public engine::Emulator
{
public:
    static Result<std::unique_ptr<engine::Emulator>> make(const zoo::Checkpoint& checkpoint, c10::Device device);

    std::size_t inputSize() const override { return m_inputs; }
    std::size_t outputSize() const override { return m_outputs; }
    Result<void> begin(std::span<const float> embedding, std::size_t sequences) override;
    Result<void> step(std::span<const float> inputs, std::span<float> logits) override;

private:
    TorchEmulator(const zoo::EncoderConfig& config, std::shared_ptr<nn::Emulator> module, c10::Device device);

    std::shared_ptr<nn::Emulator> m_module;
    c10::Device m_device;
    std::size_t m_size; ///< D
    std::size_t m_inputs;
    std::size_t m_outputs;
    torch::Tensor m_embedding; ///< [S, D]; undefined before begin()
    std::optional<nn::Emulator::State> m_state;
};

} // namespace rnnscope::nn
