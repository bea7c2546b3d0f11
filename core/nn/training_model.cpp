#include "core/nn/training_model.h"

#include "core/nn/emulation_objective.h"
#include "core/nn/seeded_torch.h"

namespace rnnscope::nn {

std::shared_ptr<Emulator> makeEmulator(const zoo::Architecture& rnn, const engine::TrainOptions& options)
{
    auto emulator
        = std::make_shared<Emulator>(options.emulator, options.config.embeddingSize, rnn.inputSize, rnn.outputSize);
    emulator->openGates();
    return emulator;
}

Result<TrainingModel> TrainingModel::make(const TrainingSet& set, const engine::TrainOptions& options,
                                          c10::Device device)
{
    const SeededTorch seeded(options.seed);
    const auto criterion = criterionFromName(options.criterion);
    if (!criterion)
        return forward(criterion);
    auto encoder = makeEncoderModule(options.config);
    if (!encoder)
        return forward(encoder);
    const auto emulator = makeEmulator(set.zoo->architecture, options);
    (*encoder)->to(device);
    emulator->to(device);
    TrainingModel model;
    model.m_encoder = *std::move(encoder);
    model.m_partner = emulator;
    model.m_objective = std::make_shared<EmulationObjective>(options.config, model.m_encoder, emulator, *criterion);
    return model;
}

ModelState TrainingModel::state() const
{
    return {saveState(*m_encoder), saveState(*m_partner)};
}

Result<void> TrainingModel::load(const ModelState& state)
{
    if (auto loaded = loadState(*m_encoder, state.encoder); !loaded)
        return loaded;
    return loadState(*m_partner, state.partner);
}

} // namespace rnnscope::nn
