#include "core/nn/constant_baseline.h"

#include "core/nn/devices.h"
#include "core/nn/emulation_objective.h"
#include "core/nn/seeded_torch.h"
#include "core/nn/step_loop.h"
#include "core/nn/training_model.h"
#include "core/nn/training_options.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::nn {

namespace {

engine::TrainOptions constantOptions(engine::TrainOptions options)
{
    options.steps = std::min(options.steps, options.constantSteps);
    options.evaluateEvery = std::min(options.evaluateEvery, options.steps);
    options.permutationAugmentation = false; // nobody reads the weights
    return options;
}

class ConstantTraining
{
public:
    ConstantTraining(std::shared_ptr<const TrainingSet> set, const engine::TrainOptions& options,
                     std::shared_ptr<Emulator> emulator, Criterion criterion, c10::Device device)
        : m_set(std::move(set))
        , m_options(options)
        , m_loop(m_set,
                 std::make_shared<ConstantObjective>(options.config.embeddingSize, std::move(emulator), criterion),
                 options, device)
    {
    }

    Result<zoo::ConstantBaseline> run(Progress& progress, const std::stop_token& stop)
    {
        progress.begin("training the constant baseline", m_options.steps);
        while (m_loop.step() < m_options.steps) {
            if (stop.stop_requested())
                return cancelled("training the constant baseline");
            if (auto made = m_loop.advance(progress); !made)
                return forward(made);
            if (m_loop.step() % m_options.evaluateEvery == 0 || m_loop.step() == m_options.steps)
                if (auto kept = keepBest(stop); !kept)
                    return forward(kept);
            progress.update(m_loop.step());
        }
        m_loop.undo(m_best);
        return measure(stop);
    }

private:
    Result<double> meanLoss(zoo::Split split, const std::stop_token& stop)
    {
        return m_loop.meanLoss(m_set->sample(split, Reads::NetworksAndRollouts), stop);
    }

    Result<void> keepBest(const std::stop_token& stop)
    {
        const auto loss = meanLoss(zoo::Split::Validation, stop);
        if (!loss)
            return forward(loss);
        if (std::isnan(*loss) || *loss < m_bestLoss || m_best.tensors.empty()) { // no validation: the last is the best
            m_bestLoss = *loss;
            m_best = m_loop.save();
        }
        return {};
    }

    Result<zoo::ConstantBaseline> measure(const std::stop_token& stop)
    {
        zoo::ConstantBaseline baseline;
        baseline.steps = m_options.steps;
        for (const auto& [split, target] :
             {std::pair {zoo::Split::Training, &baseline.train},
              std::pair {zoo::Split::Validation, &baseline.validation},
              std::pair {zoo::Split::Calibration, &baseline.calibration}, std::pair {zoo::Split::Ood, &baseline.ood}}) {
            const auto loss = meanLoss(split, stop);
            if (!loss)
                return forward(loss);
            *target = *loss;
        }
        return baseline;
    }

    std::shared_ptr<const TrainingSet> m_set;
    engine::TrainOptions m_options;
    StepLoop m_loop;
    Optimizer::Saved m_best;
    double m_bestLoss = std::numeric_limits<double>::infinity();
};

} // namespace

Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const TrainingSet> set, const engine::TrainOptions& options,
                                            c10::Device device, Progress& progress, const std::stop_token& stop)
{
    const engine::TrainOptions own = constantOptions(options);
    const auto criterion = criterionFromName(own.criterion);
    if (!criterion)
        return forward(criterion);
    const auto emulator = [&] {
        const SeededTorch seeded(own.seed);
        return makeEmulator(set->zoo->architecture, own);
    }();
    emulator->to(device);
    return ConstantTraining(std::move(set), own, emulator, *criterion, device).run(progress, stop);
}

Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const zoo::Zoo> zoo, const engine::TrainOptions& options,
                                            c10::Device device, Progress& progress, const std::stop_token& stop)
{
    if (auto usable = checkOptions(options); !usable)
        return forward(usable);
    if (options.constantSteps == 0)
        return fail(Errc::BadValue, "the constant baseline needs at least one step");
    if (auto trainable = checkTrainable(*zoo); !trainable)
        return forward(trainable);
    try {
        auto set = makeTrainingSet(std::move(zoo), progress);
        if (!set)
            return forward(set);
        return trainConstant(*std::move(set), options, device, progress, stop);
    } catch (const std::exception& error) {
        return fail(isOutOfMemory(error) ? Errc::Device : Errc::BadValue,
                    "the constant baseline could not be trained: " + firstLine(error), error.what());
    }
}

} // namespace rnnscope::nn
