#include "app/cli/train_session.h"

#include "app/cli/options.h"
#include "app/cli/output.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

/// A new best is written sooner than the next regular checkpoint, but not more often than this.
constexpr double kBestSeconds = 20.0;

/// What training says of itself, and how this program was called.
std::string trainingProvenance(const std::string& recorded, const Context& context, std::uint64_t seed)
{
    auto json = nlohmann::json::parse(recorded, nullptr, false);
    if (!json.is_object())
        json = nlohmann::json::object();
    json.update(nlohmann::json::parse(provenance(context.commandLine, seed)));
    return json.dump();
}

double judged(const zoo::TrainingRecord& record, std::size_t row)
{
    return std::isnan(record.validationLoss[row]) ? record.trainLoss[row] : record.validationLoss[row];
}

double bestLoss(const zoo::TrainingRecord& record)
{
    const auto row = zoo::bestRow(record);
    return row ? judged(record, *row) : std::numeric_limits<double>::infinity();
}

/// Empty for NaN.
std::string csvNumber(double value)
{
    return std::isnan(value) ? "" : fmt::format("{:.9g}", value);
}

} // namespace

TrainSession::TrainSession(engine::TrainingRun& run, std::size_t steps, SessionOptions options, Context& context)
    : m_run(run)
    , m_steps(steps)
    , m_firstStep(run.step())
    , m_options(std::move(options))
    , m_context(context)
    , m_savedStep(run.step())
    , m_saved(run.step() > 0)
    , m_bestLoss(bestLoss(run.record()))
{
    context.interrupt.willWrite(m_options.output);
    if (m_saved)
        context.interrupt.farewell(howToGoOn());
}

Result<zoo::Checkpoint> TrainSession::run()
{
    if (auto trained = train(); !trained)
        return tl::make_unexpected(explain(trained.error()));
    if (auto saved = save(m_run.snapshot(), false); !saved) // what follows takes a while too
        return forward(saved);
    auto finished = m_run.finish(m_context.progress, m_context.interrupt.token());
    if (!finished)
        return tl::make_unexpected(explain(finished.error()));
    if (auto saved = save(*finished, m_options.half); !saved)
        return forward(saved);
    return finished;
}

Result<void> TrainSession::train()
{
    const auto start = Clock::now();
    m_context.progress.begin("training", m_steps);
    m_context.progress.startFrom(m_firstStep);
    while (!m_run.done()) {
        const std::size_t evaluations = m_run.record().step.size();
        auto made = m_run.advance(m_context.progress, m_context.interrupt.token());
        m_trainingSeconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (!made)
            return made;
        if (m_run.record().step.size() > evaluations)
            if (auto done = afterEvaluation(); !done)
                return done;
        if (auto saved = saveIfDue(); !saved)
            return saved;
        m_context.progress.update(m_run.step());
    }
    return {};
}

Result<void> TrainSession::afterEvaluation()
{
    const zoo::TrainingRecord& record = m_run.record();
    m_context.progress.describe(
        fmt::format("training, loss {:.4f}, validation {:.4f}", record.trainLoss.back(), record.validationLoss.back()));
    if (const double best = bestLoss(record); best < m_bestLoss) {
        m_bestLoss = best;
        m_newBest = true;
    }
    return m_options.log.empty() ? Result<void> {} : writeLog();
}

Result<void> TrainSession::saveIfDue()
{
    const double elapsed = std::chrono::duration<double>(Clock::now() - m_lastSave).count();
    const bool due = elapsed >= m_options.checkpointSeconds
        || (m_newBest && elapsed >= std::min(kBestSeconds, m_options.checkpointSeconds));
    return due ? save(m_run.snapshot(), false) : Result<void> {};
}

Result<void> TrainSession::save(zoo::Checkpoint checkpoint, bool half)
{
    checkpoint.provenance = trainingProvenance(checkpoint.provenance, m_context, m_options.seed);
    if (auto written = zoo::writeCheckpoint(checkpoint, m_options.output, {.half = half}); !written)
        return tl::make_unexpected(naming(m_options.output.string(), written.error()));
    m_saved = true;
    m_newBest = false;
    m_savedStep = m_run.step();
    m_lastSave = Clock::now();
    if (checkpoint.resume)
        m_context.interrupt.farewell(howToGoOn());
    return {};
}

std::string TrainSession::howToGoOn() const
{
    return fmt::format("{} is at step {} of {}, --resume goes on from there", m_options.output.string(), m_savedStep,
                       m_steps);
}

Result<void> TrainSession::writeLog() const
{
    return replaceFile(m_options.log, [&](const fs::path& part) -> Result<void> {
        std::ofstream out(part);
        out << "step,train_loss,validation_loss,ood_loss\n";
        const zoo::TrainingRecord& record = m_run.record();
        for (std::size_t row = 0; row < record.step.size(); ++row)
            out << fmt::format("{:.0f},{},{},{}\n", record.step[row], csvNumber(record.trainLoss[row]),
                               csvNumber(record.validationLoss[row]), csvNumber(record.oodLoss[row]));
        if (!out.flush())
            return fail(Errc::Io, fmt::format("cannot write {}", m_options.log.string()));
        return {};
    });
}

/// Says what is left of a run that stops early.
Error TrainSession::explain(Error error)
{
    if (error.code == Errc::Cancelled) {
        if (m_saved)
            m_context.progress.note(howToGoOn());
        return error;
    }
    const auto best = zoo::bestRow(m_run.record());
    if (error.code == Errc::BadValue && best && save(m_run.snapshot(), false))
        error.message += fmt::format("; the best encoder so far, of step {:.0f}, is in {}", m_run.record().step[*best],
                                     m_options.output.string());
    return error;
}

} // namespace rnnscope::cli
