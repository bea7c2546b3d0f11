#pragma once

#include "core/base/progress.h"
#include "core/nn/optimizer.h"

#include <c10/core/Device.h>

#include <memory>

namespace rnnscope::nn {

struct StepOptions
{
    double weightDecay = 0.01;
    double gradientClip = 0.1; ///< norm of each part
    c10::Device device {c10::kCPU};
};

struct StepResult
{
    double loss = 0.0; ///< mean over the batch, before the step
    std::vector<double> gradientNorms; ///< of each part, before clipping
};

/// Gradient, clipping and AdamW of one objective. On the CPU a batch is cut into as many stretches as ATen has threads;
/// the same number of threads gives the same bits.
class TrainingStep
{
public:
    TrainingStep(std::shared_ptr<Objective> objective, const StepOptions& options);

    /// BadValue naming the cause when the loss or the gradient is not finite; no parameter has changed then. When
    /// memory runs out the batch is taken in smaller pieces from then on, and progress.note() says so. Other failures
    /// of LibTorch are thrown.
    Result<StepResult> make(const TrainingBatch& batch, double learningRate, std::uint64_t dropoutSeed,
                            Progress& progress);
    /// Sum of the losses of `batch`, the modules in evaluation mode.
    double lossSum(const TrainingBatch& batch);

    Objective& objective() { return *m_objective; }
    Optimizer& optimizer() { return m_optimizer; }
    const Optimizer& optimizer() const { return m_optimizer; }

private:
    double gradient(const TrainingBatch& batch, std::uint64_t dropoutSeed, Progress& progress);
    double gradientInPieces(const TrainingBatch& batch, std::uint64_t dropoutSeed);
    int threads() const;

    std::shared_ptr<Objective> m_objective;
    StepOptions m_options;
    Optimizer m_optimizer;
    std::int64_t m_piece = 0; ///< examples at once; 0: the whole batch
};

} // namespace rnnscope::nn
