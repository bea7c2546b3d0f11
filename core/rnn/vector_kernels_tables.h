#pragma once

#include "core/rnn/kernels.h"

namespace rnnscope::rnn {

// Each in a file of its own with its own flags; the last two only on x86-64.
extern const Kernels kKernelsBaseline;
extern const Kernels kKernelsAvx2; ///< AVX2 and FMA
extern const Kernels kKernelsAvx512; ///< AVX-512 F, DQ, BW and VL

} // namespace rnnscope::rnn
