#include "core/rnn/lstm_kernels.h"

#include "core/base/cpu_features.h"
#include "core/rnn/vector_kernels_tables.h"

namespace rnnscope::rnn {

std::vector<const LstmKernels*> allLstmKernels()
{
    static const LstmKernels kBaseline = kernelsBaseline();
    std::vector<const LstmKernels*> all {&kBaseline};
#if defined(__x86_64__)
    const CpuFeatures cpu = cpuFeatures();
    static const LstmKernels kAvx2 = kernelsAvx2();
    static const LstmKernels kAvx512 = kernelsAvx512();
    if (cpu.avx2)
        all.push_back(&kAvx2);
    if (cpu.avx2 && cpu.avx512)
        all.push_back(&kAvx512);
#endif
    return all;
}

const LstmKernels& lstmKernels()
{
    static const LstmKernels& kBest = *allLstmKernels().back();
    return kBest;
}

} // namespace rnnscope::rnn
