#include "ui/plots/point_grid.h"

#include "ui/plots/point_scene.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr std::size_t kMostCellsPerSide = 1024;

std::size_t cellsAlong(double length, double cell)
{
    return std::min(static_cast<std::size_t>(length / cell) + 1, kMostCellsPerSide);
}

QRectF boundsOf(const std::vector<QPointF>& points)
{
    double left = std::numeric_limits<double>::infinity();
    double right = -left;
    double top = left;
    double bottom = -left;
    for (const QPointF& p : points)
        if (drawable(p)) {
            left = std::min(left, p.x());
            right = std::max(right, p.x());
            top = std::min(top, p.y());
            bottom = std::max(bottom, p.y());
        }
    return left > right ? QRectF() : QRectF(QPointF(left, top), QPointF(right, bottom));
}

} // namespace

PointGrid::PointGrid(std::vector<QPointF> points)
    : m_points(std::move(points))
    , m_bounds(boundsOf(m_points))
{
    const double side = std::max(m_bounds.width(), m_bounds.height());
    constexpr double kPointsPerCell = 4.0;
    const double across = std::max(1.0, std::sqrt(static_cast<double>(m_points.size()) / kPointsPerCell));
    m_cell = side > 0 ? side / std::min(across, static_cast<double>(kMostCellsPerSide - 1)) : 1.0;
    m_columns = cellsAlong(m_bounds.width(), m_cell);
    m_rows = cellsAlong(m_bounds.height(), m_cell);
    m_begin.assign(m_columns * m_rows + 1, 0);
    const auto cellOf = [this](const QPointF& p) { return row(p.y()) * m_columns + column(p.x()); };
    for (const QPointF& p : m_points)
        if (drawable(p))
            ++m_begin[cellOf(p) + 1];
    for (std::size_t i = 1; i < m_begin.size(); ++i)
        m_begin[i] += m_begin[i - 1];
    m_ids.resize(m_begin.back());
    auto next = m_begin;
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if (drawable(m_points[i]))
            m_ids[next[cellOf(m_points[i])]++] = i;
}

std::size_t PointGrid::column(double x) const
{
    const double at = std::clamp((x - m_bounds.left()) / m_cell, 0.0, static_cast<double>(m_columns - 1));
    return static_cast<std::size_t>(at);
}

std::size_t PointGrid::row(double y) const
{
    const double at = std::clamp((y - m_bounds.top()) / m_cell, 0.0, static_cast<double>(m_rows - 1));
    return static_cast<std::size_t>(at);
}

std::optional<std::size_t> PointGrid::nearest(const QPointF& at, double radius) const
{
    std::optional<std::size_t> best;
    double bestSquare = radius * radius;
    for (const std::size_t id : inside(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))) {
        const QPointF away = m_points[id] - at;
        const double square = QPointF::dotProduct(away, away);
        if (square <= bestSquare) { // the later one is drawn on top
            bestSquare = square;
            best = id;
        }
    }
    return best;
}

std::vector<std::size_t> PointGrid::inside(const QRectF& box) const
{
    std::vector<std::size_t> found;
    if (m_ids.empty())
        return found;
    const auto add = [&](std::size_t id) {
        const QPointF& p = m_points[id];
        if (p.x() >= box.left() && p.x() <= box.right() && p.y() >= box.top() && p.y() <= box.bottom())
            found.push_back(id);
    };
    const std::size_t left = column(box.left());
    const std::size_t right = column(box.right());
    const auto begin = [&](std::size_t y) { return m_begin[y * m_columns + left]; };
    const auto end = [&](std::size_t y) { return m_begin[y * m_columns + right + 1]; };
    std::size_t candidates = 0;
    for (std::size_t y = row(box.top()); y <= row(box.bottom()); ++y)
        candidates += end(y) - begin(y);
    constexpr std::size_t kSortingCost = 16; // finding and sorting one in cells, in points looked at in their order
    if (candidates * kSortingCost > m_points.size()) {
        for (std::size_t id = 0; id < m_points.size(); ++id)
            add(id);
        return found;
    }
    for (std::size_t y = row(box.top()); y <= row(box.bottom()); ++y)
        for (std::size_t k = begin(y); k < end(y); ++k)
            add(m_ids[k]);
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace rnnscope::ui
