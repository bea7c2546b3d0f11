#include "core/projection/kernels.h"

#include "core/base/cpu_features.h"

namespace rnnscope::projection {

std::vector<const Kernels*> allKernels()
{
    std::vector<const Kernels*> all {&kKernelsBaseline};
#if defined(__x86_64__)
    const CpuFeatures cpu = cpuFeatures();
    if (cpu.avx2)
        all.push_back(&kKernelsAvx2);
    if (cpu.avx2 && cpu.avx512)
        all.push_back(&kKernelsAvx512);
#endif
    return all;
}

const Kernels& bestKernels()
{
    static const Kernels& kBest = *allKernels().back();
    return kBest;
}

} // namespace rnnscope::projection
