// Compiled for AVX2 and FMA, see CMakeLists.txt.
#include "core/rnn/step_kernel_body.h"

namespace rnnscope::rnn {

const StepKernels kAvx2Kernels = kKernels;

} // namespace rnnscope::rnn
