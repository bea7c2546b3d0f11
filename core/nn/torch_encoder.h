#pragma once

#include "core/engine/engine.h"
#include "core/nn/module.h"

#include <c10/core/Device.h>

#include <memory>
#include <span>

namespace rnnscope::nn {

/// A trained encoder on a device.
class TorchEncoder final : public engine::Encoder
{
public:
    static Result<std::unique_ptr<engine::Encoder>> make(const zoo::Checkpoint& checkpoint, c10::Device device);

    const zoo::EncoderConfig& config() const override { return m_config; }
    engine::DeviceInfo device() const override;
    Result<void> encode(const zoo::Zoo& zoo, const engine::EncodeOptions& options, const engine::BlockSink& sink,
                        Progress& progress, std::stop_token stop) override;

private:
    TorchEncoder(zoo::EncoderConfig config, std::shared_ptr<EncoderModule> module, c10::Device device);
    struct Stretch;
    /// Rows first + offset … of the zoo into `weights`, and on to their raw embedding.
    void encodeStretch(const zoo::Zoo& zoo, std::size_t first, std::size_t offset, std::span<float> weights,
                       bool traces, Stretch& stretch) const;
    engine::EncodedBlock blockOf(std::size_t first, const std::vector<Stretch>& stretches) const;
    /// `weights` [n, P]: memory for the rows from `first` on.
    Result<engine::EncodedBlock> encodeBatch(const zoo::Zoo& zoo, std::size_t first, std::span<float> weights,
                                             bool traces) const;

    zoo::EncoderConfig m_config;
    std::shared_ptr<EncoderModule> m_module;
    c10::Device m_device;
};

} // namespace rnnscope::nn
