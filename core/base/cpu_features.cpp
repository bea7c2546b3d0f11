#include "core/base/cpu_features.h"

namespace rnnscope {

CpuFeatures cpuFeatures()
{
    CpuFeatures found;
#if defined(__x86_64__)
    __builtin_cpu_init();
    found.vendor = __builtin_cpu_is("intel") ? CpuVendor::Intel
        : __builtin_cpu_is("amd")            ? CpuVendor::Amd
                                             : CpuVendor::Other;
    found.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    found.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    found.bf16 = found.avx512 && __builtin_cpu_supports("avx512bf16");
#endif
    return found;
}

} // namespace rnnscope
