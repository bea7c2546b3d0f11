#pragma once

#include "core/base/result.h"
#include "core/projection/layout.h"
#include "core/projection/nearest_neighbours.h"

#include <cstdint>
#include <memory>
#include <stop_token>

namespace rnnscope::projection {

struct UmapOptions
{
    std::size_t neighbours = 15; ///< of a point, itself included, as umap-learn counts
    double minDistance = 0.1; ///< of points that belong together, in the map
    double spread = 1.0; ///< scale of the map's distances
    std::size_t epochs = 0; ///< 0: 500 up to 10 000 points, 200 beyond
    std::size_t negatives = 5; ///< points that repel, for each that attracts
    std::uint64_t seed = 1;
    int threads = 1;
};

/// McInnes, Healy and Melville 2018, from principal components on. Differs from umap-learn in that every point moves by
/// where the others were when the epoch began, which is what lets points move at once and still gives one result. A
/// step is an epoch. Finding neighbours, before the first, can be stopped.
Result<std::unique_ptr<Layout>> umap(const Matrix& data, const UmapOptions& options, const std::stop_token& stop,
                                     const NeighboursFound& found = {});

/// The map's similarity 1 / (1 + a d^2b) of points at distance d.
struct UmapCurve
{
    double a = 1.0;
    double b = 1.0;
};

/// Fitted by least squares to 1 up to minDistance and exp(-(d - minDistance) / spread) beyond, for d up to 3 spread.
UmapCurve umapCurve(double minDistance, double spread);

} // namespace rnnscope::projection
