#pragma once

#include "core/base/matrix.h"
#include "core/projection/pca.h"

#include <array>
#include <vector>

namespace rnnscope::projection {

/// An embedding [D] for a place of a map where there is no network: like those of the five networks nearest to it on
/// `map` [N, 2], weighted by the inverse of their squared distance, with rows `data` [N, D]. With `pca`, which made the
/// map, it is moved within the plane of the map until it lies at `at`. `unitNorm` scales it, or with `pca` its part
/// outside the plane where that is enough. Rows with NaN are left out; empty when there are no others.
std::vector<float> embeddingAt(const Matrix& data, const Matrix& map, std::array<double, 2> at, const Pca* pca,
                               bool unitNorm);

} // namespace rnnscope::projection
