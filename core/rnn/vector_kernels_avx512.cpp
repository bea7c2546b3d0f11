#include "core/rnn/vector_kernels.h"
#include "core/rnn/vector_kernels_tables.h"

namespace rnnscope::rnn {

constinit const LstmKernels kAvx512LstmKernels = VectorKernels<16>::table("avx512");

} // namespace rnnscope::rnn
