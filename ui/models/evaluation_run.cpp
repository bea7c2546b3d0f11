#include "ui/models/evaluation_run.h"

#include "ui/plots/text.h"

#include <utility>

namespace rnnscope::ui {

EvaluationRun::EvaluationRun(JobRunner& computing, std::shared_ptr<ComputeState> state, QObject* parent)
    : QObject(parent)
    , m_computing(computing)
    , m_state(std::move(state))
{
    connect(&m_runner, &JobRunner::progressed, this, [this](const QString& what, std::size_t done, std::size_t total) {
        m_progress = total > 1
            ? tr("%1: %2 of %3")
                  .arg(what, groupedNumber(static_cast<qlonglong>(done)), groupedNumber(static_cast<qlonglong>(total)))
            : what;
        m_share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
        Q_EMIT progressed();
    });
    connect(&m_runner, &JobRunner::noted, this, &EvaluationRun::noted);
}

const evaluation::Evaluation* EvaluationRun::result(const zoo::Zoo* zoo) const
{
    return m_result && m_zoo.get() == zoo ? &*m_result : nullptr;
}

void EvaluationRun::start(std::shared_ptr<const zoo::Zoo> zoo, evaluation::Checkpoints checkpoints,
                          evaluation::EvaluationOptions options)
{
    if (running())
        return;
    m_progress = tr("Starting");
    m_share = 0.0;
    const auto evaluated = [this, zoo](Result<evaluation::Evaluation>&& result) {
        if (result) {
            m_result = std::move(*result);
            m_zoo = zoo;
        } else if (result.error().code != Errc::Cancelled) {
            Q_EMIT failed(QString::fromStdString(result.error().message),
                          QString::fromStdString(result.error().detail));
        }
        end();
    };
    const auto run = [this, zoo, checkpoints = std::move(checkpoints), options, evaluated](engine::Engine* engine) {
        m_asking = 0;
        m_job = m_runner.run(
            this, {},
            [engine, zoo, checkpoints, options](JobContext& context) {
                return evaluation::evaluate(*engine, zoo, checkpoints, options, context, context.stop());
            },
            evaluated);
    };
    m_asking = m_computing.runSlice(
        this, [state = m_state](JobContext&) { return state->engine(); },
        [this, run](const Result<engine::Engine*>& engine) {
            if (engine)
                return run(*engine);
            Q_EMIT failed(QString::fromStdString(engine.error().message),
                          QString::fromStdString(engine.error().detail));
            end();
        });
    Q_EMIT changed();
}

void EvaluationRun::cancel()
{
    if (!running())
        return;
    m_computing.drop(m_asking);
    m_runner.drop(m_job);
    end();
}

void EvaluationRun::end()
{
    m_asking = 0;
    m_job = 0;
    m_progress.clear();
    Q_EMIT changed();
}

} // namespace rnnscope::ui
