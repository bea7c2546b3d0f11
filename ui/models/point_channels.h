#pragma once

#include "ui/models/embedded_zoo.h"
#include "ui/plots/map_view.h"

#include <QString>

/// Fields of this id (fields.h) as sizes and shapes of points.
namespace rnnscope::ui {

/// Numbers that differ.
bool sizesPoints(const EmbeddedZoo& embedded, const QString& id);
SizeChannel sizeChannel(const EmbeddedZoo& embedded, const QString& id); ///< without values where it cannot be

/// Two to kShapeCategories categories or whole numbers.
bool shapesPoints(const EmbeddedZoo& embedded, const QString& id);
ShapeChannel shapeChannel(const EmbeddedZoo& embedded, const QString& id); ///< without values where it cannot be

} // namespace rnnscope::ui
