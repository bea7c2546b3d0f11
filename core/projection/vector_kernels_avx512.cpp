#include "core/projection/vector_kernels.h"

namespace rnnscope::projection {

constinit const Kernels kKernelsAvx512 = VectorKernels<16>::table("avx512");

} // namespace rnnscope::projection
