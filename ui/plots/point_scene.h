#pragma once

#include <QColor>
#include <QPointF>
#include <QRgb>
#include <QSizeF>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rnnscope::ui {

/// Where the map looks. Both axes share one scale; y grows upwards in data and downwards in pixels.
struct MapTransform
{
    QPointF centre; ///< in data
    double scale = 1.0; ///< pixels per unit
    QSizeF size {1.0, 1.0}; ///< pixels

    QPointF toPixel(const QPointF& data) const
    {
        return {size.width() / 2 + (data.x() - centre.x()) * scale,
                size.height() / 2 - (data.y() - centre.y()) * scale};
    }
    QPointF toData(const QPointF& pixel) const
    {
        return {centre.x() + (pixel.x() - size.width() / 2) / scale,
                centre.y() - (pixel.y() - size.height() / 2) / scale};
    }
};

/// All that is needed to draw the points, in the order of the networks.
struct PointScene
{
    std::vector<QPointF> positions; ///< NaN: not drawn
    std::vector<QRgb> colours;
    std::vector<std::uint8_t>
        shapes; ///< empty: all circles; 1 square, 2 diamond, 3 triangle, 4 star, 5 and 6 in zoo_marks.h
    std::vector<std::uint8_t> sizes; ///< diameters in pixels, kLeastDiameter to kGreatestDiameter; empty: all alike
    std::vector<std::uint32_t> order; ///< in which they are drawn, the larger ones last; empty where all are alike
    std::vector<std::size_t> stars; ///< points that are; ascending. Drawn last, never faded
    std::vector<std::uint8_t> selected; ///< 0 or 1
    std::size_t selectedCount = 0; ///< see opacityOutside()
    QColor outline; ///< the background's colour
    QColor ring;
    QColor accent; ///< around stars
};

inline bool isStar(const PointScene& scene, std::size_t point)
{
    return !scene.stars.empty() && std::binary_search(scene.stars.begin(), scene.stars.end(), point);
}

inline bool drawable(const QPointF& point)
{
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

/// Diameter in pixels: 5, or 3 above 20 000 points.
inline double pointDiameter(std::size_t count)
{
    constexpr std::size_t kMany = 20000;
    return count > kMany ? 3.0 : 5.0;
}
inline constexpr std::uint8_t kLeastDiameter = 3; ///< of points whose sizes say something
inline constexpr std::uint8_t kGreatestDiameter = 11;
inline double diameterOf(const PointScene& scene, std::size_t point)
{
    return scene.sizes.empty() ? pointDiameter(scene.positions.size()) : static_cast<double>(scene.sizes[point]);
}
/// Opacity of points outside the selection. One network alone has its ring; only a set needs the others to fade.
inline double opacityOutside(std::size_t selectedCount)
{
    constexpr double kFaded = 0.28;
    return selectedCount > 1 ? kFaded : 1.0;
}
/// More selected points have no rings, which would hide them: that the others fade tells them apart.
inline constexpr std::size_t kRings = 5000;
inline constexpr double kRingDiameter = 9.0; ///< around points that are all alike
inline constexpr double kRingWidth = 1.5;
inline constexpr double kOutline = 0.75; ///< pixels around a point
inline constexpr double kStarDiameter = 14.0;
inline constexpr double kStarOutline = 1.5;
inline constexpr double kStarRingDiameter = 21.0;
inline double ringDiameterOf(const PointScene& scene, std::size_t point)
{
    constexpr double kRoom = 4.0;
    return isStar(scene, point) ? kStarRingDiameter
        : scene.sizes.empty()   ? kRingDiameter
                                : static_cast<double>(scene.sizes[point]) + kRoom;
}

} // namespace rnnscope::ui
