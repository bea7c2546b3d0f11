#pragma once

#include "core/engine/engine.h"
#include "core/nn/mlp.h"
#include "core/nn/module.h"
#include "core/nn/objective.h"
#include "core/nn/training_set.h"

namespace rnnscope::nn {

/// End to end: encoder and heads learn the properties together, from labels alone. The loss is the sum over the
/// properties of the heads' losses; a property that is not known for a network counts nothing there.
class SupervisedObjective : public Objective
{
public:
    /// Draws the heads' weights from Torch's generator. BadValue when no property is known for two training networks.
    static Result<std::shared_ptr<SupervisedObjective>> make(const TrainingSet& set,
                                                             const engine::TrainOptions& options,
                                                             std::shared_ptr<EncoderModule> encoder,
                                                             c10::Device device);

    Reads reads() const override { return Reads::Networks; }
    at::Tensor losses(const TrainingBatch& batch) override;
    std::string whatIsNotFinite(const TrainingBatch& batch) override;

    /// "<index of the head>.<tensor>" are the tensors of this module's state.
    const std::shared_ptr<torch::nn::Module>& headsModule() const { return m_module; }
    /// The heads with the weights of a state of headsModule(), not calibrated.
    std::vector<zoo::Head> headsOf(const zoo::State& state) const;
    /// The reverse; files keep heads in another order.
    zoo::State stateOf(const std::vector<zoo::Head>& heads) const;

private:
    struct Task
    {
        zoo::Head head; ///< without weights
        at::Tensor targets; ///< [N, K]
        std::shared_ptr<Mlp> model;
    };

    SupervisedObjective(zoo::EncoderConfig config, std::shared_ptr<EncoderModule> encoder,
                        std::shared_ptr<torch::nn::Module> module, std::vector<Task> tasks);
    at::Tensor embed(const TrainingBatch& batch);

    zoo::EncoderConfig m_config;
    std::shared_ptr<EncoderModule> m_encoder;
    std::shared_ptr<torch::nn::Module> m_module;
    std::vector<Task> m_tasks;
};

} // namespace rnnscope::nn
