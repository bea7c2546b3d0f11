#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <random>
#include <vector>

namespace rnnscope::nn {

/// Per layer: the new unit i is the old unit permutation[i].
using Permutations = std::vector<std::vector<std::int64_t>>;

Permutations randomPermutations(const zoo::Architecture& architecture, std::mt19937_64& random);

/// The same functions with other unit orders: `parameters` [N, P] -> [N, P], one permutation a layer for all networks.
at::Tensor permuteHiddenUnits(const at::Tensor& parameters, const zoo::Architecture& architecture,
                              const Permutations& permutations);

} // namespace rnnscope::nn
