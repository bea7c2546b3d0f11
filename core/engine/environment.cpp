#include "core/engine/environment.h"

#include <cstdlib>

namespace rnnscope::engine {

namespace {

/// OpenBLAS 0.3.21 runs Prescott's kernels on processors younger than itself: 35 instead of 165 GFLOP/s.
std::string openBlasCore(const CpuFeatures& cpu)
{
    if (cpu.vendor == CpuVendor::Amd)
        return "Zen";
    return cpu.avx512 && cpu.vendor == CpuVendor::Intel ? "SkylakeX" : "Haswell";
}

} // namespace

std::vector<EnvironmentVariable> engineEnvironment(const CpuFeatures& cpu)
{
    // OpenMP's spinning threads take the processor from whoever else has work: 10 times slower on a busy machine.
    std::vector<EnvironmentVariable> variables {{"OMP_WAIT_POLICY", "passive"}};
    if (!cpu.avx2)
        return variables;
    variables.push_back({"OPENBLAS_CORETYPE", openBlasCore(cpu)});
    // ATen 1.13 keeps to AVX2 unless told.
    variables.push_back({"ATEN_CPU_CAPABILITY", cpu.avx512 ? "avx512" : "avx2"});
    return variables;
}

void prepareEnvironment()
{
    // NOLINTBEGIN(concurrency-mt-unsafe): the header says when to call it
    for (const auto& [name, value] : engineEnvironment(cpuFeatures()))
        if (std::getenv(name.c_str()) == nullptr)
            ::setenv(name.c_str(), value.c_str(), 0);
    // NOLINTEND(concurrency-mt-unsafe)
}

} // namespace rnnscope::engine
