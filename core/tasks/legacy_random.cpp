#include "core/tasks/legacy_random.h"

#include <bit>
#include <numeric>
#include <utility>

namespace rnnscope::tasks {

/// numpy's random_interval: bits beyond those `largest` needs are masked, values beyond it are drawn again.
std::uint32_t LegacyRandom::upTo(std::uint32_t largest)
{
    const std::uint32_t mask = ~std::uint32_t {0} >> std::countl_zero(largest); // largest is at least 1
    std::uint32_t value = 0;
    do {
        value = static_cast<std::uint32_t>(m_twister()) & mask;
    } while (value > largest);
    return value;
}

std::vector<std::size_t> LegacyRandom::permutation(std::size_t n)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t {0});
    for (std::size_t i = n; i-- > 1;)
        std::swap(order[i], order[upTo(static_cast<std::uint32_t>(i))]);
    return order;
}

} // namespace rnnscope::tasks
