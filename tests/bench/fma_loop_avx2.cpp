#include "bench/fma_loop.h"

namespace rnnscope::bench {

FmaLoop fmaLoopAvx2()
{
    return FmaLoopOf<8>::loop("avx2");
}

} // namespace rnnscope::bench
