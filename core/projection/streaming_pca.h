#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::projection {

/// Row `i` of the data into `out`, [D].
using RowReader = std::function<Result<void>(std::size_t i, std::span<float> out)>;

struct StreamingPcaOptions
{
    std::size_t components = 16;
    std::size_t passes = 6; ///< over the data
    std::uint64_t seed = 1;
};

/// Principal components of data with so many columns that D x D does not fit, and so many rows that they are read again
/// in every pass: subspace iteration with Rayleigh and Ritz's step. Halko, Martinsson and Tropp 2011, algorithm 4.4.
struct StreamingPca
{
    std::vector<float> mean; ///< [D]
    Matrix components; ///< [k, D] orthonormal rows, the most variance first
    std::vector<double> variances; ///< [k]

    std::vector<float> project(std::span<const float> row) const; ///< [k]
};

/// At most min(N - 1, D, options.components) components. BadValue without rows.
Result<StreamingPca> fitStreamingPca(std::span<const std::size_t> rows, std::size_t columns, const RowReader& read,
                                     const StreamingPcaOptions& options, const std::stop_token& stop);

} // namespace rnnscope::projection
