#include "core/projection/vector_kernels.h"

namespace rnnscope::projection {

constinit const Kernels kKernelsAvx2 = VectorKernels<8>::table("avx2");

} // namespace rnnscope::projection
