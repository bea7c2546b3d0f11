#pragma once

#include <cstddef>
#include <functional>

namespace rnnscope {

/// Cores this process may use (its affinity mask), at least 1.
int availableCores();

/// Calls body(begin, end) for disjoint stretches of [0, count) on up to `threads` threads and waits. The stretches
/// depend only on `count` and `grain`, never on `threads`, so sums over a stretch are the same for any thread count.
void parallelFor(std::size_t count, std::size_t grain, int threads,
                 const std::function<void(std::size_t begin, std::size_t end)>& body);

} // namespace rnnscope
