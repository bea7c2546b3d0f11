#pragma once

#include "ui/models/activity.h"
#include "ui/plots/heat_map.h"

#include <QString>

#include <cstddef>
#include <vector>

/// What goes on inside networks, ready to be drawn.
namespace rnnscope::ui {

struct ActivityTopic
{
    StateKind kind = StateKind::Hidden;
    std::size_t sequence = 0; ///< of the parallel probes
    bool sorted = true; ///< the units that vary most first
    std::size_t layer = 0; ///< of two networks, of which one is shown
    bool sameRun = false; ///< two networks are snapshots of one, so that their units are the same ones
};

/// "Forget gate"
QString stateTitle(StateKind kind);

/// A map for each layer, one row for each unit; none where the network has no such state.
std::vector<HeatMap> layerMaps(const Activity& activity, const ActivityTopic& topic);

struct NamedActivity
{
    QString name; ///< plain text
    const Activity& activity;
};

/// A layer of two networks. Units of one run have the first one's order in both, and a third map is the first minus the
/// second; else each has its own order. A network without such a layer or state has no map.
std::vector<HeatMap> comparedMaps(const NamedActivity& first, const NamedActivity& second, const ActivityTopic& topic);

} // namespace rnnscope::ui
