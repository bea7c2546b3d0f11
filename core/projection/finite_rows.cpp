#include "core/projection/finite_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::projection {

bool isFinite(std::span<const float> row)
{
    return std::all_of(row.begin(), row.end(), [](float x) { return std::isfinite(x); });
}

FiniteRows::FiniteRows(const Matrix& data)
    : all(data.rows)
{
    for (std::size_t i = 0; i < data.rows; ++i)
        if (isFinite(data.row(i)))
            rows.push_back(i);
}

Matrix FiniteRows::select(const Matrix& data) const
{
    Matrix some(rows.size(), data.columns);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::ranges::copy(data.row(rows[i]), some.row(i).begin());
    return some;
}

Matrix FiniteRows::scatter(const Matrix& some) const
{
    Matrix whole(all, some.columns, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::ranges::copy(some.row(i), whole.row(rows[i]).begin());
    return whole;
}

} // namespace rnnscope::projection
