#include "core/base/threads.h"

#include <algorithm>
#include <atomic>
#include <sched.h>
#include <system_error>

namespace rnnscope {

int availableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        return std::max(1, CPU_COUNT(&set));
    return std::max(1U, std::thread::hardware_concurrency());
}

ThreadTeam::ThreadTeam(int threads)
{
    try {
        for (int i = 1; i < threads; ++i)
            m_helpers.emplace_back([this](const std::stop_token& stop) { help(stop); });
    } catch (const std::system_error&) { // no more threads: those there are do it all
    }
}

ThreadTeam::~ThreadTeam()
{
    for (auto& helper : m_helpers)
        helper.request_stop();
}

void ThreadTeam::help(const std::stop_token& stop)
{
    std::size_t helped = 0;
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [&] { return m_work != nullptr && m_round != helped; })) {
        const auto& work = *m_work;
        helped = m_round;
        ++m_helping;
        lock.unlock();
        work();
        lock.lock();
        if (--m_helping == 0)
            m_done.notify_one();
    }
}

void ThreadTeam::parallelFor(std::size_t count, std::size_t grain,
                             const std::function<void(std::size_t, std::size_t)>& body)
{
    grain = std::max<std::size_t>(1, grain);
    std::atomic<std::size_t> next = 0;
    const std::function<void()> work = [&] {
        for (std::size_t begin = next.fetch_add(grain); begin < count; begin = next.fetch_add(grain))
            body(begin, std::min(count, begin + grain));
    };
    if (m_helpers.empty() || count <= grain)
        return work();
    {
        const std::lock_guard lock(m_mutex);
        m_work = &work;
        ++m_round;
    }
    m_wake.notify_all();
    work();
    std::unique_lock lock(m_mutex); // who has not come by now finds nothing left to do
    m_work = nullptr;
    m_done.wait(lock, [this] { return m_helping == 0; });
}

void parallelFor(std::size_t count, std::size_t grain, int threads,
                 const std::function<void(std::size_t, std::size_t)>& body)
{
    grain = std::max<std::size_t>(1, grain);
    const std::size_t pieces = (count + grain - 1) / grain;
    ThreadTeam(static_cast<int>(std::min<std::size_t>(pieces, static_cast<std::size_t>(std::max(1, threads)))))
        .parallelFor(count, grain, body);
}

} // namespace rnnscope
