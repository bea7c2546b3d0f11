#include "core/rnn/vector_kernels.h"
#include "core/rnn/vector_kernels_tables.h"

namespace rnnscope::rnn {

constinit const Kernels kKernelsAvx512 = VectorKernels<16>::table("avx512");

} // namespace rnnscope::rnn
