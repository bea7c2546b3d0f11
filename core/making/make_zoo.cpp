#include "core/making/make_zoo.h"

#include "core/making/memory_need.h"
#include "core/making/merged_zoo.h"
#include "core/making/run_zoo.h"
#include "core/making/workers.h"
#include "core/rnn/kernels.h"

#include <chrono>
#include <cmath>
#include <mutex>

namespace rnnscope::making {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Mean over the networks of one step that have one.
double meanAccuracy(const zoo::Zoo& zoo, double step)
{
    const zoo::Property* steps = zoo.property("step");
    const zoo::Property* accuracy = zoo.property("accuracy");
    double sum = 0.0, count = 0.0;
    for (std::size_t row = 0; row < zoo.size; ++row)
        if (steps->value(row) == step && !std::isnan(accuracy->value(row))) {
            sum += accuracy->value(row);
            ++count;
        }
    return sum / count;
}

class Making
{
public:
    Making(const Recipe& recipe, const Family& family, const rnn::TrainerKind& trainers, const MakeOptions& options,
           Progress& progress, std::stop_token stop)
        : m_recipe(recipe)
        , m_family(family)
        , m_trainers(trainers)
        , m_options(options)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_steps(snapshotSteps(recipe))
        , m_pattern {.family = recipe.family,
                     .architecture = architectureOf(recipe),
                     .snapshots = m_steps.size(),
                     .properties = recordedProperties(family),
                     .rollouts = recipe.sequences > 0 ? family.rollouts() : zoo::RolloutShape {},
                     .recipe = toJson(recipe, options.data)}
    {
    }

    Result<Made> make()
    {
        std::error_code status;
        const auto complete = isComplete();
        if (!complete)
            return forward(complete);
        if (*complete && !fs::exists(PartsFolder::beside(m_options.output), status))
            return alreadyMade();
        auto opened = PartsFolder::open(m_options.output, m_pattern, m_options.force);
        if (!opened && *complete) // those parts are to become another zoo
            return alreadyMade();
        if (!opened)
            return forward(opened);
        PartsFolder parts = std::move(*opened);
        const auto now = isComplete(); // another process may have finished meanwhile
        if (!now)
            return forward(now);
        if (*now) {
            parts.remove();
            return alreadyMade();
        }
        auto made = makeParts(parts);
        if (made)
            made = merge(parts);
        if (!made)
            return tl::make_unexpected(explain(std::move(made.error()), parts));
        parts.remove();
        m_made.seconds = secondsSince(m_start);
        return m_made;
    }

private:
    /// Is the zoo there, made with the same options? An error if something else is.
    Result<bool> isComplete() const
    {
        std::error_code status;
        if (m_options.force || !fs::exists(m_options.output, status))
            return false;
        const auto zoo = zoo::openZoo(m_options.output);
        if (!zoo)
            return fail(Errc::BadValue,
                        fmt::format("{} exists and cannot be read; --force replaces it: {}", m_options.output.string(),
                                    zoo.error().message));
        const auto provenance = nlohmann::json::parse((*zoo)->provenance, nullptr, false);
        if (!provenance.is_object() || !provenance.contains("recipe"))
            return fail(Errc::BadValue,
                        fmt::format("{} exists and is no zoo that was made here; --force replaces it",
                                    m_options.output.string()));
        if (const std::string other = difference(m_pattern.recipe, provenance["recipe"]); !other.empty())
            return fail(Errc::BadValue,
                        fmt::format("{} exists and was made with other options: {}; --force replaces it",
                                    m_options.output.string(), other));
        return true;
    }

    Result<Made> alreadyMade()
    {
        const auto zoo = zoo::openZoo(m_options.output);
        if (!zoo)
            return forward(zoo);
        describe(**zoo);
        m_made.already = true;
        return m_made;
    }

    void describe(const zoo::Zoo& zoo)
    {
        m_made.networks = zoo.size;
        m_made.firstAccuracy = meanAccuracy(zoo, static_cast<double>(m_steps.front()));
        m_made.lastAccuracy = meanAccuracy(zoo, static_cast<double>(m_steps.back()));
    }

    /// Runs without a part.
    std::vector<std::size_t> missingRuns(const PartsFolder& parts) const
    {
        std::vector<std::size_t> missing;
        for (std::size_t run = 0; run < m_recipe.runs; ++run)
            if (!parts.has(run))
                missing.push_back(run);
        return missing;
    }

    /// Adds those whose parts cannot be used.
    Result<void> addDamaged(const PartsFolder& parts, std::vector<std::size_t>& missing)
    {
        std::vector<std::size_t> damaged;
        m_progress.begin("looking at finished runs", m_recipe.runs);
        auto next = missing.begin();
        for (std::size_t run = 0; run < m_recipe.runs; ++run) {
            if (m_stop.stop_requested())
                return cancelled("making the zoo");
            if (next != missing.end() && *next == run)
                ++next;
            else if (const auto checked = parts.checkPart(run); !checked) {
                m_progress.note(fmt::format("run {} is made again: {}", run, checked.error().message));
                damaged.push_back(run);
            }
            m_progress.update(run + 1);
        }
        missing.insert(missing.end(), damaged.begin(), damaged.end());
        std::ranges::sort(missing);
        return {};
    }

    Result<void> makeParts(const PartsFolder& parts)
    {
        auto missing = missingRuns(parts);
        m_there = m_recipe.runs - missing.size();
        if (auto fits = checkSpace(missing.size()); !fits)
            return fits;
        if (missing.size() < m_recipe.runs)
            if (auto looked = addDamaged(parts, missing); !looked)
                return looked;
        m_there = m_recipe.runs - missing.size();
        if (m_there > 0) {
            if (m_options.farewell)
                m_options.farewell(whatIsLeft(parts));
            m_progress.note(fmt::format("{} of {} runs are there already", m_there, m_recipe.runs));
        }
        if (missing.empty())
            return {};
        const auto atOnce
            = std::min(missing.size(), m_trainers.groupSize * static_cast<std::size_t>(m_trainers.groupsAtOnce));
        if (m_recipe.device == "cpu") // a GPU cuts its batches to its own memory
            if (auto fits = checkMemory(m_recipe, atOnce); !fits)
                return fits;
        std::mutex mutex;
        const auto keep = [&](TrainedRun run) {
            auto written = writePart(parts, std::move(run));
            const std::lock_guard lock(mutex);
            if (written)
                ++m_made.runs;
            if (written && m_options.farewell)
                m_options.farewell(whatIsLeft(parts));
            return written;
        };
        const auto start = Clock::now();
        const Workshop workshop {m_recipe, m_family, m_trainers, m_options.threads};
        auto trained = trainAll(workshop, missing, keep, m_progress, m_stop);
        m_made.trainingSeconds = secondsSince(start);
        m_made.updates = m_made.runs * (m_recipe.steps + 1);
        return trained;
    }

    Result<void> writePart(const PartsFolder& parts, TrainedRun run) const
    {
        const fs::path path = parts.part(run.run);
        NoProgress quiet;
        return zoo::writeZoo(zooOf(m_recipe, m_family, std::move(run)), path,
                             {.provenance = provenance({}), .checksums = true}, quiet, {});
    }

    Result<void> merge(const PartsFolder& parts)
    {
        const auto zoo = mergedZoo(parts, m_recipe.runs);
        if (!zoo)
            return forward(zoo);
        describe(*zoo);
        const std::string who = provenance({{"threads", m_options.threads}, {"wall_seconds", secondsSince(m_start)}});
        return zoo::writeZoo(*zoo, m_options.output, {.provenance = who}, m_progress, m_stop);
    }

    std::string provenance(const nlohmann::json& more) const
    {
        nlohmann::json json = m_options.provenance;
        json["recipe"] = m_pattern.recipe;
        if (m_recipe.device == "cpu")
            json["kernels"] = rnn::bestKernels().name; // others round differently
        if (more.is_object())
            json.update(more);
        return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    /// Parts and the zoo are on the disk together for a while.
    Result<void> checkSpace(std::size_t missing) const
    {
        constexpr std::size_t kHalf = 2;
        const zoo::RolloutShape& shape = m_pattern.rollouts;
        const std::size_t network = m_pattern.architecture.parameterCount() * (m_recipe.half ? kHalf : sizeof(float))
            + shape.sequences * kHalf * (shape.inputValues() + shape.logitValues());
        const auto needed = static_cast<double>(network) * static_cast<double>(m_pattern.snapshots)
            * static_cast<double>(missing + m_recipe.runs);
        std::error_code status;
        const auto space = fs::space(PartsFolder::beside(m_options.output), status);
        if (!status && static_cast<double>(space.available) < needed)
            return fail(Errc::Io,
                        fmt::format("cannot make {}: its runs and the zoo need {:.1f} MB, the disk has {:.1f} MB left",
                                    m_options.output.string(), needed / 1e6,
                                    static_cast<double>(space.available) / 1e6));
        return {};
    }

    std::string whatIsLeft(const PartsFolder& parts) const
    {
        return fmt::format("{} of {} runs are in {}, the same command goes on from there", m_there + m_made.runs,
                           m_recipe.runs, parts.path().string());
    }

    Error explain(Error error, PartsFolder& parts)
    {
        if (!parts.hasAny())
            parts.remove();
        else
            m_progress.note(whatIsLeft(parts));
        return error;
    }

    const Recipe& m_recipe;
    const Family& m_family;
    const rnn::TrainerKind& m_trainers;
    const MakeOptions& m_options;
    Progress& m_progress;
    std::stop_token m_stop;
    Clock::time_point m_start = Clock::now();
    std::vector<std::size_t> m_steps;
    PartPattern m_pattern;
    std::size_t m_there = 0; ///< runs that were made before
    Made m_made;
};

} // namespace

Result<Made> makeZoo(const Recipe& recipe, const Family& family, const rnn::TrainerKind& trainers,
                     const MakeOptions& options, Progress& progress, std::stop_token stop)
{
    if (const auto valid = validate(recipe); !valid)
        return forward(valid);
    return Making(recipe, family, trainers, options, progress, std::move(stop)).make();
}

} // namespace rnnscope::making
