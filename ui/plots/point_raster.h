#pragma once

#include "ui/plots/point_scene.h"

#include <QImage>
#include <QPainterPath>

namespace rnnscope::ui {

/// Shape 0..3 of PointScene with this diameter around the origin; all look equally large.
QPainterPath pointShape(int shape, double diameter);

/// The points on a transparent image of transform.size * ratio device pixels. Antialiased, 16 positions a pixel.
QImage rasterPoints(const PointScene& scene, const MapTransform& transform, double ratio);

} // namespace rnnscope::ui
