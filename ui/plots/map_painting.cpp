#include "ui/plots/map_cards.h"
#include "ui/plots/map_frame.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view_private.h"
#include "ui/plots/text.h"

#include <QPainter>

namespace rnnscope::ui {

void MapView::Private::paintBase(QPainter& painter)
{
    const auto below = [this](QPainter& canvas) {
        if (all->count() > 0) // lines through the placeholder would make it hard to read
            paintMapGrid(canvas, view, theme);
    };
    drawnAs = pointsAs(scene, view);
    painter.setClipping(false); // QCustomPlot's spares the lowest row
    painter.drawImage(QPointF(), raster.points(scene, view, plot->devicePixelRatioF(), drawnAs, below));
}

/// Ends in an arrow, so that one sees which way the training went.
void MapView::Private::paintPaths(QPainter& painter, const PointScene& of, const MapTransform& transform) const
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

void MapView::Private::paintOverlay(QPainter& painter) const
{
    const QRectF area(QPointF(), view.size);
    painter.setRenderHint(QPainter::Antialiasing);
    if (grid->count() == 0) {
        painter.setFont(pixelFont(q.font()));
        painter.setPen(theme.muted);
        painter.drawText(area.adjusted(40, 40, -40, -40), Qt::AlignCenter | Qt::TextWordWrap,
                         all->count() == 0 ? placeholder : QObject::tr("No network meets all filters"));
        if (all->count() == 0)
            return;
    }
    paintBand(painter);
    paintCross(painter);
    const QRectF card
        = legendDrawn == Legend::Drawn ? paintLegend(painter, area, legend(), theme, q.font()).card : QRectF();
    paintAxisTitles(painter, area, card, xTitle, yTitle, theme, q.font());
    const QString shownAs = drawnAs == PointsAs::Density ? QObject::tr("shown as density") : QString();
    const QString separator = note.isEmpty() || shownAs.isEmpty() ? QString() : QStringLiteral(" · ");
    paintChip(painter, area, {all->count(), grid->count(), scene.selectedCount, note + separator + shownAs}, theme,
              q.font());
    paintHover(painter, area);
}

void MapView::Private::paintBand(QPainter& painter) const
{
    if (!drag.moved || (drag.mode != DragMode::Box && drag.mode != DragMode::Lasso))
        return;
    QColor fill = theme.accent;
    fill.setAlphaF(0.10F);
    painter.setPen(QPen(theme.accent, 1.0));
    painter.setBrush(fill);
    if (drag.mode == DragMode::Box)
        painter.drawRect(QRectF(drag.start, drag.last).normalized());
    else
        painter.drawPolygon(drag.path);
}

void MapView::Private::paintCross(QPainter& painter) const
{
    if (!cross)
        return;
    constexpr double kArm = 7.0;
    const QPointF at = view.toPixel(*cross);
    for (const auto& [colour, width] : {std::pair(theme.background, 5.0), std::pair(theme.accent, 2.0)}) {
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(at - QPointF(kArm, 0), at + QPointF(kArm, 0));
        painter.drawLine(at - QPointF(0, kArm), at + QPointF(0, kArm));
    }
}

void MapView::Private::paintHover(QPainter& painter, const QRectF& area) const
{
    const auto id = selection.hovered();
    if (!id || *id >= scene.positions.size() || !drawable(scene.positions[*id]) || drag.moved)
        return;
    const QPointF at = view.toPixel(scene.positions[*id]);
    if (!area.contains(at))
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 2.0));
    const double radius = ringDiameterOf(scene, *id) / 2 + 1.5;
    painter.drawEllipse(at, radius, radius);
    if (hoverText)
        paintHoverCard(painter, area, at, hoverText(*id), theme, q.font());
}

} // namespace rnnscope::ui
