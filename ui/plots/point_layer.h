#pragma once

#include "ui/plots/point_scene.h"
#include "ui/plots/qcustomplot.h"

namespace rnnscope::ui {

/// Draws the scene as vectors, at most kVectorPoints of them; more become one image, as all do where there are only
/// pixels.
void paintPoints(QPainter& painter, const PointScene& scene, const MapTransform& transform);
inline constexpr std::size_t kVectorPoints = 20000;

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
