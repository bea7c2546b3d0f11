#include "core/rnn/step_kernel.h"

#include "core/base/cpu_features.h"

namespace rnnscope::rnn {

const StepKernels& stepKernels()
{
#if defined(__x86_64__)
    static const bool kAvx2 = cpuFeatures().avx2;
    if (kAvx2)
        return kAvx2Kernels;
#endif
    return kPlainKernels;
}

} // namespace rnnscope::rnn
