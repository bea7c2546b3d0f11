#pragma once

#include "ui/plots/point_scene.h"

#include <cstddef>
#include <vector>

class QPainter;

namespace rnnscope::ui {

/// Lines through points of the scene. Each ends in an arrow, so that one sees which way the training went.
void paintPaths(QPainter& painter, const std::vector<std::vector<std::size_t>>& paths, const PointScene& of,
                const MapTransform& transform);

} // namespace rnnscope::ui
