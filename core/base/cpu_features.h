#pragma once

namespace rnnscope {

struct CpuFeatures
{
    bool avx2 = false; ///< AVX2 and FMA
    bool avx512 = false; ///< AVX-512 F, DQ, BW and VL
};

/// Of the processor this process runs on.
CpuFeatures cpuFeatures();

} // namespace rnnscope
