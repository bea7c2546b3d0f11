#include "ui/models/training_worker.h"

#include "ui/models/embedding_steps.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr double kRateMemory = 20.0; ///< s
constexpr int kPreviewShare = 8; ///< training between maps takes at least so many times as long as a map

/// Keeps what the user must know.
class Notes final : public Progress
{
public:
    explicit Notes(QStringList& notes)
        : m_notes(notes)
    {
    }
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t) override { }
    void note(std::string_view message) override { m_notes << QString::fromUtf8(message); }

private:
    QStringList& m_notes;
};

} // namespace

/// A map that is being made, some networks at a time.
struct TrainingWorker::Preview
{
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
    std::unique_ptr<engine::Encoder> encoder;
    EmbeddedZoo result;
    std::size_t chunk = 32; ///< networks at a time, grows while they are quick
    Clock::duration took {};
};

TrainingWorker::TrainingWorker(TrainingPlan plan, std::shared_ptr<ComputeState> state, TrainingPace pace)
    : m_plan(std::move(plan))
    , m_state(std::move(state))
    , m_pace(pace)
{
}

TrainingWorker::~TrainingWorker() = default;

Result<TrainingOutcome> TrainingWorker::work(JobContext& context)
{
    if (!m_run) { // only this thread sets it
        if (auto ready = prepare(); !ready)
            return forward(ready);
        const std::lock_guard lock(m_mutex);
        return outcome();
    }
    const std::lock_guard lock(m_mutex);
    if (m_closed || context.stop().stop_requested() || m_run->done())
        return outcome();
    const auto worked = m_preview || previewDue() ? preview(context) : advance(context);
    if (!worked && worked.error().code != Errc::Cancelled)
        return tl::make_unexpected(withSnapshot(worked.error()));
    saveWhenDue();
    return outcome();
}

Result<void> TrainingWorker::prepare()
{
    const auto engine = m_state->engine();
    if (!engine)
        return forward(engine);
    Notes notes(m_notes);
    auto run = (*engine)->startTraining(m_plan.zoo, m_plan.options, m_plan.unfinished.get(), notes);
    if (!run)
        return forward(run);
    const std::lock_guard lock(m_mutex);
    m_run = std::move(*run);
    m_savedStep = m_run->step();
    m_lastSave = Clock::now();
    return {};
}

Result<void> TrainingWorker::advance(JobContext& context)
{
    const auto begin = Clock::now();
    const auto first = m_run->step();
    NoProgress quiet; // its notes are the curves
    Result<void> done;
    while (done && !m_run->done() && Clock::now() - begin < m_pace.slice)
        done = m_run->advance(quiet, context.stop());
    if (!m_lastEnd)
        m_lastEnd = begin;
    measure(m_run->step() - first);
    if (context.stop().stop_requested())
        m_lastEnd.reset(); // a pause is no time of training
    return done;
}

void TrainingWorker::measure(std::size_t steps)
{
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_lastEnd.value_or(now)).count();
    m_lastEnd = now;
    const double fading = std::exp(-seconds / kRateMemory);
    m_recentSteps = m_recentSteps * fading + static_cast<double>(steps);
    m_recentSeconds = m_recentSeconds * fading + seconds;
}

bool TrainingWorker::previewDue() const
{
    if (m_run->step() == 0 || (m_lastMap && m_lastMap->learningStep == m_run->step()))
        return false;
    return !m_lastMap
        || Clock::now() - m_lastPreview >= std::max<Clock::duration>(m_pace.preview, kPreviewShare * m_previewTook);
}

Result<void> TrainingWorker::beginPreview(JobContext& /*context*/)
{
    const auto engine = m_state->engine();
    if (!engine)
        return forward(engine);
    auto checkpoint = m_run->current();
    checkpoint.training = m_run->record();
    if (const auto print = m_state->fingerprint(m_plan.zoo))
        checkpoint.zooFingerprint = *print;
    auto encoder = (*engine)->makeEncoder(checkpoint, m_plan.options.device);
    if (!encoder)
        return forward(encoder);
    m_preview = std::make_unique<Preview>();
    m_preview->checkpoint = std::make_shared<const zoo::Checkpoint>(std::move(checkpoint));
    m_preview->encoder = std::move(*encoder);
    m_preview->result = emptyEmbedding(m_plan.zoo, m_preview->checkpoint);
    m_preview->result.learningStep = m_run->step();
    return {};
}

Result<void> TrainingWorker::preview(JobContext& context)
{
    const auto begin = Clock::now();
    if (!m_preview)
        if (auto begun = beginPreview(context); !begun)
            return begun;
    auto& result = m_preview->result;
    const auto sink = [&](engine::EncodedBlock&& block) { return takeBlock(std::move(block), result); };
    NoProgress quiet;
    while (result.done < m_plan.zoo->size && Clock::now() - begin < m_pace.slice) {
        const auto before = Clock::now();
        const engine::EncodeOptions part {.first = result.done, .count = m_preview->chunk};
        if (auto encoded = m_preview->encoder->encode(*m_plan.zoo, part, sink, quiet, context.stop()); !encoded)
            return encoded; // stopped: what is missing of this part is asked for again
        if (4 * (Clock::now() - before) < m_pace.slice)
            m_preview->chunk *= 2;
    }
    m_preview->took += Clock::now() - begin;
    if (result.done >= m_plan.zoo->size)
        showPreview(context);
    return {};
}

void TrainingWorker::showPreview(JobContext& context)
{
    auto& result = m_preview->result;
    placeOnMap(result);
    if (m_lastMap)
        alignMap(result, *m_lastMap);
    splitByRun(result, *m_state, context);
    result.complete = true;
    m_lastMap = std::make_shared<const EmbeddedZoo>(std::move(result));
    m_learned = m_lastMap;
    m_previewTook = m_preview->took;
    m_lastPreview = Clock::now();
    m_preview.reset();
}

Result<void> TrainingWorker::writeSnapshot()
{
    if (auto written = zoo::writeCheckpoint(m_run->snapshot(), m_plan.output); !written)
        return written;
    m_savedStep = m_run->step();
    m_saved = true;
    return {};
}

void TrainingWorker::saveWhenDue()
{
    if (m_run->step() == m_savedStep || Clock::now() - m_lastSave < m_pace.save)
        return;
    m_lastSave = Clock::now();
    if (const auto written = writeSnapshot(); !written)
        m_notes << QString::fromStdString(written.error().message + "; training goes on");
}

Result<TrainingOutcome> TrainingWorker::save()
{
    const std::lock_guard lock(m_mutex);
    m_lastEnd.reset();
    m_lastSave = Clock::now();
    if (m_run && !m_closed && m_run->step() != m_savedStep)
        if (const auto written = writeSnapshot(); !written)
            m_notes << QString::fromStdString(written.error().message);
    return outcome();
}

Error TrainingWorker::withSnapshot(Error error)
{
    if (m_run->step() != m_savedStep && writeSnapshot())
        error.detail += fmt::format("{}The best encoder before is in {}", error.detail.empty() ? "" : "\n",
                                    m_plan.output.string());
    return error;
}

TrainingOutcome TrainingWorker::outcome()
{
    TrainingOutcome outcome;
    if (m_run) {
        outcome.status.step = m_run->step();
        outcome.status.record = m_run->record();
        outcome.done = m_run->done();
    }
    outcome.status.steps = m_plan.options.steps;
    outcome.status.stepsPerSecond = m_recentSeconds > 0.0 ? m_recentSteps / m_recentSeconds : 0.0;
    outcome.status.saved = m_saved;
    outcome.learned = std::exchange(m_learned, nullptr);
    outcome.notes = std::exchange(m_notes, {});
    return outcome;
}

Result<std::shared_ptr<const zoo::Checkpoint>> TrainingWorker::finish(Progress& progress, std::stop_token stop)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return cancelled("training");
    if (m_run->step() != m_savedStep) // so that Cancel loses nothing
        if (auto written = writeSnapshot(); !written)
            return forward(written);
    auto finished = m_run->finish(progress, stop);
    if (!finished)
        return forward(finished);
    if (auto written = zoo::writeCheckpoint(*finished, m_plan.output); !written)
        return forward(written);
    m_saved = true;
    return zoo::openCheckpoint(m_plan.output);
}

Result<void> TrainingWorker::close()
{
    m_closed = true;
    const std::lock_guard lock(m_mutex);
    return m_run && m_run->step() != m_savedStep ? writeSnapshot() : Result<void> {};
}

} // namespace rnnscope::ui
