#include "core/rnn/step_kernel_body.h"

namespace rnnscope::rnn {

const StepKernels kPlainKernels = kKernels;

} // namespace rnnscope::rnn
