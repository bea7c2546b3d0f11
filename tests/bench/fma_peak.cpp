#include "bench/fma_peak.h"

#include "core/base/cpu_features.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <thread>
#include <vector>

namespace rnnscope::bench {

namespace {

FmaLoop widestLoop()
{
#if defined(__x86_64__)
    if (cpuFeatures().avx512)
        return fmaLoopAvx512();
    if (cpuFeatures().avx2)
        return fmaLoopAvx2();
#endif
    return fmaLoopBaseline();
}

double gflops(const FmaLoop& loop, int threads)
{
    using Clock = std::chrono::steady_clock;
    constexpr long kRounds = 100'000; // well below a millisecond, so that some run undisturbed
    constexpr int kTries = 2000;
    std::vector<double> best(static_cast<std::size_t>(threads), 0.0);
    std::barrier together(threads);
    const auto work = [&](double& mine) {
        together.arrive_and_wait();
        for (int attempt = 0; attempt < kTries; ++attempt) {
            const auto start = Clock::now();
            volatile float result = loop.run(kRounds);
            static_cast<void>(result);
            const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
            mine = std::max(mine, 1e-9 * loop.flopsARound * static_cast<double>(kRounds) / seconds);
        }
    };
    {
        std::vector<std::jthread> workers;
        for (double& mine : best)
            workers.emplace_back(work, std::ref(mine));
    }
    double sum = 0.0;
    for (const double mine : best)
        sum += mine;
    return sum;
}

} // namespace

FmaPeak fmaPeak(int threads)
{
    const FmaLoop loop = widestLoop();
    return {loop.instructions, gflops(loop, 1), gflops(loop, threads)};
}

} // namespace rnnscope::bench
