#pragma once

#include "core/base/matrix.h"

namespace rnnscope::projection {

/// The rows of some data that can be laid out: those without NaN and infinity.
struct FiniteRows
{
    explicit FiniteRows(const Matrix& data);
    /// Those rows only.
    Matrix select(const Matrix& data) const;
    /// `some`, a row for each of them, put back where they came from; NaN elsewhere.
    Matrix scatter(const Matrix& some) const;

    std::size_t all = 0;
    std::vector<std::size_t> rows;
};

bool isFinite(std::span<const float> row);

} // namespace rnnscope::projection
