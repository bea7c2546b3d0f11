#pragma once

#include <cstddef>
#include <vector>

namespace rnnscope::projection {

struct EigenPairs
{
    std::vector<double> values; ///< [n], descending
    std::vector<double> vectors; ///< [n, n] row-major; row i is the unit eigenvector of values[i]
};

/// All eigenpairs of the symmetric `matrix` [n, n] by cyclic Jacobi rotations: O(n^3) a sweep, meant for n up to a few
/// hundred. Golub and Van Loan, Matrix Computations, 8.5.
EigenPairs eigenSymmetric(std::vector<double> matrix, std::size_t n);

} // namespace rnnscope::projection
