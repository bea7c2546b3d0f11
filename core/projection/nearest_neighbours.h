#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::projection {

/// The nearest points of each point, the nearest first; among equally near ones the one of the lower row.
struct Neighbours
{
    std::size_t points = 0; ///< N
    std::size_t each = 0; ///< k
    std::vector<std::uint32_t> indices; ///< [N, k]
    std::vector<float> distances; ///< [N, k], Euclidean

    std::span<const std::uint32_t> indicesOf(std::size_t i) const { return std::span(indices).subspan(i * each, each); }
    std::span<const float> distancesOf(std::size_t i) const { return std::span(distances).subspan(i * each, each); }
};

/// Gets the number of points that are done, growing; from any thread, one call at a time.
using NeighboursFound = std::function<void(std::size_t points)>;

/// Exact: every distance is computed. `data` [N, D] without NaN, of any finite size; min(k, N - 1) neighbours, never
/// the point itself. Looks at `stop` every few milliseconds.
Result<Neighbours> nearestNeighbours(const Matrix& data, std::size_t k, int threads, const std::stop_token& stop,
                                     const NeighboursFound& found = {});

/// The min(k, N) rows of `data` [N, D] that are nearest to each row of `queries` [M, D].
Result<Neighbours> nearestNeighbours(const Matrix& queries, const Matrix& data, std::size_t k, int threads,
                                     const std::stop_token& stop);

} // namespace rnnscope::projection
