#include "core/rnn/vector_kernels.h"
#include "core/rnn/vector_kernels_tables.h"

namespace rnnscope::rnn {

constinit const Kernels kKernelsBaseline = VectorKernels<4>::table("baseline");

} // namespace rnnscope::rnn
