#pragma once

#include "core/base/result.h"
#include "ui/models/embedded_zoo.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace rnnscope::ui {

/// Networks beside their copies with permuted hidden units: the same functions, which an encoder may tell apart.
struct PermutedCopies
{
    std::shared_ptr<const zoo::Zoo> zoo; ///< the copies
    std::shared_ptr<const zoo::Zoo> of; ///< where the networks are
    std::vector<std::size_t> rows; ///< [size of `zoo`] in it
};

/// How far an encoder puts copies from what they are copies of. Medians, in the distance of the nearest networks.
struct SymmetryFinding
{
    std::size_t networks = 0;
    double moved = 0.0; ///< from network to copy
    double nearest = 0.0; ///< from network to the nearest other one that is no copy
};

/// (row of the network, row of its copy) on the map, of those that are there.
std::vector<std::pair<std::size_t, std::size_t>> copiesOnMap(const EmbeddedZoo& shown,
                                                             const std::vector<PermutedCopies>& copies);
/// None where no copy is on the map with an embedding; Cancelled.
Result<std::optional<SymmetryFinding>> symmetryOf(const EmbeddedZoo& shown, const std::vector<PermutedCopies>& copies,
                                                  const std::stop_token& stop);

} // namespace rnnscope::ui
