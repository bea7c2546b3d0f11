#include "core/projection/panels.h"

#include <array>
#include <limits>

namespace rnnscope::projection {

Panels::Panels(const Matrix& data)
    : m_columns(data.columns)
    , m_count((data.rows + kLanes - 1) / kLanes)
    , m_values(m_count * data.columns * kLanes, std::numeric_limits<float>::infinity())
{
    for (std::size_t i = 0; i < data.rows; ++i)
        for (std::size_t c = 0; c < m_columns; ++c)
            m_values[(i / kLanes * m_columns + c) * kLanes + i % kLanes] = data(i, c);
}

void Panels::distances(const Matrix& data, std::size_t first, std::size_t queries, std::size_t panel,
                       std::size_t panels, std::span<float> distances, std::span<float> smallest) const
{
    std::array<const float*, kTogether> rows {};
    for (std::size_t q = 0; q < queries; ++q)
        rows[q] = data.row(first + q).data();
    bestKernels().squaredDistances({.queries = rows.data(),
                                    .count = static_cast<std::ptrdiff_t>(queries),
                                    .panels = m_values.data() + panel * m_columns * kLanes,
                                    .panelCount = static_cast<std::ptrdiff_t>(panels),
                                    .columns = static_cast<std::ptrdiff_t>(m_columns),
                                    .distances = distances.data(),
                                    .smallest = smallest.data()});
}

} // namespace rnnscope::projection
