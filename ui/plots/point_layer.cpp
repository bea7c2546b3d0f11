#include "ui/plots/point_layer.h"

#include "ui/plots/point_raster.h"
#include "ui/plots/zoo_marks.h"

#include <QPaintEngine>

#include <utility>

namespace rnnscope::ui {

namespace {

void paintPoint(QPainter& painter, const PointScene& scene, std::size_t i, const QPointF& at)
{
    const double diameter = diameterOf(scene, i);
    const bool selected = scene.selected[i] != 0;
    const int shape = scene.shapes.empty() ? 0 : scene.shapes[i];
    painter.setOpacity(selected ? 1.0 : opacityOutside(scene.selectedCount));
    painter.setBrush(QColor(scene.colours[i]));
    painter.setPen(QPen(scene.outline, kOutline));
    if (shape == 0)
        painter.drawEllipse(at, diameter / 2 + kOutline / 2, diameter / 2 + kOutline / 2);
    else
        painter.drawPath(pointShape(shape, diameter + kOutline).translated(at));
    if (!selected || scene.selectedCount > kRings)
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(scene.ring, kRingWidth));
    const double ring = (ringDiameterOf(scene, i) + kRingWidth) / 2;
    painter.drawEllipse(at, ring, ring);
}

void paintStar(QPainter& painter, const PointScene& scene, std::size_t i, const QPointF& at)
{
    painter.setOpacity(1.0);
    painter.setBrush(QColor(scene.colours[i]));
    painter.setPen(QPen(scene.accent, kStarOutline, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawPath(pointShape(kStarShape, kStarDiameter).translated(at));
    if (scene.selected[i] == 0)
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(scene.ring, kRingWidth));
    painter.drawEllipse(at, (kStarRingDiameter + kRingWidth) / 2, (kStarRingDiameter + kRingWidth) / 2);
}

} // namespace

void paintPoints(QPainter& painter, const PointScene& scene, const MapTransform& transform)
{
    const bool pixels = painter.paintEngine()->type() == QPaintEngine::Raster;
    if (pixels || scene.positions.size() > kVectorPoints) {
        constexpr double kPrintRatio = 3.0; // about 300 dpi
        const double ratio = pixels ? painter.worldTransform().m11() : kPrintRatio;
        PointRaster raster(PointRaster::newTeam());
        const auto as = pointsAs(scene, transform);
        painter.drawImage(QPointF(), raster.points(scene, transform, ratio, as));
        painter.drawImage(QPointF(), raster.highlights(scene, transform, ratio, as));
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area(QPointF(), transform.size);
    for (const bool selected : {false, true})
        for (std::size_t k = 0; k < scene.positions.size(); ++k) {
            const std::size_t i = scene.order.empty() ? k : scene.order[k];
            if ((scene.selected[i] != 0) != selected || !drawable(scene.positions[i]) || isStar(scene, i))
                continue;
            const QPointF at = transform.toPixel(scene.positions[i]);
            if (area.contains(at))
                paintPoint(painter, scene, i, at);
        }
    for (const std::size_t i : scene.stars)
        if (drawable(scene.positions[i]) && area.contains(transform.toPixel(scene.positions[i])))
            paintStar(painter, scene, i, transform.toPixel(scene.positions[i]));
    painter.restore();
}

PaintedLayerable::PaintedLayerable(QCustomPlot* plot, const QString& layer, std::function<void(QPainter&)> paint)
    : QCPLayerable(plot, layer)
    , m_paint(std::move(paint))
{
}

void PaintedLayerable::applyDefaultAntialiasingHint(QCPPainter* /*painter*/) const { }

void PaintedLayerable::draw(QCPPainter* painter)
{
    m_paint(*painter);
}

} // namespace rnnscope::ui
