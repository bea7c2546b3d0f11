#include "core/nn/training_run.h"

#include "core/nn/devices.h"
#include "core/nn/step_loop.h"
#include "core/nn/training_completion.h"
#include "core/nn/training_model.h"
#include "core/nn/training_options.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace rnnscope::nn {

namespace {

class TorchTrainingRun final : public engine::TrainingRun
{
public:
    TorchTrainingRun(std::shared_ptr<const TrainingSet> set, engine::TrainOptions options, c10::Device device,
                     TrainingModel model)
        : m_set(std::move(set))
        , m_options(std::move(options))
        , m_device(device)
        , m_model(std::move(model))
        , m_loop(m_set, m_model.objective(), m_options, device)
        , m_validation(m_set->sample(zoo::Split::Validation, m_model.objective()->reads()))
        , m_ood(m_set->sample(zoo::Split::Ood, m_model.objective()->reads()))
    {
        m_record.criterion = m_options.criterion;
        m_record.splits = m_set->plan.runs;
    }

    std::size_t step() const override { return m_loop.step(); }
    bool done() const override { return m_failed || m_loop.step() >= m_options.steps || patienceIsOver(); }
    const zoo::TrainingRecord& record() const override { return m_record; }

    Result<void> advance(Progress& progress, std::stop_token stop) override;
    zoo::Checkpoint current() const override;
    zoo::Checkpoint snapshot() const override;
    Result<zoo::Checkpoint> finish(Progress& progress, std::stop_token stop) override;

    Result<void> resume(const zoo::Checkpoint& unfinished);

private:
    Result<void> step(Progress& progress, const std::stop_token& stop);
    Result<void> evaluate(Progress& progress, const std::stop_token& stop);
    void keepIfBest(double judged);
    bool evaluationIsDueAt(std::size_t step) const;
    bool patienceIsOver() const { return m_options.patience > 0 && m_sinceBest >= m_options.patience; }
    ModelState best() const { return m_bestStep > 0 ? m_best : m_model.state(); }
    zoo::Checkpoint checkpointWith(ModelState state) const;
    std::string provenance() const;

    std::shared_ptr<const TrainingSet> m_set;
    engine::TrainOptions m_options;
    c10::Device m_device;
    TrainingModel m_model;
    StepLoop m_loop;
    std::vector<Example> m_validation;
    std::vector<Example> m_ood;
    zoo::TrainingRecord m_record;
    double m_lossSum = 0.0; ///< of the steps since the last evaluation
    std::size_t m_lossCount = 0;
    ModelState m_best; ///< once m_bestStep > 0
    double m_bestLoss = std::numeric_limits<double>::infinity();
    std::size_t m_bestStep = 0;
    std::size_t m_sinceBest = 0; ///< evaluations
    bool m_failed = false; ///< the loss was not finite
};

bool TorchTrainingRun::evaluationIsDueAt(std::size_t step) const
{
    return step % m_options.evaluateEvery == 0 || step == m_options.steps;
}

Result<void> TorchTrainingRun::advance(Progress& progress, std::stop_token stop)
{
    if (done())
        return {};
    if (stop.stop_requested())
        return cancelled("training");
    try {
        return step(progress, stop);
    } catch (const std::exception& error) {
        if (isOutOfMemory(error))
            return fail(Errc::Device, "there is not enough memory to train with a single network at once",
                        error.what());
        return fail(Errc::BadValue, "training failed: " + firstLine(error), error.what());
    }
}

Result<void> TorchTrainingRun::step(Progress& progress, const std::stop_token& stop)
{
    const bool due = evaluationIsDueAt(m_loop.step() + 1);
    const Optimizer::Saved before = due ? m_loop.save() : Optimizer::Saved {};
    const auto made = m_loop.advance(progress);
    if (!made) {
        m_failed = made.error().code == Errc::BadValue;
        return forward(made);
    }
    const double sumBefore = m_lossSum;
    m_lossSum += made->loss;
    ++m_lossCount;
    if (!due)
        return {};
    auto evaluated = evaluate(progress, stop);
    if (!evaluated) { // as if this step had not been made
        m_loop.undo(before);
        m_lossSum = sumBefore;
        --m_lossCount;
    }
    return evaluated;
}

Result<void> TorchTrainingRun::evaluate(Progress& progress, const std::stop_token& stop)
{
    const auto validation = m_loop.meanLoss(m_validation, stop);
    if (!validation)
        return forward(validation);
    const auto ood = m_loop.meanLoss(m_ood, stop);
    if (!ood)
        return forward(ood);
    const double training = m_lossSum / static_cast<double>(m_lossCount);
    m_lossSum = 0.0;
    m_lossCount = 0;
    m_record.step.push_back(static_cast<double>(step()));
    m_record.trainLoss.push_back(training);
    m_record.validationLoss.push_back(*validation);
    m_record.oodLoss.push_back(*ood);
    progress.note(fmt::format("step {}: loss training {:.4f}, validation {:.4f}, OOD {:.4f}", step(), training,
                              *validation, *ood));
    keepIfBest(std::isfinite(*validation) ? *validation : training);
    return {};
}

void TorchTrainingRun::keepIfBest(double judged)
{
    ++m_sinceBest;
    if (m_bestStep > 0 && !(judged < m_bestLoss))
        return;
    m_bestLoss = judged;
    m_bestStep = step();
    m_sinceBest = 0;
    m_best = m_model.state();
}

zoo::Checkpoint TorchTrainingRun::checkpointWith(ModelState state) const
{
    zoo::Checkpoint checkpoint;
    checkpoint.config = m_options.config;
    checkpoint.emulatorConfig = m_options.emulator;
    m_model.store(std::move(state), checkpoint);
    checkpoint.training = m_record;
    checkpoint.zooFingerprint = m_set->fingerprint;
    checkpoint.provenance = provenance();
    return checkpoint;
}

zoo::Checkpoint TorchTrainingRun::current() const
{
    zoo::Checkpoint checkpoint = checkpointWith(m_model.state());
    checkpoint.heads.clear();
    return checkpoint;
}

zoo::Checkpoint TorchTrainingRun::snapshot() const
{
    zoo::Checkpoint checkpoint = checkpointWith(best());
    ModelState now = m_model.state();
    checkpoint.resume = zoo::ResumeState {.step = step(),
                                          .options = optionsText(m_options),
                                          .encoder = std::move(now.encoder),
                                          .emulator = std::move(now.partner),
                                          .moments = m_loop.moments(),
                                          .bestLoss = m_bestLoss,
                                          .bestStep = m_bestStep,
                                          .evaluationsSinceBest = m_sinceBest,
                                          .lossSum = m_lossSum,
                                          .lossCount = m_lossCount};
    return checkpoint;
}

Result<void> TorchTrainingRun::resume(const zoo::Checkpoint& unfinished)
{
    const zoo::ResumeState& state = *unfinished.resume;
    if (state.step > m_options.steps || state.bestStep > state.step)
        return fail(Errc::BadValue,
                    fmt::format("the unfinished run says it is at step {} of {}", state.step, m_options.steps));
    if (auto loaded = m_model.load({state.encoder, state.emulator}); !loaded)
        return loaded;
    if (auto loaded = m_loop.resume(state.moments, state.step); !loaded)
        return loaded;
    m_record = unfinished.training.value_or(zoo::TrainingRecord {});
    m_record.criterion = m_options.criterion;
    m_record.splits = m_set->plan.runs;
    m_bestLoss = state.bestLoss;
    m_bestStep = state.bestStep;
    m_best = m_model.stored(unfinished);
    m_sinceBest = state.evaluationsSinceBest;
    m_lossSum = state.lossSum;
    m_lossCount = state.lossCount;
    return {};
}

Result<zoo::Checkpoint> TorchTrainingRun::finish(Progress& progress, std::stop_token stop)
{
    try {
        return completed(checkpointWith(best()), m_set, m_options, m_device, progress, stop);
    } catch (const std::exception& error) {
        return fail(isOutOfMemory(error) ? Errc::Device : Errc::BadValue,
                    "the trained encoder could not be completed: " + firstLine(error), error.what());
    }
}

std::string TorchTrainingRun::provenance() const
{
    const nlohmann::json json = {{"program", "rnnscope"},
                                 {"zoo", m_set->zoo->name},
                                 {"steps", m_options.steps},
                                 {"steps_made", step()},
                                 {"best_step", m_bestStep},
                                 {"batch", m_options.batch},
                                 {"end_to_end", m_options.endToEnd},
                                 {"criterion", m_options.criterion},
                                 {"learning_rate", m_options.learningRate},
                                 {"final_learning_rate", m_options.finalLearningRate},
                                 {"weight_decay", m_options.weightDecay},
                                 {"gradient_clip", m_options.gradientClip},
                                 {"permutation_augmentation", m_options.permutationAugmentation},
                                 {"seed", m_options.seed},
                                 {"split", m_set->plan.byRun ? "run" : "task"},
                                 {"split_note", m_set->plan.note}};
    return json.dump();
}

/// Refuses to go on with a run on another zoo or with other options.
Result<void> checkResumable(const zoo::Checkpoint& unfinished, const TrainingSet& set,
                            const engine::TrainOptions& options)
{
    if (!unfinished.resume)
        return fail(Errc::BadValue, "the checkpoint is of a finished run, there is nothing to go on with");
    if (unfinished.zooFingerprint != set.fingerprint)
        return fail(Errc::BadValue,
                    fmt::format("the unfinished run was on another zoo: its fingerprint is {}, that of {} is {}",
                                unfinished.zooFingerprint, set.zoo->path.string(), set.fingerprint));
    const std::string difference = optionsDifference(optionsText(options), unfinished.resume->options);
    if (!difference.empty())
        return fail(Errc::BadValue, "the unfinished run had other options: " + difference);
    return {};
}

Result<std::unique_ptr<engine::TrainingRun>> start(std::shared_ptr<const zoo::Zoo> zoo,
                                                   const engine::TrainOptions& options, c10::Device device,
                                                   const zoo::Checkpoint* unfinished, Progress& progress)
{
    auto set = makeTrainingSet(std::move(zoo), progress);
    if (!set)
        return forward(set);
    if (unfinished != nullptr)
        if (auto resumable = checkResumable(*unfinished, **set, options); !resumable)
            return forward(resumable);
    auto model = TrainingModel::make(**set, options, device);
    if (!model)
        return forward(model);
    auto run = std::make_unique<TorchTrainingRun>(*std::move(set), options, device, *std::move(model));
    if (unfinished != nullptr)
        if (auto resumed = run->resume(*unfinished); !resumed)
            return forward(resumed);
    return run;
}

} // namespace

Result<std::unique_ptr<engine::TrainingRun>> startTraining(std::shared_ptr<const zoo::Zoo> zoo,
                                                           const engine::TrainOptions& options, c10::Device device,
                                                           const zoo::Checkpoint* unfinished, Progress& progress)
{
    if (auto usable = checkOptions(options); !usable)
        return forward(usable);
    if (!options.endToEnd) // which needs no roll-outs
        if (auto trainable = checkTrainable(*zoo); !trainable)
            return forward(trainable);
    if (auto fits = zoo::checkFits(options.config, zoo->architecture); !fits)
        return forward(fits);
    try {
        return start(std::move(zoo), options, device, unfinished, progress);
    } catch (const std::exception& error) {
        return fail(isOutOfMemory(error) ? Errc::Device : Errc::BadValue,
                    "training could not be started: " + firstLine(error), error.what());
    }
}

} // namespace rnnscope::nn
