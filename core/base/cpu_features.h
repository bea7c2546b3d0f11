#pragma once

namespace rnnscope {

enum class CpuVendor { Intel, Amd, Other };

struct CpuFeatures
{
    CpuVendor vendor = CpuVendor::Other;
    bool avx2 = false; ///< AVX2 and FMA
    bool avx512 = false; ///< AVX-512 F, DQ, BW and VL
    bool bf16 = false; ///< and products of bfloat16
};

/// Of the processor this process runs on.
CpuFeatures cpuFeatures();

} // namespace rnnscope
