#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace rnnscope::tasks {

/// numpy's RandomState: the same permutations for the same seed, which the authors' splits depend on.
class LegacyRandom
{
public:
    explicit LegacyRandom(std::uint32_t seed)
        : m_twister(seed)
    {
    }
    /// Of 0..n-1. n below 2^32.
    std::vector<std::size_t> permutation(std::size_t n);

private:
    std::uint32_t upTo(std::uint32_t largest);

    std::mt19937 m_twister; // seeded as numpy seeds from one integer
};

} // namespace rnnscope::tasks
