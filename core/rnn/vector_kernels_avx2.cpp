#include "core/rnn/vector_kernels.h"
#include "core/rnn/vector_kernels_tables.h"

namespace rnnscope::rnn {

constinit const Kernels kKernelsAvx2 = VectorKernels<8>::table("avx2");

} // namespace rnnscope::rnn
