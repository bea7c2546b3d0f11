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
