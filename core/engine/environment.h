#pragma once

#include "core/base/cpu_features.h"

#include <string>
#include <vector>

namespace rnnscope::engine {

struct EnvironmentVariable
{
    std::string name;
    std::string value;
};

/// What makes LibTorch and its BLAS use the processor they run on; both read it once, while they are loaded.
std::vector<EnvironmentVariable> engineEnvironment(const CpuFeatures& cpu);

/// Sets engineEnvironment() of this processor; what the user has set stays. setenv is not safe beside other threads
/// that read the environment: programs call this first thing in main(), then loadEngine() finds nothing left to set.
void prepareEnvironment();

} // namespace rnnscope::engine
