#include "bench/fma_loop.h"

namespace rnnscope::bench {

FmaLoop fmaLoopAvx512()
{
    return FmaLoopOf<16>::loop("avx512");
}

} // namespace rnnscope::bench
