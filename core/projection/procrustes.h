#pragma once

#include "core/base/matrix.h"

#include <vector>

namespace rnnscope::projection {

/// How far each point of `map` [N, 2] lies from the same one of `other` [N, 2], once that is moved, turned, mirrored
/// and scaled to fit best (ordinary Procrustes analysis; Gower 1975): [N], in root mean square radii of `map`. NaN
/// where either is.
std::vector<double> movements(const Matrix& map, const Matrix& other);

} // namespace rnnscope::projection
