#pragma once

#include "ui/models/embedded_zoo.h"
#include "ui/models/selection.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// The snapshots of one training run.
struct Trajectory
{
    std::vector<std::size_t> rows; ///< of the map, in order of step; at least two
    std::vector<double> steps; ///< of each

    /// The index of the last snapshot that is not beyond `step`, else the first.
    std::size_t at(double step) const;
};

/// Of the runs that have a selected network, in order of rows; empty when they are more than `most`. Zoos without `run`
/// and `step` have none.
std::vector<Trajectory> trajectoriesOf(const EmbeddedZoo& shown, const std::vector<Selection::Id>& selected,
                                       std::size_t most);

/// Steps at which any of them has a snapshot, ascending.
std::vector<double> stepsOf(const std::vector<Trajectory>& trajectories);

} // namespace rnnscope::ui
