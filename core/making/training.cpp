#include "core/making/training.h"

#include "core/base/threads.h"
#include "core/making/initial_parameters.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <future>

namespace rnnscope::making {

namespace {

/// Some runs on one trainer. A trainer of many networks is not kept waiting: the next batches are drawn and the last
/// snapshots judged while it works.
class Class
{
public:
    Class(const Workshop& workshop, std::span<const std::size_t> runs, const std::stop_token& stop)
        : m_workshop(workshop)
        , m_architecture(architectureOf(workshop.recipe))
        , m_snapshotSteps(snapshotSteps(workshop.recipe))
        , m_stop(stop)
    {
        for (const std::size_t run : runs) {
            m_trained.push_back({.run = run, .snapshots = {}});
            m_courses.push_back(workshop.family.course(run));
        }
        m_optimisers.resize(runs.size());
        for (std::size_t i = 0; i < runs.size(); ++i)
            m_optimisers[i].weightDecay = static_cast<float>(m_courses[i]->weightDecay());
        m_now.resize(runs.size());
        m_next.resize(runs.size());
    }

    Result<std::vector<TrainedRun>> train(std::atomic<std::size_t>& updates)
    {
        auto made = m_workshop.trainers.make(tasks::shapeOf(m_architecture), firstParameters());
        if (!made)
            return forward(made);
        m_trainer = std::move(*made);
        drawAll(m_now);
        for (std::size_t step = 0; step <= m_workshop.recipe.steps; ++step) {
            if (m_stop.stop_requested())
                return cancelled("training");
            if (auto updated = update(step); !updated)
                return forward(updated);
            updates += m_courses.size();
            if (std::binary_search(m_snapshotSteps.begin(), m_snapshotSteps.end(), step))
                if (auto kept = keepSnapshots(step); !kept)
                    return forward(kept);
        }
        if (!judged())
            return cancelled("training");
        return std::move(m_trained);
    }

private:
    bool alone() const { return m_courses.size() == 1; }

    std::vector<float> firstParameters() const
    {
        std::vector<float> all;
        for (const TrainedRun& trained : m_trained) {
            const auto one
                = initialParameters(m_architecture, runKey(m_workshop.recipe.seed, trained.run, Purpose::Parameters));
            all.insert(all.end(), one.begin(), one.end());
        }
        return all;
    }

    void forAll(const std::function<void(std::size_t i)>& work)
    {
        parallelFor(m_courses.size(), 1, m_workshop.threads, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                work(i);
        });
    }

    void drawAll(std::vector<rnn::PrefixBatch>& batches)
    {
        if (alone())
            return m_courses.front()->draw(batches.front());
        forAll([&](std::size_t i) { m_courses[i]->draw(batches[i]); });
    }

    /// The update at `step` with the batches of now, beside which the next are drawn.
    Result<void> update(std::size_t step)
    {
        const auto rate = static_cast<float>(learningRateAt(m_workshop.recipe, step));
        for (rnn::AdamW& optimiser : m_optimisers)
            optimiser.learningRate = rate;
        const bool last = step == m_workshop.recipe.steps;
        std::future<void> drawn;
        if (!last && !alone())
            drawn = std::async(std::launch::async, [this] { drawAll(m_next); });
        auto updated = m_trainer->update(m_now, m_optimisers);
        if (drawn.valid())
            drawn.get();
        else if (!last)
            drawAll(m_next);
        std::swap(m_now, m_next);
        return updated;
    }

    Result<void> keepSnapshots(std::size_t step)
    {
        if (!judged())
            return cancelled("training");
        m_parameters.resize(m_courses.size());
        for (std::size_t i = 0; i < m_courses.size(); ++i) {
            m_parameters[i].resize(m_architecture.parameterCount());
            if (auto read = m_trainer->read(i, m_parameters[i]); !read)
                return read;
        }
        m_judging = std::async(alone() ? std::launch::deferred : std::launch::async, [this, step] { judgeAll(step); });
        return alone() && !judged() ? cancelled("training") : Result<void> {};
    }

    void judgeAll(std::size_t step)
    {
        const auto judge = [&](std::size_t i) {
            if (auto snapshot = m_courses[i]->judge(step, m_parameters[i], m_stop))
                m_trained[i].snapshots.push_back(std::move(*snapshot));
        };
        if (alone())
            return judge(0);
        forAll(judge);
    }

    /// Waits for the snapshots that are being judged. False when that was cut short.
    bool judged()
    {
        if (m_judging.valid())
            m_judging.get();
        return !m_stop.stop_requested();
    }

    const Workshop& m_workshop;
    zoo::Architecture m_architecture;
    std::vector<std::size_t> m_snapshotSteps;
    std::stop_token m_stop;
    std::vector<TrainedRun> m_trained;
    std::vector<std::unique_ptr<Course>> m_courses;
    std::unique_ptr<rnn::GroupTrainer> m_trainer;
    std::vector<rnn::AdamW> m_optimisers;
    std::vector<rnn::PrefixBatch> m_now;
    std::vector<rnn::PrefixBatch> m_next;
    std::vector<std::vector<float>> m_parameters; ///< of the networks being judged
    std::future<void> m_judging; ///< last: it ends before what it uses
};

} // namespace

Result<std::vector<TrainedRun>> trainTogether(const Workshop& workshop, std::span<const std::size_t> runs,
                                              std::atomic<std::size_t>& updates, const std::stop_token& stop)
{
    return Class(workshop, runs, stop).train(updates);
}

} // namespace rnnscope::making
