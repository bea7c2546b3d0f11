// Compiled for AVX-512, see CMakeLists.txt.
#include "core/rnn/step_kernel_body.h"

namespace rnnscope::rnn {

const StepKernels kAvx512Kernels = kKernels;

} // namespace rnnscope::rnn
