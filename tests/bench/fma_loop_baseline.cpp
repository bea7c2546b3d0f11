#include "bench/fma_loop.h"

namespace rnnscope::bench {

FmaLoop fmaLoopBaseline()
{
    return FmaLoopOf<4>::loop("baseline");
}

} // namespace rnnscope::bench
