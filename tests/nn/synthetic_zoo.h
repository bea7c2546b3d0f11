#pragma once

#include "core/zoo/zoo.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace rnnscope::test {

/// A zoo in memory: random 1x4 LSTMs on 6 tokens, `runs` runs of two snapshots, each run its own task.
struct SyntheticZoo
{
    explicit SyntheticZoo(std::size_t runs, std::uint32_t seed = 7);
    std::vector<float>& weights(); ///< [N, P], may be changed before use
    std::shared_ptr<zoo::Zoo> zoo;
};

} // namespace rnnscope::test
