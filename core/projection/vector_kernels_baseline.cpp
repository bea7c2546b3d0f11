#include "core/projection/vector_kernels.h"

namespace rnnscope::projection {

constinit const Kernels kKernelsBaseline = VectorKernels<4>::table("baseline");

} // namespace rnnscope::projection
