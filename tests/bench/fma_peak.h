#pragma once

#include <string>

namespace rnnscope::bench {

/// The machine's float32 peak: multiply-adds that wait for nothing, in the widest instruction set it has.
struct FmaPeak
{
    std::string instructions; ///< "avx2"
    double one = 0.0; ///< 1e9 multiplications and additions a second on one thread
    double all = 0.0; ///< on `threads` threads at once
};

/// The best of many short runs, so that others' load counts less.
FmaPeak fmaPeak(int threads);

/// Independent sums, each going on from round to round; run() returns a number that needs them all.
struct FmaLoop
{
    const char* instructions;
    double flopsARound;
    float (*run)(long rounds);
};

// Each in a file of its own with its own flags; the last two only on x86-64.
FmaLoop fmaLoopBaseline();
FmaLoop fmaLoopAvx2();
FmaLoop fmaLoopAvx512();

} // namespace rnnscope::bench
