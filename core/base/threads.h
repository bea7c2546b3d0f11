#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rnnscope {

/// Cores this process may use (its affinity mask), at least 1.
int availableCores();

/// Threads kept for work that comes again and again: starting one takes as long as a small frame, and waits while
/// another thread loads a library. Not for two threads at once.
class ThreadTeam
{
public:
    explicit ThreadTeam(int threads); ///< the one that asks included
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    std::size_t size() const { return m_helpers.size() + 1; }
    /// Calls body(begin, end) for disjoint stretches of [0, count) and waits. The stretches depend only on `count` and
    /// `grain`, never on the threads, so sums over a stretch are the same for any number of them.
    void parallelFor(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t begin, std::size_t end)>& body);

private:
    void help(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::condition_variable m_done;
    const std::function<void()>* m_work = nullptr; ///< for those who are not yet at it
    std::size_t m_round = 0;
    std::size_t m_helping = 0;
    std::vector<std::jthread> m_helpers;
};

/// The same on up to `threads` threads that are started for it.
void parallelFor(std::size_t count, std::size_t grain, int threads,
                 const std::function<void(std::size_t begin, std::size_t end)>& body);

} // namespace rnnscope
