#include "core/nn/step_loop.h"

#include "core/nn/random_stream.h"

#include <algorithm>
#include <limits>

namespace rnnscope::nn {

StepLoop::StepLoop(std::shared_ptr<const TrainingSet> set, std::shared_ptr<Objective> objective,
                   const engine::TrainOptions& options, c10::Device device)
    : m_set(std::move(set))
    , m_options(options)
    , m_batches({options.batch, options.seed, objective->reads(), options.permutationAugmentation})
    , m_step(std::move(objective), {options.weightDecay, options.gradientClip, device})
{
}

Result<StepResult> StepLoop::advance(Progress& progress)
{
    const std::size_t index = step();
    if (!m_source)
        m_source = std::make_unique<BatchSource>(m_set, m_batches, index, m_options.steps);
    std::unique_ptr<BatchSource> source = std::move(m_source); // lost with its batch if this step fails
    const auto batch = source->next();
    if (!batch)
        return forward(batch);
    const double share = static_cast<double>(index) / static_cast<double>(m_options.steps);
    const double rate = m_options.learningRate + share * (m_options.finalLearningRate - m_options.learningRate);
    auto made = m_step.make(*batch, rate, streamSeed(m_options.seed, Draw::Dropout, index), progress);
    if (!made)
        return fail(made.error().code, fmt::format("at step {} {}", index + 1, made.error().message),
                    made.error().detail);
    m_source = std::move(source);
    return made;
}

Result<double> StepLoop::meanLoss(std::span<const Example> examples, const std::stop_token& stop)
{
    double sum = 0.0;
    for (std::size_t first = 0; first < examples.size(); first += m_options.batch) {
        if (stop.stop_requested())
            return cancelled("training");
        const std::size_t count = std::min(m_options.batch, examples.size() - first);
        auto batch = readBatch(*m_set->zoo, examples.subspan(first, count), m_batches.reads);
        if (!batch)
            return forward(batch);
        permuteForEvaluation(*m_set, m_batches, step(), first, *batch);
        sum += m_step.lossSum(*batch);
    }
    return examples.empty() ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(examples.size());
}

Result<void> StepLoop::resume(const zoo::State& moments, std::size_t step)
{
    m_source.reset();
    return m_step.optimizer().restore(moments, step);
}

void StepLoop::undo(const Optimizer::Saved& saved)
{
    m_source.reset();
    m_step.optimizer().undo(saved);
}

} // namespace rnnscope::nn
