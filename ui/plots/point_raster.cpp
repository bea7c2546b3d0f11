#include "ui/plots/point_raster.h"

#include "ui/plots/zoo_marks.h"

#include <QPainter>

#include <optional>
#include <utility>

namespace rnnscope::ui {

namespace {

QPainterPath annulus(double diameter, double width)
{
    QPainterPath path;
    path.setFillRule(Qt::OddEvenFill);
    path.addEllipse(QPointF(), diameter / 2 + width, diameter / 2 + width);
    path.addEllipse(QPointF(), diameter / 2, diameter / 2);
    return path;
}

Coverage ringCoverage(double diameter, double ratio)
{
    const QPainterPath path = annulus(diameter * ratio, kRingWidth * ratio);
    return {path, path};
}

std::vector<Coverage> shapeCoverage(double diameter, double ratio)
{
    std::vector<Coverage> shapes;
    for (int shape = 0; shape < kPointShapes; ++shape)
        shapes.emplace_back(pointShape(shape, (diameter + 2 * kOutline) * ratio), pointShape(shape, diameter * ratio));
    return shapes;
}

/// From data to device pixels of the image.
struct ToDevice
{
    ToDevice(const MapTransform& transform, double ratio)
        : scale(transform.scale * ratio)
        , left(transform.size.width() * ratio / 2 - transform.centre.x() * scale)
        , top(transform.size.height() * ratio / 2 + transform.centre.y() * scale)
    {
    }
    QPointF operator()(const QPointF& data) const { return {left + data.x() * scale, top - data.y() * scale}; }

    double scale;
    double left;
    double top;
};

/// Of points and of the rings around them.
std::vector<std::pair<double, double>> diametersOf(const PointScene& scene)
{
    if (scene.sizes.empty())
        return {{pointDiameter(scene.positions.size()), kRingDiameter}};
    constexpr double kRoom = 4.0;
    std::vector<std::pair<double, double>> all;
    for (double diameter = kLeastDiameter; diameter <= kGreatestDiameter; ++diameter)
        all.emplace_back(diameter, diameter + kRoom);
    return all;
}

std::size_t shapeOf(const PointScene& scene, std::size_t point)
{
    return scene.shapes.empty() ? 0 : scene.shapes[point];
}

} // namespace

PointsAs pointsAs(const PointScene& scene, const MapTransform& transform)
{
    if (scene.positions.size() <= kDensityPoints)
        return PointsAs::Stamps;
    const QPointF low = transform.toData({0, transform.size.height()});
    const QPointF high = transform.toData({transform.size.width(), 0});
    std::size_t shown = 0;
    for (const QPointF& p : scene.positions)
        shown += static_cast<std::size_t>((p.x() >= low.x()) & (p.x() <= high.x()) & (p.y() >= low.y())
                                          & (p.y() <= high.y()));
    return shown > kDensityPoints ? PointsAs::Density : PointsAs::Stamps;
}

/// Made anew only when sizes or colours change.
struct PointRaster::Stamps
{
    /// Points of one diameter.
    struct Sized
    {
        Sized(double diameter, double around, double ratio)
            : shapes(shapeCoverage(diameter, ratio))
            , ringShape(ringCoverage(around, ratio))
        {
        }
        void ink(const std::array<QRgb, 3>& colours, double faded)
        {
            full.clear();
            outside.clear();
            for (const Coverage& shape : shapes) {
                full.emplace_back(shape, colours[0], 1.0);
                outside.emplace_back(shape, colours[0], faded);
            }
            ring.emplace(ringShape, colours[1], 1.0);
        }

        std::vector<Coverage> shapes;
        Coverage ringShape;
        std::vector<Stamp> full; ///< one a shape
        std::vector<Stamp> outside; ///< of points outside the selection
        std::optional<Stamp> ring;
    };

    /// `diameters` of points and their rings.
    Stamps(std::vector<std::pair<double, double>> diameters, double pixelRatio)
        : wanted(std::move(diameters))
        , ratio(pixelRatio)
        , starShape(pointShape(kStarShape, (kStarDiameter + 4 * kStarOutline) * pixelRatio),
                    pointShape(kStarShape, kStarDiameter * pixelRatio))
        , starRingShape(ringCoverage(kStarRingDiameter, pixelRatio))
    {
        for (const auto& [diameter, ring] : wanted)
            sizes.emplace_back(diameter, ring, ratio);
    }

    void ink(const PointScene& scene)
    {
        const std::array<QRgb, 3> inks {scene.outline.rgb(), scene.ring.rgb(), scene.accent.rgb()};
        const double fading = opacityOutside(scene.selectedCount);
        if (star && colours == inks && faded == fading)
            return;
        colours = inks;
        faded = fading;
        for (Sized& size : sizes)
            size.ink(colours, faded);
        star.emplace(starShape, colours[2], 1.0);
        starRing.emplace(starRingShape, colours[1], 1.0);
    }

    std::vector<std::pair<double, double>> wanted;
    double ratio;
    std::vector<Sized> sizes; ///< one, or from kLeastDiameter on
    Coverage starShape;
    Coverage starRingShape;
    std::array<QRgb, 3> colours {}; ///< outline, ring, accent
    double faded = 1.0;
    std::optional<Stamp> star;
    std::optional<Stamp> starRing;
};

PointRaster::PointRaster(std::shared_ptr<ThreadTeam> team)
    : m_team(std::move(team))
{
}
std::shared_ptr<ThreadTeam> PointRaster::newTeam()
{
    constexpr int kMost = 4;
    return std::make_shared<ThreadTeam>(std::min(availableCores(), kMost));
}

PointRaster::~PointRaster() = default;

void PointRaster::reset(const PointScene& scene, const MapTransform& transform, double ratio, QRgb fill)
{
    auto wanted = diametersOf(scene);
    if (!m_stamps || m_stamps->wanted != wanted || m_stamps->ratio != ratio)
        m_stamps = std::make_unique<Stamps>(std::move(wanted), ratio);
    m_stamps->ink(scene);
    m_canvas.reset((transform.size * ratio).toSize().expandedTo(QSize(1, 1)), 2 * m_stamps->starRing->reach(), fill);
}

void PointRaster::stampPoints(const PointScene& scene, const MapTransform& transform, double ratio, bool onlySelected)
{
    if (scene.sizes.empty())
        stampAll<false>(scene, transform, ratio, onlySelected);
    else
        stampAll<true>(scene, transform, ratio, onlySelected);
}

template <bool kSized>
void PointRaster::stampAll(const PointScene& scene, const MapTransform& transform, double ratio, bool onlySelected)
{
    const Stamps& stamps = *m_stamps;
    const ToDevice toDevice(transform, ratio);
    const auto sizeOf = [&](std::size_t i) -> const Stamps::Sized& {
        if constexpr (kSized)
            return stamps.sizes[static_cast<std::size_t>(scene.sizes[i] - kLeastDiameter)];
        else
            return stamps.sizes.front();
    };
    const Stamp& small = stamps.sizes.front().full.front();
    const double reach = stamps.sizes.back().ring->reach(); // further than any point
    const bool rings = onlySelected && scene.selectedCount <= kRings;
    const double right = m_canvas.size().width() + reach;
    // Each thread has rows of its own and goes through the points in their order, so later ones lie on top for any
    // number of threads.
    const auto height = static_cast<std::size_t>(m_canvas.size().height());
    m_team->parallelFor(
        height, (height + m_team->size() - 1) / m_team->size(), [&](std::size_t begin, std::size_t end) {
            const Band band {static_cast<int>(begin), static_cast<int>(end)};
            const double top = band.top - reach;
            const double bottom = band.bottom + reach;
            const auto put = [&](std::size_t i, const QPointF& at) {
                const auto& size = sizeOf(i);
                const auto& shapes = onlySelected ? size.full : size.outside;
                shapes[shapeOf(scene, i)].put(m_canvas, band, at.x(), at.y(), scene.colours[i]);
                if (rings)
                    size.ring->put(m_canvas, band, at.x(), at.y(), scene.ring.rgb());
            };
            // A screen is larger than the nearer caches and points come from anywhere on it, so each waits for its
            // rows.
            constexpr std::size_t kWaiting = 16;
            std::array<std::pair<std::size_t, QPointF>, kWaiting> waiting;
            std::size_t found = 0;
            for (std::size_t k = 0; k < scene.positions.size(); ++k) {
                const std::size_t i = kSized ? scene.order[k] : k;
                const QPointF at = toDevice(scene.positions[i]);
                if (!(at.y() >= top && at.y() < bottom && at.x() >= -reach && at.x() < right)) // NaN is nowhere
                    continue;
                if ((onlySelected && scene.selected[i] == 0) || shapeOf(scene, i) == kStarShape)
                    continue;
                auto& place = waiting[found++ % kWaiting];
                if (found > kWaiting)
                    put(place.first, place.second);
                place = {i, at};
                small.fetch(m_canvas, band, at.x(), at.y());
            }
            for (std::size_t k = found - std::min(found, kWaiting); k < found; ++k)
                put(waiting[k % kWaiting].first, waiting[k % kWaiting].second);
        });
}

QImage PointRaster::picture(double ratio, QImage::Format format)
{
    QImage image = m_canvas.image(format);
    image.setDevicePixelRatio(ratio);
    return image;
}

QImage PointRaster::points(const PointScene& scene, const MapTransform& transform, double ratio, PointsAs as,
                           const std::function<void(QPainter&)>& below)
{
    reset(scene, transform, ratio, below ? scene.outline.rgb() : 0);
    const auto format = below ? QImage::Format_RGB32 : QImage::Format_ARGB32_Premultiplied;
    if (below) {
        QImage image = picture(ratio, format);
        QPainter painter(&image);
        below(painter);
    }
    if (as == PointsAs::Density)
        m_density.draw(m_canvas, scene, transform, ratio, false, opacityOutside(scene.selectedCount), *m_team);
    else
        stampPoints(scene, transform, ratio, false);
    return picture(ratio, format);
}

QImage PointRaster::highlights(const PointScene& scene, const MapTransform& transform, double ratio, PointsAs as)
{
    if (scene.selectedCount == 0 && scene.stars.empty())
        return {};
    reset(scene, transform, ratio, 0);
    if (scene.selectedCount > kRings && as == PointsAs::Density)
        m_density.draw(m_canvas, scene, transform, ratio, true, 1.0, *m_team);
    else if (scene.selectedCount > 0)
        stampPoints(scene, transform, ratio, true);
    const ToDevice toDevice(transform, ratio);
    const double reach = m_stamps->starRing->reach();
    const QRectF area = QRectF(QPointF(), QSizeF(m_canvas.size())).adjusted(-reach, -reach, reach, reach);
    const Band all {0, m_canvas.size().height()};
    for (const std::size_t i : scene.stars) {
        const QPointF at = toDevice(scene.positions[i]);
        if (!drawable(scene.positions[i]) || !area.contains(at))
            continue;
        m_stamps->star->put(m_canvas, all, at.x(), at.y(), scene.colours[i]);
        if (scene.selected[i] != 0)
            m_stamps->starRing->put(m_canvas, all, at.x(), at.y(), scene.ring.rgb());
    }
    return picture(ratio, QImage::Format_ARGB32_Premultiplied);
}

} // namespace rnnscope::ui
