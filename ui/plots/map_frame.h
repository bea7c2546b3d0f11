#pragma once

#include "ui/plots/point_scene.h"
#include "ui/plots/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace rnnscope::ui {

/// Background lines at round numbers, the same distance along both axes.
void paintMapGrid(QPainter& painter, const MapTransform& transform, const Theme& theme);

/// Titles along the lower and the left edge; the lower one keeps clear of `legend`.
void paintAxisTitles(QPainter& painter, const QRectF& area, const QRectF& legend, const QString& x, const QString& y,
                     const Theme& theme, const QFont& font);

} // namespace rnnscope::ui
