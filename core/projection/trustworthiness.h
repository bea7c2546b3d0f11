#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"

#include <stop_token>
#include <vector>

namespace rnnscope::projection {

/// How far the neighbours that each point has in a map [N, 2] are its neighbours in the data [N, D], too: 1 when the k
/// nearest in the map are among the k nearest in the data, less by how many others are nearer, 0 at the worst a map can
/// do. The mean over the points is the trustworthiness of Venna and Kaski 2001. NaN for points with NaN in data or map,
/// which are no one's neighbours, and where 2 k is not below the number of the others. Of equally near points the lower
/// row is nearer.
Result<std::vector<float>> trustworthiness(const Matrix& data, const Matrix& map, std::size_t k, int threads,
                                           const std::stop_token& stop);

} // namespace rnnscope::projection
