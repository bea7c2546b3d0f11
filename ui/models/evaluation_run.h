#pragma once

#include "core/evaluation/evaluation.h"
#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace rnnscope::ui {

/// Compares encoders on a zoo in the background, on a thread of its own: it takes minutes, and the window goes on
/// embedding and tracing meanwhile. Lives on the GUI thread.
class EvaluationRun : public QObject
{
    Q_OBJECT
public:
    EvaluationRun(JobRunner& computing, std::shared_ptr<ComputeState> state, QObject* parent = nullptr);

    bool running() const { return m_asking != 0 || m_job != 0; }
    const QString& progress() const { return m_progress; } ///< "training heads: 3 of 5"
    double share() const { return m_share; } ///< of the present stretch of work, 0..1
    /// The last complete one of this zoo; null when there is none.
    const evaluation::Evaluation* result(const zoo::Zoo* zoo) const;

    void start(std::shared_ptr<const zoo::Zoo> zoo, evaluation::Checkpoints checkpoints,
               evaluation::EvaluationOptions options); ///< ignored while one runs
    void cancel(); ///< leaves the last result

Q_SIGNALS:
    void changed(); ///< running() or result()
    void progressed();
    void failed(const QString& message, const QString& detail);
    void noted(const QString& message);

private:
    void end();

    JobRunner& m_computing;
    std::shared_ptr<ComputeState> m_state;
    JobRunner::Id m_asking = 0; ///< for the engine, a job of m_computing
    JobRunner::Id m_job = 0; ///< of m_runner
    QString m_progress;
    double m_share = 0.0;
    std::shared_ptr<const zoo::Zoo> m_zoo; ///< of m_result
    std::optional<evaluation::Evaluation> m_result;
    JobRunner m_runner;
};

} // namespace rnnscope::ui
