#include "core/rnn/step_kernel.h"

#include "core/base/cpu_features.h"

namespace rnnscope::rnn {

const StepKernels& stepKernels()
{
#if defined(__x86_64__)
    static const CpuFeatures kCpu = cpuFeatures();
    if (kCpu.avx2)
        return kCpu.avx512 ? kAvx512Kernels : kAvx2Kernels;
#endif
    return kPlainKernels;
}

} // namespace rnnscope::rnn
