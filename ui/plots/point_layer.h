#pragma once

#include "ui/plots/point_scene.h"
#include "ui/plots/qcustomplot.h"

namespace rnnscope::ui {

/// Draws the scene as vectors, at most kVectorPoints of them; more become one image.
void paintPoints(QPainter& painter, const PointScene& scene, const MapTransform& transform);
inline constexpr std::size_t kVectorPoints = 20000;

/// Every point of the map in one plottable. Keeps identities, unlike QCPGraph, which sorts by x.
class PointLayer : public QCPAbstractPlottable
{
public:
    /// `scene` and `transform` must outlive the plot.
    PointLayer(QCPAxis* keyAxis, QCPAxis* valueAxis, const PointScene& scene, const MapTransform& transform);

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;
    QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
    QCPRange getValueRange(bool& found, QCP::SignDomain domain, const QCPRange& keyRange) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

private:
    const PointScene* m_scene;
    const MapTransform* m_transform;
};

/// A layer's content as a function.
class PaintedLayerable : public QCPLayerable
{
public:
    PaintedLayerable(QCustomPlot* plot, const QString& layer, std::function<void(QPainter&)> paint);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    std::function<void(QPainter&)> m_paint;
};

} // namespace rnnscope::ui
