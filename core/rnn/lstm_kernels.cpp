#include "core/rnn/lstm_kernels.h"

#include "core/base/cpu_features.h"
#include "core/rnn/vector_kernels_tables.h"

namespace rnnscope::rnn {

std::vector<const LstmKernels*> allLstmKernels()
{
    std::vector<const LstmKernels*> all {&kBaselineLstmKernels};
#if defined(__x86_64__)
    const CpuFeatures cpu = cpuFeatures();
    if (cpu.avx2)
        all.push_back(&kAvx2LstmKernels);
    if (cpu.avx2 && cpu.avx512)
        all.push_back(&kAvx512LstmKernels);
#endif
    return all;
}

const LstmKernels& lstmKernels()
{
    static const LstmKernels& kBest = *allLstmKernels().back();
    return kBest;
}

} // namespace rnnscope::rnn
