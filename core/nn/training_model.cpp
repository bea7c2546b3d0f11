#include "core/nn/training_model.h"

#include "core/nn/emulation_objective.h"
#include "core/nn/seeded_torch.h"

namespace rnnscope::nn {

std::shared_ptr<Emulator> makeEmulator(const zoo::Architecture& rnn, const engine::TrainOptions& options)
{
    return std::make_shared<Emulator>(options.emulator, options.config.embeddingSize, rnn.inputSize, rnn.outputSize);
}

Result<TrainingModel> TrainingModel::make(const TrainingSet& set, const engine::TrainOptions& options,
                                          c10::Device device)
{
    const SeededTorch seeded(options.seed);
    TrainingModel model;
    auto encoder = makeEncoderModule(options.config);
    if (!encoder)
        return forward(encoder);
    model.m_encoder = *std::move(encoder);
    if (options.endToEnd) {
        auto supervised = SupervisedObjective::make(set, options, model.m_encoder, device);
        if (!supervised)
            return forward(supervised);
        model.m_supervised = *std::move(supervised);
        model.m_partner = model.m_supervised->headsModule();
        model.m_objective = model.m_supervised;
    } else {
        const auto criterion = criterionFromName(options.criterion);
        if (!criterion)
            return forward(criterion);
        const auto emulator = makeEmulator(set.zoo->architecture, options);
        model.m_partner = emulator;
        model.m_objective = std::make_shared<EmulationObjective>(options.config, model.m_encoder, emulator, *criterion);
    }
    model.m_encoder->to(device);
    model.m_partner->to(device);
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

void TrainingModel::store(ModelState state, zoo::Checkpoint& checkpoint) const
{
    checkpoint.encoder = std::move(state.encoder);
    if (m_supervised)
        checkpoint.heads = m_supervised->headsOf(state.partner);
    else
        checkpoint.emulator = std::move(state.partner);
}

ModelState TrainingModel::stored(const zoo::Checkpoint& checkpoint) const
{
    return {checkpoint.encoder, m_supervised ? m_supervised->stateOf(checkpoint.heads) : checkpoint.emulator};
}

} // namespace rnnscope::nn
