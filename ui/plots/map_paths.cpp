#include "ui/plots/map_paths.h"

#include <QPainter>
#include <QPolygonF>

namespace rnnscope::ui {

void paintPaths(QPainter& painter, const std::vector<std::vector<std::size_t>>& paths, const PointScene& of,
                const MapTransform& transform)
{
    constexpr std::size_t kStrong = 6;
    constexpr double kArrow = 9.0;
    constexpr double kVertex = 4.0; // radius of the ring around a snapshot
    constexpr double kFromPoint = 6.0; // the arrow ends before the point
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor colour = of.ring;
    colour.setAlphaF(paths.size() > kStrong ? 0.35F : 0.75F);
    for (const auto& path : paths) {
        QPolygonF line;
        for (const std::size_t id : path)
            if (id < of.positions.size() && drawable(of.positions[id]))
                line << transform.toPixel(of.positions[id]);
        if (line.size() < 2)
            continue;
        painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(line);
        painter.setPen(QPen(colour, 1.0));
        for (const QPointF& point : line)
            painter.drawEllipse(point, kVertex, kVertex);
        const QLineF last(line[line.size() - 2], line.back());
        if (last.length() < 2 * kArrow)
            continue;
        const QPointF along = (last.p2() - last.p1()) / last.length();
        const QPointF across(-along.y(), along.x());
        const QPointF tip = last.p2() - kFromPoint * along;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF {tip, tip - kArrow * along + 0.4 * kArrow * across,
                                       tip - kArrow * along - 0.4 * kArrow * across});
    }
    painter.restore();
}

} // namespace rnnscope::ui
