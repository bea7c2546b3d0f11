#pragma once

#include "core/rnn/lstm_kernels.h"

namespace rnnscope::rnn {

// Each in a file of its own with its own flags; the last two only on x86-64.
extern const LstmKernels kBaselineLstmKernels;
extern const LstmKernels kAvx2LstmKernels; ///< AVX2 and FMA
extern const LstmKernels kAvx512LstmKernels; ///< AVX-512 F, DQ, BW and VL

} // namespace rnnscope::rnn
