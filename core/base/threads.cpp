#include "core/base/threads.h"

#include <algorithm>
#include <atomic>
#include <sched.h>
#include <thread>
#include <vector>

namespace rnnscope {

int availableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        return std::max(1, CPU_COUNT(&set));
    return std::max(1U, std::thread::hardware_concurrency());
}

void parallelFor(std::size_t count, std::size_t grain, int threads,
                 const std::function<void(std::size_t, std::size_t)>& body)
{
    grain = std::max<std::size_t>(1, grain);
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t begin = next.fetch_add(grain); begin < count; begin = next.fetch_add(grain))
            body(begin, std::min(count, begin + grain));
    };
    const std::size_t pieces = (count + grain - 1) / grain;
    const auto helpers = std::min<std::size_t>(pieces, static_cast<std::size_t>(std::max(1, threads)));
    std::vector<std::jthread> pool;
    try {
        for (std::size_t i = 1; i < helpers; ++i)
            pool.emplace_back(work);
    } catch (const std::system_error&) { // no more threads: those there are do it all
    }
    work();
}

} // namespace rnnscope
