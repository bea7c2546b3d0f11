#pragma once

#include "core/engine/engine.h"
#include "core/nn/emulator.h"
#include "core/nn/module.h"
#include "core/nn/supervised_objective.h"
#include "core/nn/training_set.h"

#include <c10/core/Device.h>

namespace rnnscope::nn {

/// Weights of an encoder and of what is trained with it; heads are named as SupervisedObjective's.
struct ModelState
{
    zoo::State encoder;
    zoo::State partner;
};

/// The encoder that is trained and its partner: the emulator or, end to end, the heads.
class TrainingModel
{
public:
    /// Fresh weights, the same for the same seed.
    static Result<TrainingModel> make(const TrainingSet& set, const engine::TrainOptions& options, c10::Device device);

    const std::shared_ptr<Objective>& objective() const { return m_objective; }
    ModelState state() const;
    Result<void> load(const ModelState& state);
    /// Puts weights where a checkpoint has them.
    void store(ModelState state, zoo::Checkpoint& checkpoint) const;
    /// The reverse.
    ModelState stored(const zoo::Checkpoint& checkpoint) const;

private:
    std::shared_ptr<EncoderModule> m_encoder;
    std::shared_ptr<torch::nn::Module> m_partner;
    std::shared_ptr<Objective> m_objective;
    std::shared_ptr<SupervisedObjective> m_supervised; ///< the same, end to end only
};

/// A fresh emulator for such networks, drawn from Torch's generator, its gates open as in the published training.
std::shared_ptr<Emulator> makeEmulator(const zoo::Architecture& rnn, const engine::TrainOptions& options);

} // namespace rnnscope::nn
