#pragma once

#include "core/base/threads.h"
#include "ui/plots/point_scene.h"
#include "ui/plots/point_stamps.h"

namespace rnnscope::ui {

/// Points too many to tell apart: each pixel has the mean colour of the points around it and the more opacity the more
/// they are, opaque from 64 on. A single point is a soft dot of two pixels; shapes are not told apart.
class DensityRaster
{
public:
    /// Onto a canvas of transform.size * ratio pixels. `onlySelected`: without the others; stars are left out.
    void draw(Canvas& canvas, const PointScene& scene, const MapTransform& transform, double ratio, bool onlySelected,
              double opacity, ThreadTeam& team);

private:
    struct alignas(16) Sum
    {
        float blue, green, red, weight;
    };
    std::vector<Sum> m_sums; ///< [height + 2 radius, width + 2 radius]
};

} // namespace rnnscope::ui
