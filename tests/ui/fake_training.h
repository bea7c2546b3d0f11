#pragma once

#include "core/engine/engine.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>

namespace rnnscope::test {

/// What tests may do to a training from their own thread.
struct FakeTrainingControl
{
    std::atomic<int> started = 0;
    std::atomic<std::size_t> stopAt = std::numeric_limits<std::size_t>::max(); ///< no step beyond until this is raised
    std::atomic<std::size_t> nanAt = std::numeric_limits<std::size_t>::max(); ///< the loss of this step is not finite
    std::atomic<bool> finishBlocks = false; ///< until it is stopped
};

/// Options in the engine's words.
inline std::string fakeOptions(const engine::TrainOptions& options)
{
    const nlohmann::json json {{"encoder", zoo::toJson(options.config)},
                               {"kind", zoo::name(options.config.kind)},
                               {"emulator", {{"hidden_size", 8}, {"num_layers", 1}, {"only_condition_bos", true}}},
                               {"criterion", options.criterion},
                               {"steps", options.steps},
                               {"batch", options.batch},
                               {"learning_rate", options.learningRate},
                               {"final_learning_rate", options.finalLearningRate},
                               {"weight_decay", options.weightDecay},
                               {"gradient_clip", options.gradientClip},
                               {"permutation_augmentation", options.permutationAugmentation},
                               {"end_to_end", options.endToEnd},
                               {"evaluate_every", options.evaluateEvery},
                               {"patience", options.patience},
                               {"constant_steps", options.constantSteps},
                               {"seed", options.seed},
                               {"head_properties", options.headProperties}};
    return json.dump();
}

/// Losses fall as 1 / step; every second step is an evaluation, the validation loss is best at step 4.
class FakeTrainingRun final : public engine::TrainingRun
{
public:
    FakeTrainingRun(engine::TrainOptions options, std::shared_ptr<FakeTrainingControl> control)
        : m_options(std::move(options))
        , m_control(std::move(control))
    {
    }

    void goOnAt(std::size_t step) { m_step = step; }
    std::size_t step() const override { return m_step; }
    bool done() const override { return m_step >= m_options.steps; }
    const zoo::TrainingRecord& record() const override { return m_record; }

    Result<void> advance(Progress&, std::stop_token stop) override
    {
        if (stop.stop_requested())
            return cancelled("training");
        if (m_step >= m_control->stopAt) {
            std::this_thread::yield();
            return {}; // as if steps took for ever
        }
        if (m_step + 1 >= m_control->nanAt)
            return fail(Errc::BadValue, fmt::format("the training loss is not finite at step {}", m_step + 1));
        ++m_step;
        if (m_step % 2 != 0)
            return {};
        const auto at = static_cast<double>(m_step);
        m_record.step.push_back(at);
        m_record.trainLoss.push_back(1.0 / at);
        m_record.validationLoss.push_back(0.2 + std::abs(at - 4.0) / 100.0);
        m_record.oodLoss.push_back(0.3);
        return {};
    }

    zoo::Checkpoint current() const override
    {
        zoo::Checkpoint checkpoint;
        checkpoint.config = m_options.config;
        checkpoint.encoder["tensor"] = {{1}, {static_cast<float>(m_step)}};
        return checkpoint;
    }

    zoo::Checkpoint snapshot() const override
    {
        auto checkpoint = current();
        checkpoint.training = m_record;
        checkpoint.resume.emplace();
        checkpoint.resume->step = m_step;
        checkpoint.resume->options = fakeOptions(m_options);
        checkpoint.resume->encoder = checkpoint.encoder;
        return checkpoint;
    }

    Result<zoo::Checkpoint> finish(Progress& progress, std::stop_token stop) override
    {
        progress.begin("training heads", 2);
        while (m_control->finishBlocks && !stop.stop_requested())
            std::this_thread::yield();
        if (stop.stop_requested())
            return cancelled("training");
        auto checkpoint = current();
        checkpoint.training = m_record;
        checkpoint.constant
            = zoo::ConstantBaseline {.steps = 2, .train = 0.5, .validation = 0.45, .calibration = 0.45, .ood = 0.4};
        return checkpoint;
    }

private:
    engine::TrainOptions m_options;
    std::shared_ptr<FakeTrainingControl> m_control;
    zoo::TrainingRecord m_record;
    std::size_t m_step = 0;
};

} // namespace rnnscope::test
