#include "ui/models/training.h"

#include "ui/plots/text.h"

#include <utility>

namespace rnnscope::ui {

Training::Training(JobRunner& computing, std::shared_ptr<ComputeState> state, QObject* parent)
    : QObject(parent)
    , m_computing(computing)
    , m_state(std::move(state))
{
    connect(&m_finishing, &JobRunner::noted, this, &Training::noted);
    connect(&m_finishing, &JobRunner::progressed, this,
            [this](const QString& what, std::size_t done, std::size_t total) {
                m_message = total > 1 ? tr("%1: %2 of %3")
                                            .arg(what, groupedNumber(static_cast<qlonglong>(done)),
                                                 groupedNumber(static_cast<qlonglong>(total)))
                                      : what;
                Q_EMIT advanced();
            });
}

Training::~Training() = default;

bool Training::active() const
{
    return m_current == State::Running || m_current == State::Paused || m_current == State::Finishing;
}

void Training::become(State state)
{
    if (state == m_current)
        return;
    m_current = state;
    Q_EMIT stateChanged();
}

void Training::start(const TrainingPlan& plan)
{
    if (active())
        return;
    m_plan = plan;
    m_status = {};
    m_status.steps = plan.options.steps;
    if (plan.unfinished && plan.unfinished->resume)
        m_status.step = plan.unfinished->resume->step;
    if (plan.unfinished && plan.unfinished->training)
        m_status.record = *plan.unfinished->training;
    m_message.clear();
    m_worker = std::make_shared<TrainingWorker>(plan, m_state, m_pace);
    become(State::Running);
    Q_EMIT advanced();
    post();
}

void Training::post()
{
    m_job = m_computing.runSlice(
        this, [worker = m_worker](JobContext& context) { return worker->work(context); },
        [this](const Result<TrainingOutcome>& outcome) { take(outcome); });
}

void Training::postSave()
{
    m_job = m_computing.runSlice(
        this, [worker = m_worker](JobContext&) { return worker->save(); },
        [this](const Result<TrainingOutcome>& outcome) {
            m_job = 0;
            if (outcome) {
                m_status = outcome->status;
                for (const auto& note : outcome->notes)
                    Q_EMIT noted(note);
                Q_EMIT advanced();
            }
            if (m_current == State::Running) // resumed meanwhile
                post();
        });
}

void Training::take(const Result<TrainingOutcome>& outcome)
{
    m_job = 0;
    if (!outcome && outcome.error().code != Errc::Cancelled)
        return giveUp(outcome.error());
    bool done = false;
    if (outcome) {
        m_status = outcome->status;
        done = outcome->done;
        for (const auto& note : outcome->notes)
            Q_EMIT noted(note);
        Q_EMIT advanced();
        if (outcome->learned)
            Q_EMIT learned(outcome->learned);
    }
    if (m_current == State::Paused)
        postSave();
    else if (m_current == State::Running && done)
        startFinishing();
    else if (m_current == State::Running)
        post();
}

void Training::startFinishing()
{
    m_message = tr("Finishing");
    become(State::Finishing);
    m_finishJob = m_finishing.run(
        this, {}, [worker = m_worker](JobContext& context) { return worker->finish(context, context.stop()); },
        [this](const auto& checkpoint) { takeFinished(checkpoint); });
}

void Training::takeFinished(const Result<std::shared_ptr<const zoo::Checkpoint>>& checkpoint)
{
    m_finishJob = 0;
    if (!checkpoint)
        return giveUp(checkpoint.error());
    m_worker.reset();
    m_message.clear();
    m_status.saved = true;
    if ((*checkpoint)->training)
        m_status.record = *(*checkpoint)->training;
    m_status.constant = (*checkpoint)->constant;
    become(State::Done);
    Q_EMIT advanced();
    Q_EMIT finished(*checkpoint);
}

void Training::giveUp(const Error& error)
{
    m_worker.reset();
    m_message = QString::fromStdString(error.message);
    become(State::Failed);
    Q_EMIT advanced();
    Q_EMIT failed(m_message, QString::fromStdString(error.detail));
    Q_EMIT ended();
}

void Training::pause()
{
    if (m_current != State::Running)
        return;
    m_computing.stop(m_job);
    become(State::Paused); // saved when the slice has ended
}

void Training::resume()
{
    if (m_current != State::Paused)
        return;
    become(State::Running);
    if (m_job == 0)
        post();
}

void Training::cancel()
{
    if (!active())
        return;
    m_computing.drop(std::exchange(m_job, 0));
    m_finishing.drop(std::exchange(m_finishJob, 0));
    m_worker.reset(); // the slice that runs has the other hold on it
    m_message.clear();
    become(State::Idle);
    Q_EMIT ended();
}

void Training::shutDown()
{
    if (!active())
        return;
    m_computing.stop(m_job);
    m_finishing.stopAll();
    const auto worker = m_worker;
    const auto saved = worker->close();
    cancel();
    if (!saved)
        Q_EMIT failed(QString::fromStdString(saved.error().message), QString::fromStdString(saved.error().detail));
}

} // namespace rnnscope::ui
