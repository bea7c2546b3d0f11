#pragma once

#include "ui/plots/point_scene.h"

#include <QImage>

namespace rnnscope::ui {

/// The points on a transparent image of transform.size * ratio device pixels. Antialiased, 16 positions a pixel.
QImage rasterPoints(const PointScene& scene, const MapTransform& transform, double ratio);

} // namespace rnnscope::ui
