#pragma once

#include "core/nn/emulator.h"
#include "core/nn/losses.h"
#include "core/nn/module.h"
#include "core/nn/objective.h"

namespace rnnscope::nn {

/// An emulator has to imitate each network given only its embedding. Herrmann et al. 2024, section 3.
class EmulationObjective : public Objective
{
public:
    EmulationObjective(zoo::EncoderConfig config, std::shared_ptr<EncoderModule> encoder,
                       std::shared_ptr<Emulator> emulator, Criterion criterion);

    Reads reads() const override { return Reads::NetworksAndRollouts; }
    at::Tensor losses(const TrainingBatch& batch) override;
    std::string whatIsNotFinite(const TrainingBatch& batch) override;

private:
    at::Tensor embed(const TrainingBatch& batch);

    zoo::EncoderConfig m_config;
    std::shared_ptr<EncoderModule> m_encoder;
    std::shared_ptr<Emulator> m_emulator;
    Criterion m_criterion;
};

/// The same without any information about the network: every embedding is the first unit vector, and the emulator's
/// biases learn the rest.
class ConstantObjective : public Objective
{
public:
    ConstantObjective(std::int64_t embeddingSize, std::shared_ptr<Emulator> emulator, Criterion criterion);

    Reads reads() const override { return Reads::NetworksAndRollouts; }
    at::Tensor losses(const TrainingBatch& batch) override;
    std::string whatIsNotFinite(const TrainingBatch& batch) override;

private:
    std::int64_t m_embeddingSize;
    std::shared_ptr<Emulator> m_emulator;
    Criterion m_criterion;
};

} // namespace rnnscope::nn
