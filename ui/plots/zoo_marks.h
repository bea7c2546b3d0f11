#pragma once

#include <QColor>
#include <QPainterPath>

#include <cstddef>
#include <cstdint>

/// How the zoos that share a map are told apart, on the map and in the list of files.
namespace rnnscope::ui {

/// Shapes of PointScene.
inline constexpr std::uint8_t kZooShapes = 4; ///< circle, square, triangle, diamond
inline constexpr std::uint8_t kStarShape = 4; ///< dropped files
inline constexpr std::uint8_t kPointShapes = 7; ///< all of them; 5 is a triangle that points down, 6 a plus

/// Of the zoo with this number; Okabe-Ito without black, starting again after seven.
QColor zooColour(std::size_t number);
/// Of the zoo with this number, starting again after kZooShapes.
std::uint8_t zooShape(std::size_t number);
QColor droppedColour(); ///< of all dropped files

inline constexpr std::size_t kShapeCategories = 6; ///< that shapes can tell apart
std::uint8_t categoryShape(std::size_t category); ///< any but the star

/// Shape 0..6 of PointScene with this diameter around the origin; but for the star all look equally large.
QPainterPath pointShape(int shape, double diameter);

} // namespace rnnscope::ui
