#include "core/making/workers.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace rnnscope::making {

namespace {

class Workers
{
public:
    Workers(const Workshop& workshop, std::span<const std::size_t> runs,
            const std::function<Result<void>(TrainedRun)>& keep)
        : m_workshop(workshop)
        , m_runs(runs)
        , m_keep(keep)
    {
    }

    Result<void> work(Progress& progress, const std::stop_token& stop)
    {
        const std::stop_callback passOn(stop, [this] { m_stop.request_stop(); });
        const std::size_t group = std::max<std::size_t>(1, m_workshop.trainers.groupSize);
        const std::size_t groups = (m_runs.size() + group - 1) / group;
        m_working = std::min(groups, static_cast<std::size_t>(std::max(1, m_workshop.trainers.groupsAtOnce)));
        {
            std::vector<std::jthread> threads;
            start(threads);
            watch(progress);
        }
        if (m_error)
            return tl::make_unexpected(std::move(*m_error));
        progress.update(m_updates);
        return m_stop.stop_requested() ? cancelled("making the zoo") : Result<void> {};
    }

private:
    /// As many as the system gives.
    void start(std::vector<std::jthread>& threads)
    {
        const std::size_t wanted = m_working;
        try {
            while (threads.size() < wanted)
                threads.emplace_back([this] { trainGroups(); });
        } catch (const std::system_error& error) {
            if (threads.empty())
                failed({Errc::Io, fmt::format("cannot start a thread: {}", error.what()), {}});
            const std::lock_guard lock(m_mutex);
            m_working -= wanted - threads.size();
        }
    }

    void watch(Progress& progress)
    {
        constexpr std::chrono::milliseconds kInterval {50};
        std::unique_lock lock(m_mutex);
        while (!m_finished.wait_for(lock, kInterval, [this] { return m_working == 0; })) {
            lock.unlock();
            progress.update(m_updates);
            lock.lock();
        }
    }

    void trainGroups()
    {
        try {
            while (!m_stop.stop_requested())
                if (const auto runs = nextGroup(); runs.empty() || !trainGroup(runs))
                    break;
        } catch (const std::exception& error) {
            failed({Errc::Io, fmt::format("making the zoo ended: {}", error.what()), {}});
        }
        const std::lock_guard lock(m_mutex);
        --m_working;
        m_finished.notify_all();
    }

    std::span<const std::size_t> nextGroup()
    {
        const std::lock_guard lock(m_mutex);
        const std::size_t group = std::max<std::size_t>(1, m_workshop.trainers.groupSize);
        const auto runs = m_runs.subspan(m_next, std::min(group, m_runs.size() - m_next));
        m_next += runs.size();
        return runs;
    }

    bool trainGroup(std::span<const std::size_t> runs)
    {
        auto trained = trainTogether(m_workshop, runs, m_updates, m_stop.get_token());
        if (!trained) {
            failed(std::move(trained.error()));
            return false;
        }
        for (TrainedRun& run : *trained)
            if (auto kept = m_keep(std::move(run)); !kept) {
                failed(std::move(kept.error()));
                return false;
            }
        return true;
    }

    void failed(Error error)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_error || m_error->code == Errc::Cancelled)
            m_error = std::move(error);
        m_stop.request_stop();
    }

    const Workshop& m_workshop;
    std::span<const std::size_t> m_runs;
    const std::function<Result<void>(TrainedRun)>& m_keep;
    std::stop_source m_stop;
    std::atomic<std::size_t> m_updates = 0;
    std::mutex m_mutex;
    std::condition_variable m_finished;
    std::size_t m_working = 0;
    std::size_t m_next = 0;
    std::optional<Error> m_error;
};

} // namespace

Result<void> trainAll(const Workshop& workshop, std::span<const std::size_t> runs,
                      const std::function<Result<void>(TrainedRun)>& keep, Progress& progress, std::stop_token stop)
{
    progress.begin(fmt::format("training {} {}", runs.size(), runs.size() == 1 ? "run" : "runs"),
                   runs.size() * (workshop.recipe.steps + 1));
    return Workers(workshop, runs, keep).work(progress, stop);
}

} // namespace rnnscope::making
