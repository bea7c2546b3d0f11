#pragma once

#include <QPointF>
#include <QRectF>

#include <cstddef>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// Points sorted into square cells, to find the one under the cursor among a million. NaN points are left out.
class PointGrid
{
public:
    PointGrid() = default;
    explicit PointGrid(std::vector<QPointF> points);

    /// The nearest point within `radius`.
    std::optional<std::size_t> nearest(const QPointF& at, double radius) const;
    /// Points inside `box`, ascending.
    std::vector<std::size_t> inside(const QRectF& box) const;
    QRectF bounds() const { return m_bounds; } ///< null when there is no point
    std::size_t count() const { return m_ids.size(); } ///< without NaN points

private:
    std::size_t column(double x) const;
    std::size_t row(double y) const;

    std::vector<QPointF> m_points;
    QRectF m_bounds;
    double m_cell = 1.0; ///< side of a cell
    std::size_t m_columns = 0;
    std::size_t m_rows = 0;
    std::vector<std::size_t> m_begin; ///< [columns * rows + 1], into m_ids
    std::vector<std::size_t> m_ids;
};

} // namespace rnnscope::ui
