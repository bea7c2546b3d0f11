#pragma once

#include "app/cli/command.h"
#include "core/engine/engine.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace rnnscope::cli {

struct SessionOptions
{
    std::filesystem::path output;
    std::filesystem::path log; ///< CSV of the losses; empty: none
    double checkpointSeconds = 120.0; ///< between unfinished checkpoints
    bool half = false; ///< float16 in the finished checkpoint
    std::uint64_t seed = 1; ///< for provenance
};

/// Makes the steps of a training run and keeps its file up to date, so that ending the program at any moment costs
/// little.
class TrainSession
{
public:
    TrainSession(engine::TrainingRun& run, std::size_t steps, SessionOptions options, Context& context);

    /// To the end, heads included. -> what was written last
    Result<zoo::Checkpoint> run();
    std::size_t stepsMade() const { return m_run.step() - m_firstStep; }
    double trainingSeconds() const { return m_trainingSeconds; } ///< without what follows the last step

private:
    using Clock = std::chrono::steady_clock;

    Result<void> train();
    Result<void> afterEvaluation();
    Result<void> saveIfDue();
    Result<void> save(zoo::Checkpoint checkpoint, bool half);
    Result<void> writeLog() const;
    Error explain(Error error);
    std::string howToGoOn() const;

    engine::TrainingRun& m_run;
    std::size_t m_steps;
    std::size_t m_firstStep;
    SessionOptions m_options;
    Context& m_context;
    Clock::time_point m_lastSave = Clock::now();
    std::size_t m_savedStep = 0;
    bool m_saved = false; ///< m_options.output is of this run
    bool m_newBest = false; ///< since it was written
    double m_bestLoss;
    double m_trainingSeconds = 0.0;
};

} // namespace rnnscope::cli
