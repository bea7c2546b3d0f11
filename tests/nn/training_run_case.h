#pragma once

#include "core/engine/train_presets.h"
#include "core/nn/training_run.h"
#include "nn/synthetic_zoo.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace rnnscope::test {

/// Keeps what it is told; asks to stop at one update.
class Notes final : public Progress
{
public:
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t done) override
    {
        if (done == stopAt)
            stop.request_stop();
    }
    void note(std::string_view message) override { all += std::string(message) + "\n"; }
    std::string all;
    std::stop_source stop;
    std::size_t stopAt = std::numeric_limits<std::size_t>::max();
};

/// An encoder of a few hundred weights and 60 steps.
inline engine::TrainOptions smallOptions(const zoo::Zoo& zoo,
                                         zoo::EncoderKind kind = zoo::EncoderKind::LayerwiseStatistics)
{
    auto options = engine::presetOptions(engine::Preset::Compact, kind, zoo);
    options.config.embeddingSize = 4;
    options.config.coreHiddenSize = 8;
    options.config.mlpHiddenSize = 8;
    options.config.probingLength = 4;
    options.config.mlpHiddenSizes = {8};
    options.config.modelSize = 8;
    options.emulator.hiddenSize = 16;
    options.steps = 60;
    options.batch = 16;
    options.learningRate = 1e-2;
    options.evaluateEvery = 20;
    options.constantSteps = 10;
    options.headProperties = {"accuracy"};
    return options;
}

inline Result<std::unique_ptr<engine::TrainingRun>> start(const std::shared_ptr<const zoo::Zoo>& zoo,
                                                          const engine::TrainOptions& options, Progress& progress,
                                                          const zoo::Checkpoint* unfinished = nullptr)
{
    return nn::startTraining(zoo, options, c10::Device(c10::kCPU), unfinished, progress);
}

/// Steps until `step` or the end.
inline Result<void> advanceTo(engine::TrainingRun& run, std::size_t step, Notes& notes)
{
    while (!run.done() && run.step() < step) {
        if (auto made = run.advance(notes, notes.stop.get_token()); !made)
            return made;
        notes.update(run.step());
    }
    return {};
}

/// The whole run at once.
inline Result<zoo::Checkpoint> train(const std::shared_ptr<const zoo::Zoo>& zoo, const engine::TrainOptions& options,
                                     Notes& notes)
{
    auto run = start(zoo, options, notes);
    if (!run)
        return forward(run);
    if (auto done = advanceTo(**run, options.steps, notes); !done)
        return forward(done);
    return (*run)->finish(notes, notes.stop.get_token());
}

} // namespace rnnscope::test
