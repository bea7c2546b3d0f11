#pragma once

#include "ui/models/training_worker.h"

#include <QObject>

#include <memory>

namespace rnnscope::ui {

/// The one training of an encoder there is at a time: started, watched, paused, cancelled. Lives on the GUI thread; the
/// run is advanced in slices on the compute thread, between other work.
class Training : public QObject
{
    Q_OBJECT
public:
    enum class State { Idle, Running, Paused, Finishing, Done, Failed };

    Training(JobRunner& computing, std::shared_ptr<ComputeState> state, QObject* parent = nullptr);
    ~Training() override;

    State state() const { return m_current; }
    bool active() const; ///< running, paused or finishing
    const TrainingPlan& plan() const { return m_plan; } ///< of the training that runs, or ran last
    const TrainingStatus& status() const { return m_status; }
    /// "training heads: 3 of 5" while finishing; the reason once failed; else empty.
    const QString& message() const { return m_message; }
    void setPace(const TrainingPace& pace) { m_pace = pace; } ///< for the next start()

    void start(const TrainingPlan& plan); ///< ignored while one is active
    void pause(); ///< after the step that runs; saves, and leaves the compute thread to others
    void resume();
    void cancel(); ///< leaves the last snapshot on disk, if any
    /// Before the program ends: within a second, what was learned is on disk, to go on with. Blocks.
    void shutDown();

Q_SIGNALS:
    void stateChanged();
    void advanced(); ///< status() or message()
    void learned(std::shared_ptr<const EmbeddedZoo> embedded); ///< the zoo as the encoder sees it now
    void finished(std::shared_ptr<const zoo::Checkpoint> checkpoint);
    void ended(); ///< cancelled or failed
    void failed(const QString& message, const QString& detail);
    void noted(const QString& message);

private:
    void become(State state);
    void post();
    void postSave();
    void startFinishing();
    void take(const Result<TrainingOutcome>& outcome);
    void takeFinished(const Result<std::shared_ptr<const zoo::Checkpoint>>& checkpoint);
    void giveUp(const Error& error);

    JobRunner& m_computing;
    std::shared_ptr<ComputeState> m_state;
    TrainingPace m_pace;
    TrainingPlan m_plan;
    State m_current = State::Idle;
    TrainingStatus m_status;
    QString m_message;
    std::shared_ptr<TrainingWorker> m_worker; ///< null unless active
    JobRunner::Id m_job = 0; ///< the slice that waits or runs
    JobRunner::Id m_finishJob = 0;
    JobRunner m_finishing; ///< heads and baseline take minutes and need not hold up the compute thread
};

} // namespace rnnscope::ui
