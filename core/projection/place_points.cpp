#include "core/projection/place_points.h"

#include "core/projection/finite_rows.h"
#include "core/projection/neighbour_graph.h"

#include <algorithm>
#include <limits>

namespace rnnscope::projection {

Result<Matrix> placePoints(const Matrix& points, const Matrix& data, const Matrix& map, std::size_t k, int threads,
                           const std::stop_token& stop)
{
    if (points.columns != data.columns || data.rows != map.rows || k == 0)
        return fail(
            Errc::ShapeMismatch,
            fmt::format("points with {} columns cannot be placed by {} neighbours among {} with {} on a map of {}",
                        points.columns, k, data.rows, data.columns, map.rows));
    FiniteRows known(data);
    std::erase_if(known.rows, [&](std::size_t i) { return !isFinite(map.row(i)); });
    if (known.rows.empty())
        return Matrix(points.rows, 2, std::numeric_limits<float>::quiet_NaN());
    const FiniteRows rows(points);
    const auto near = nearestNeighbours(rows.select(points), known.select(data), k, threads, stop);
    if (!near)
        return forward(near);
    const Matrix there = known.select(map);
    const auto weights = memberships(*near, threads);
    Matrix placed(near->points, 2);
    for (std::size_t i = 0; i < near->points; ++i) {
        const bool equal = near->distancesOf(i).front() == 0.0F;
        float sum = 0.0F;
        for (std::size_t e = 0; e < (equal ? 1 : near->each); ++e) {
            const float weight = weights[i * near->each + e];
            sum += weight;
            for (std::size_t c = 0; c < 2; ++c)
                placed(i, c) += weight * there(near->indicesOf(i)[e], c);
        }
        for (std::size_t c = 0; c < 2; ++c)
            placed(i, c) /= sum;
    }
    return rows.scatter(placed);
}

} // namespace rnnscope::projection
