#pragma once

#include "core/engine/environment.h"

#include <cstdlib>
#include <unistd.h>

namespace rnnscope::bench {

/// LibTorch and its BLAS read their environment when they load, so the program starts itself again.
inline void restartPrepared(char** arguments)
{
    constexpr const char* kPrepared = "RNNSCOPE_BENCH_PREPARED";
    if (std::getenv(kPrepared) != nullptr)
        return;
    engine::prepareEnvironment();
    ::setenv(kPrepared, "1", 1);
    ::execv("/proc/self/exe", arguments);
}

} // namespace rnnscope::bench
