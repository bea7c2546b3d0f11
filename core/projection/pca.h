#pragma once

#include "core/base/matrix.h"

#include <vector>

namespace rnnscope::projection {

/// The first two principal components. Deterministic: the entry of largest magnitude of each component is positive.
struct Pca
{
    std::vector<float> mean; ///< [D]
    Matrix components; ///< [2, D], orthonormal rows; zero rows where the data has no variance left
    double explained[2] = {0.0, 0.0}; ///< share of the variance, 0..1
};

/// Rows with NaN are left out. Works for any number of rows, none included.
Pca fitPca(const Matrix& data);

/// [N, 2]; NaN rows stay NaN.
Matrix project(const Pca& pca, const Matrix& data);

} // namespace rnnscope::projection
