#pragma once

#include "ui/plots/point_density.h"

#include <functional>
#include <memory>

class QPainter;

namespace rnnscope::ui {

/// Above so many points in view they are drawn as a density.
inline constexpr std::size_t kDensityPoints = 200'000;
enum class PointsAs { Stamps, Density };
PointsAs pointsAs(const PointScene& scene, const MapTransform& transform);

/// Draws points into an image, antialiased, 16 places a pixel; keeps its memory from one picture to the next.
class PointRaster
{
public:
    explicit PointRaster(std::shared_ptr<ThreadTeam> team);
    static std::shared_ptr<ThreadTeam> newTeam(); ///< of few threads: the screen's refresh is no time to ask for many
    ~PointRaster();

    /// All points but stars; faded where others are selected. `below` paints what they lie on besides the background;
    /// without it there is no background either. Of transform.size * ratio pixels; valid until the next call.
    QImage points(const PointScene& scene, const MapTransform& transform, double ratio, PointsAs as,
                  const std::function<void(QPainter&)>& below = {});
    /// What lies above them: the selected ones in full with their rings, then the stars. Null where there is neither,
    /// transparent beside them.
    QImage highlights(const PointScene& scene, const MapTransform& transform, double ratio, PointsAs as);

private:
    struct Stamps;
    void reset(const PointScene& scene, const MapTransform& transform, double ratio, QRgb fill);
    QImage picture(double ratio, QImage::Format format);
    void stampPoints(const PointScene& scene, const MapTransform& transform, double ratio, bool onlySelected);
    template <bool kSized>
    void stampAll(const PointScene& scene, const MapTransform& transform, double ratio, bool onlySelected);

    std::shared_ptr<ThreadTeam> m_team;
    Canvas m_canvas;
    DensityRaster m_density;
    std::unique_ptr<Stamps> m_stamps;
};

} // namespace rnnscope::ui
