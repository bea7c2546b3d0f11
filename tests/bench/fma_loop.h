#pragma once

#include "bench/fma_peak.h"

namespace rnnscope::bench {

/// Vectors of `Width` floats, as many sums as hide the latency and have a register each.
template <int Width>
struct FmaLoopOf
{
    using Vec [[gnu::vector_size(Width * sizeof(float))]] = float;
    static constexpr int kSums = Width == 16 ? 24 : 12;

    static float run(long rounds)
    {
        volatile float given = 0.999F; // unknown to the compiler
        const Vec scale = Vec {} + given, add = Vec {} + (1.0F - given);
        Vec sums[kSums];
#pragma GCC unroll 24
        for (int i = 0; i < kSums; ++i)
            sums[i] = Vec {} + static_cast<float>(i);
        for (long round = 0; round < rounds; ++round)
#pragma GCC unroll 24
            for (int i = 0; i < kSums; ++i)
                sums[i] = sums[i] * scale + add;
        Vec all {};
#pragma GCC unroll 24
        for (int i = 0; i < kSums; ++i)
            all += sums[i];
        float entries[Width];
        __builtin_memcpy(entries, &all, sizeof(all));
        return entries[0];
    }

    static FmaLoop loop(const char* instructions)
    {
        return {instructions, 2.0 * Width * kSums, &run};
    }
};

} // namespace rnnscope::bench
