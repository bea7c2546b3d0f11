#pragma once

#include "core/rnn/lstm_kernels.h"

namespace rnnscope::rnn {

// Each in a file of its own with its own flags; the last two only on x86-64.
LstmKernels kernelsBaseline();
LstmKernels kernelsAvx2(); ///< AVX2 and FMA
LstmKernels kernelsAvx512(); ///< AVX-512 F, DQ, BW and VL

} // namespace rnnscope::rnn
