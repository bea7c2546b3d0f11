#pragma once

#include "core/engine/engine.h"
#include "core/nn/module.h"

#include <c10/core/Device.h>

#include <memory>
#include <span>

namespace rnnscope::nn {

class StagedRows;

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
    struct Batch
    {
        const zoo::Zoo& zoo;
        std::size_t first;
        std::size_t count;
        engine::Precision precision;
        bool traces;
    };
    struct Stretch;
    /// Rows first + offset … of the zoo into `weights`, and on to their raw embedding.
    void encodeStretch(const Batch& batch, std::size_t offset, std::span<float> weights, Stretch& stretch) const;
    void embed(const Batch& batch, const at::Tensor& parameters, Stretch& stretch) const;
    engine::EncodedBlock blockOf(const Batch& batch, const std::vector<Stretch>& stretches) const;
    /// `weights` [count, P]: memory for the rows of the batch.
    Result<engine::EncodedBlock> encodeOnCpu(const Batch& batch, std::span<float> weights) const;
    /// The `next` rows after the batch are read while the GPU works on it.
    Result<engine::EncodedBlock> encodeOnGpu(const Batch& batch, StagedRows& staged, std::size_t next) const;

    zoo::EncoderConfig m_config;
    std::shared_ptr<EncoderModule> m_module;
    c10::Device m_device;
};

} // namespace rnnscope::nn
