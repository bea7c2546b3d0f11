#pragma once

#include "core/engine/engine.h"
#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"
#include "ui/models/session.h"
#include "ui/models/training_plan.h"

#include <QString>
#include <QStringList>

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>

namespace rnnscope::ui {

/// How often a training lets others at the compute thread, shows and saves what it has.
struct TrainingPace
{
    std::chrono::milliseconds slice {200}; ///< of steps at a time
    std::chrono::milliseconds preview {15000}; ///< between maps
    std::chrono::milliseconds save {120000}; ///< between snapshots on disk
};

/// How far a training is.
struct TrainingStatus
{
    std::size_t step = 0;
    std::size_t steps = 0;
    double stepsPerSecond = 0.0; ///< lately, maps and saving included; 0: not known yet
    zoo::TrainingRecord record;
    std::optional<zoo::ConstantBaseline> constant;
    bool saved = false; ///< there is a snapshot at the output's path

    /// Of the steps that are left; NaN while the rate is not known.
    double secondsLeft() const
    {
        return stepsPerSecond > 0.0 ? static_cast<double>(steps - step) / stepsPerSecond
                                    : std::numeric_limits<double>::quiet_NaN();
    }
};

/// What a slice of work has brought.
struct TrainingOutcome
{
    TrainingStatus status;
    std::shared_ptr<const EmbeddedZoo> learned; ///< the zoo as the encoder sees it now; null most of the time
    QStringList notes;
    bool done = false; ///< no steps are left, finish() is next
};

/// The run of a training, advanced in slices on the compute thread. Its functions wait for each other.
class TrainingWorker
{
public:
    TrainingWorker(TrainingPlan plan, std::shared_ptr<ComputeState> state, TrainingPace pace);
    ~TrainingWorker();

    /// Prepares the run at the first call; then makes steps or a part of a map for about pace.slice, and saves when
    /// that is due. A stopped slice is no failure: it ends early. On the compute thread.
    Result<TrainingOutcome> work(JobContext& context);
    /// The snapshot to the output's path; replaced atomically.
    Result<TrainingOutcome> save();
    /// The finished checkpoint, written to the output's path and read back. May take minutes; needs no compute thread.
    Result<std::shared_ptr<const zoo::Checkpoint>> finish(Progress& progress, std::stop_token stop);
    /// Nothing is done from now on; what was learned since the last snapshot is saved. Any thread; waits for the step
    /// that runs, which the caller has stopped.
    Result<void> close();

private:
    using Clock = std::chrono::steady_clock;
    struct Preview;

    Result<void> prepare();
    Result<void> advance(JobContext& context);
    Result<void> preview(JobContext& context);
    Result<void> beginPreview(JobContext& context);
    void showPreview(JobContext& context);
    bool previewDue() const;
    Result<void> writeSnapshot();
    void saveWhenDue();
    void measure(std::size_t steps);
    TrainingOutcome outcome();
    Error withSnapshot(Error error);

    TrainingPlan m_plan;
    std::shared_ptr<ComputeState> m_state;
    TrainingPace m_pace;
    std::mutex m_mutex; ///< of all that follows
    std::unique_ptr<engine::TrainingRun> m_run;
    std::atomic<bool> m_closed = false;
    std::unique_ptr<Preview> m_preview; ///< while one is made
    std::shared_ptr<const EmbeddedZoo> m_lastMap;
    std::shared_ptr<const EmbeddedZoo> m_learned; ///< not handed out yet
    Clock::time_point m_lastPreview {};
    Clock::duration m_previewTook {};
    Clock::time_point m_lastSave {};
    std::size_t m_savedStep = 0;
    bool m_saved = false;
    std::optional<Clock::time_point> m_lastEnd; ///< of the last stepping slice, unless there was a pause
    double m_recentSteps = 0.0; ///< fading sums
    double m_recentSeconds = 0.0;
    QStringList m_notes;
};

} // namespace rnnscope::ui
