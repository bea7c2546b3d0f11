#include "core/nn/training_step.h"

#include "core/nn/batch_gradient.h"
#include "core/nn/devices.h"
#include "core/nn/dropout.h"
#include "core/nn/random_stream.h"
#include "core/nn/shards.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rnnscope::nn {

namespace {

/// The authors' clipping: torch.nn.utils.clip_grad_norm_.
double clipScale(double norm, double limit)
{
    constexpr double kEpsilon = 1e-6;
    return std::min(1.0, limit / (norm + kEpsilon));
}

/// Without dropout, until the end of the scope.
class EvaluationMode
{
public:
    explicit EvaluationMode(const Objective& objective)
        : m_objective(objective)
    {
        for (const TrainedPart& part : m_objective.parts())
            part.module->eval();
    }
    ~EvaluationMode()
    {
        for (const TrainedPart& part : m_objective.parts())
            part.module->train();
    }
    EvaluationMode(const EvaluationMode&) = delete;
    EvaluationMode& operator=(const EvaluationMode&) = delete;

private:
    const Objective& m_objective;
};

} // namespace

TrainingStep::TrainingStep(std::shared_ptr<Objective> objective, const StepOptions& options)
    : m_objective(std::move(objective))
    , m_options(options)
    , m_optimizer(m_objective->parts(), options.weightDecay)
{
}

Result<StepResult> TrainingStep::make(const TrainingBatch& batch, double learningRate, std::uint64_t dropoutSeed,
                                      Progress& progress)
{
    const TrainingBatch local = batch.to(m_options.device);
    const double loss = gradient(local, dropoutSeed, progress);
    if (!std::isfinite(loss)) {
        const DropoutScope scope(streamSeed(dropoutSeed, Draw::Dropout), m_options.device);
        return fail(Errc::BadValue, "the training loss is not finite: " + m_objective->whatIsNotFinite(local));
    }
    const std::vector<double> norms = m_optimizer.gradientNorms();
    std::vector<double> scales;
    for (std::size_t i = 0; i < norms.size(); ++i) {
        if (!std::isfinite(norms[i]))
            return fail(Errc::BadValue,
                        fmt::format("the norm of the {}'s gradient is not finite though the loss is {:.4g}",
                                    m_objective->parts()[i].name, loss));
        scales.push_back(clipScale(norms[i], m_options.gradientClip));
    }
    m_optimizer.step(learningRate, scales);
    return StepResult {loss, norms};
}

double TrainingStep::gradient(const TrainingBatch& batch, std::uint64_t dropoutSeed, Progress& progress)
{
    while (true) {
        try {
            return gradientInPieces(batch, dropoutSeed);
        } catch (const std::exception& error) {
            const std::int64_t tried = m_piece > 0 ? m_piece : batch.size();
            if (!isOutOfMemory(error) || tried <= 1)
                throw;
            m_piece = (tried + 1) / 2;
            progress.note(fmt::format("out of memory with {} networks at once, going on with {} at once; the gradient "
                                      "is still that of all {}",
                                      tried, m_piece, batch.size()));
        }
    }
}

double TrainingStep::gradientInPieces(const TrainingBatch& batch, std::uint64_t dropoutSeed)
{
    const std::vector<at::Tensor> parameters = m_optimizer.parameters();
    const std::int64_t piece = m_piece > 0 ? std::min(m_piece, batch.size()) : batch.size();
    std::vector<at::Tensor> sums(parameters.size());
    double loss = 0.0;
    for (std::int64_t start = 0; start < batch.size(); start += piece) {
        const std::int64_t size = std::min(piece, batch.size() - start);
        const auto shardLoss = [&](std::int64_t first, std::int64_t count, int /*shard*/) {
            const auto part = static_cast<std::uint64_t>(start + first);
            const DropoutScope scope(streamSeed(dropoutSeed, Draw::Dropout, 0, part), m_options.device);
            return m_objective->losses(batch.narrow(start + first, count)).sum();
        };
        const double mean = batchGradient(parameters, size, threads(), shardLoss);
        if (size == batch.size())
            return mean;
        const double share = static_cast<double>(size) / static_cast<double>(batch.size());
        loss += share * mean;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            if (const at::Tensor& grad = parameters[i].grad(); grad.defined())
                sums[i] = sums[i].defined() ? sums[i] + grad * share : grad * share;
    }
    for (std::size_t i = 0; i < parameters.size(); ++i)
        at::Tensor(parameters[i]).mutable_grad() = sums[i];
    return loss;
}

double TrainingStep::lossSum(const TrainingBatch& batch)
{
    const EvaluationMode evaluating(*m_objective);
    const std::int64_t piece = m_piece > 0 ? std::min(m_piece, batch.size()) : batch.size();
    double sum = 0.0;
    for (std::int64_t start = 0; start < batch.size(); start += piece) {
        const TrainingBatch local = batch.narrow(start, std::min(piece, batch.size() - start)).to(m_options.device);
        std::vector<double> sums(static_cast<std::size_t>(threads()), 0.0);
        forShards(local.size(), threads(), [&](std::int64_t first, std::int64_t count, int shard) {
            const at::NoGradGuard untracked;
            const at::Tensor losses = m_objective->losses(local.narrow(first, count));
            sums[static_cast<std::size_t>(shard)] = losses.sum().item<double>();
        });
        sum = std::accumulate(sums.begin(), sums.end(), sum);
    }
    return sum;
}

int TrainingStep::threads() const
{
    return m_options.device.is_cpu() ? at::get_num_threads() : 1;
}

} // namespace rnnscope::nn
