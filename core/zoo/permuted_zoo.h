#pragma once

#include "core/zoo/zoo.h"

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::zoo {

/// Per layer: the new unit i is the old unit permutation[i].
using UnitOrder = std::vector<std::vector<std::size_t>>;

/// The same function with its hidden units in another order. `parameters` [P].
void permuteUnits(const Architecture& architecture, const UnitOrder& order, std::span<float> parameters);

/// Networks `rows` of a zoo once more, each with its hidden units in an order of its own: the same functions by other
/// weights, with the properties they had and without roll-outs. In memory. Cancelled.
Result<std::shared_ptr<const Zoo>> permutedCopies(const Zoo& zoo, std::span<const std::size_t> rows, std::uint64_t seed,
                                                  const std::stop_token& stop);

} // namespace rnnscope::zoo
