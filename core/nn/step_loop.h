#pragma once

#include "core/engine/engine.h"
#include "core/nn/batch_source.h"
#include "core/nn/training_step.h"

#include <memory>
#include <optional>

namespace rnnscope::nn {

/// Steps of one objective on the batches of one zoo, with a learning rate that falls linearly over all of them.
class StepLoop
{
public:
    StepLoop(std::shared_ptr<const TrainingSet> set, std::shared_ptr<Objective> objective,
             const engine::TrainOptions& options, c10::Device device);

    std::size_t step() const { return m_step.optimizer().steps(); }
    /// One step. Errors leave the parameters as they were; those of training name the step.
    Result<StepResult> advance(Progress& progress);
    /// Mean loss of `examples` with the parameters as they are; NaN when there are none.
    Result<double> meanLoss(std::span<const Example> examples, const std::stop_token& stop);

    zoo::State moments() const { return m_step.optimizer().moments(); }
    /// The parameters are set already.
    Result<void> resume(const zoo::State& moments, std::size_t step);
    /// To take back steps made in between.
    Optimizer::Saved save() const { return m_step.optimizer().save(); }
    void undo(const Optimizer::Saved& saved);

private:
    std::shared_ptr<const TrainingSet> m_set;
    engine::TrainOptions m_options;
    BatchOptions m_batches;
    TrainingStep m_step;
    std::unique_ptr<BatchSource> m_source; ///< made when first needed, and anew after undo()
};

} // namespace rnnscope::nn
