#include "core/nn/emulation_objective.h"

#include <ATen/ops/zeros.h>

#include <fmt/format.h>

namespace rnnscope::nn {

namespace {

at::Tensor emulationLosses(Criterion criterion, Emulator& emulator, const at::Tensor& embedding,
                           const TrainingBatch& batch)
{
    return losses(criterion, emulator.forward(embedding, batch.inputs), batch.logits, batch.nextTokens);
}

/// "the recorded logits of network 7 are not finite", or empty.
std::string badTensor(const char* what, const at::Tensor& values, const TrainingBatch& batch)
{
    const std::int64_t row = firstBadRow(values);
    return row < 0
        ? ""
        : fmt::format("{} of network {} are not finite", what, batch.examples[static_cast<std::size_t>(row)].row);
}

std::string badRecording(const TrainingBatch& batch)
{
    const std::string inputs = badTensor("the recorded inputs", batch.inputs, batch);
    return inputs.empty() ? badTensor("the recorded logits", batch.logits, batch) : inputs;
}

std::string badEmulation(Emulator& emulator, const at::Tensor& embedding, const TrainingBatch& batch)
{
    const std::string found = badTensor("the emulated logits", emulator.forward(embedding, batch.inputs), batch);
    return found.empty() ? "the criterion itself has no finite value" : found;
}

} // namespace

EmulationObjective::EmulationObjective(zoo::EncoderConfig config, std::shared_ptr<EncoderModule> encoder,
                                       std::shared_ptr<Emulator> emulator, Criterion criterion)
    : Objective({{"emulator", emulator}, {"encoder", encoder}})
    , m_config(std::move(config))
    , m_encoder(std::move(encoder))
    , m_emulator(std::move(emulator))
    , m_criterion(criterion)
{
}

at::Tensor EmulationObjective::embed(const TrainingBatch& batch)
{
    const at::Tensor raw = m_encoder->forward(batch.parameters, m_config.rnn);
    return m_config.normalize ? normalized(raw) : raw;
}

at::Tensor EmulationObjective::losses(const TrainingBatch& batch)
{
    return emulationLosses(m_criterion, *m_emulator, embed(batch), batch);
}

std::string EmulationObjective::whatIsNotFinite(const TrainingBatch& batch)
{
    const at::NoGradGuard untracked;
    for (const std::string& found : {badPart(), badRecording(batch)})
        if (!found.empty())
            return found;
    const at::Tensor embedding = embed(batch);
    const std::string found = badTensor("the numbers of the embedding", embedding, batch);
    return found.empty() ? badEmulation(*m_emulator, embedding, batch) : found;
}

ConstantObjective::ConstantObjective(std::int64_t embeddingSize, std::shared_ptr<Emulator> emulator,
                                     Criterion criterion)
    : Objective({{"emulator", emulator}})
    , m_embeddingSize(embeddingSize)
    , m_emulator(std::move(emulator))
    , m_criterion(criterion)
{
}

at::Tensor ConstantObjective::losses(const TrainingBatch& batch)
{
    const at::Tensor embedding = at::zeros({1, m_embeddingSize}, batch.inputs.options());
    embedding.select(1, 0).fill_(1.0);
    return emulationLosses(m_criterion, *m_emulator, embedding.expand({batch.size(), -1}), batch);
}

std::string ConstantObjective::whatIsNotFinite(const TrainingBatch& batch)
{
    const at::NoGradGuard untracked;
    for (const std::string& found : {badPart(), badRecording(batch)})
        if (!found.empty())
            return found;
    const at::Tensor embedding = at::zeros({batch.size(), m_embeddingSize}, batch.inputs.options());
    embedding.select(1, 0).fill_(1.0);
    return badEmulation(*m_emulator, embedding, batch);
}

} // namespace rnnscope::nn
