#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"

#include <stop_token>

namespace rnnscope::projection {

/// Where new points [M, D] belong in a map [N, 2] of data [N, D] that stays as it is: the mean place of the k nearest,
/// weighed by how much they belong to the point as in UMAP; on the very place of a point that is equal. [M, 2]; NaN for
/// points with NaN, and where the map has no places.
Result<Matrix> placePoints(const Matrix& points, const Matrix& data, const Matrix& map, std::size_t k, int threads,
                           const std::stop_token& stop);

} // namespace rnnscope::projection
