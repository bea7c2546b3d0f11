#include "ui/plots/point_raster.h"

#include "ui/plots/zoo_marks.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace rnnscope::ui {

namespace {

constexpr int kPhases = 4; // sub-pixel positions along each axis
constexpr unsigned kOpaque = 255;

/// How much of each pixel a point covers, for one sub-pixel position.
struct Sprite
{
    int side = 0;
    std::vector<std::uint8_t> outer; ///< point and outline
    std::vector<std::uint8_t> inner; ///< point
};

using SpritePhases = std::array<Sprite, kPhases * kPhases>;

std::vector<std::uint8_t> coverage(const QPainterPath& path, int side, const QPointF& centre)
{
    QImage image(side, side, QImage::Format_Grayscale8);
    image.fill(0);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(centre);
    painter.fillPath(path, Qt::white);
    painter.end();
    std::vector<std::uint8_t> values;
    for (int y = 0; y < side; ++y)
        values.insert(values.end(), image.constScanLine(y), image.constScanLine(y) + side);
    return values;
}

SpritePhases makeSprites(const QPainterPath& outer, const QPainterPath& inner)
{
    const QRectF box = outer.boundingRect();
    const int half = static_cast<int>(std::ceil(std::max({box.right(), box.bottom(), -box.left(), -box.top()})));
    SpritePhases sprites;
    for (int phase = 0; phase < kPhases * kPhases; ++phase) {
        const QPointF centre(half + (phase % kPhases + 0.5) / kPhases, half + (phase / kPhases + 0.5) / kPhases);
        const int side = 2 * half + 1;
        sprites.at(static_cast<std::size_t>(phase))
            = {side, coverage(outer, side, centre), coverage(inner, side, centre)};
    }
    return sprites;
}

QPainterPath annulus(double diameter, double width)
{
    QPainterPath path;
    path.setFillRule(Qt::OddEvenFill);
    path.addEllipse(QPointF(), diameter / 2 + width, diameter / 2 + width);
    path.addEllipse(QPointF(), diameter / 2, diameter / 2);
    return path;
}

struct Ink
{
    QRgb outer;
    QRgb inner;
    unsigned opacity; ///< 0..255
};

/// All four channels times share / 255, rounded; two channels at once, as Qt does inside.
QRgb times(QRgb colour, unsigned share)
{
    constexpr unsigned kPair = 0xff00ffU;
    constexpr unsigned kHalf = 0x800080U;
    unsigned low = (colour & kPair) * share;
    low = ((low + ((low >> 8) & kPair) + kHalf) >> 8) & kPair;
    unsigned high = ((colour >> 8) & kPair) * share;
    high = (high + ((high >> 8) & kPair) + kHalf) & ~kPair;
    return low | high;
}

/// On premultiplied pixels. The shares add up to 255, so no channel overflows.
QRgb blend(QRgb below, const Ink& ink, unsigned outer, unsigned inner)
{
    if (ink.opacity != kOpaque) {
        outer = outer * ink.opacity / kOpaque;
        inner = inner * ink.opacity / kOpaque;
    }
    if (inner == kOpaque)
        return ink.inner;
    const unsigned border = outer > inner ? outer - inner : 0;
    return times(below, kOpaque - inner - border) + times(ink.outer, border) + times(ink.inner, inner);
}

class Canvas
{
public:
    Canvas(QSize size)
        : m_image(size, QImage::Format_ARGB32_Premultiplied)
    {
        m_image.fill(Qt::transparent);
    }

    void stamp(const SpritePhases& sprites, const QPointF& at, const Ink& ink)
    {
        const double floorX = std::floor(at.x());
        const double floorY = std::floor(at.y());
        const auto phase = static_cast<std::size_t>((at.y() - floorY) * kPhases) * kPhases
            + static_cast<std::size_t>((at.x() - floorX) * kPhases);
        const Sprite& sprite = sprites.at(std::min(phase, sprites.size() - 1));
        const int half = sprite.side / 2;
        const int left = static_cast<int>(floorX) - half;
        const int top = static_cast<int>(floorY) - half;
        for (int y = std::max(0, -top); y < std::min(sprite.side, m_image.height() - top); ++y) {
            auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(top + y));
            const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(sprite.side);
            for (int x = std::max(0, -left); x < std::min(sprite.side, m_image.width() - left); ++x) {
                const auto entry = row + static_cast<std::size_t>(x);
                if (sprite.outer[entry] != 0)
                    line[left + x] = blend(line[left + x], ink, sprite.outer[entry], sprite.inner[entry]);
            }
        }
    }

    bool shows(const QPointF& at, double margin) const
    {
        return at.x() > -margin && at.y() > -margin && at.x() < m_image.width() + margin
            && at.y() < m_image.height() + margin;
    }

    QImage image() const { return m_image; }

private:
    QImage m_image;
};

struct SpriteSet
{
    double diameter = 0.0;
    double ratio = 0.0;
    std::array<SpritePhases, kZooShapes> shapes;
    SpritePhases ring;
    SpritePhases star;
    SpritePhases starRing;
};

/// Made once per size and thread.
const SpriteSet& spritesFor(double diameter, double ratio)
{
    static thread_local SpriteSet set;
    if (set.diameter == diameter && set.ratio == ratio)
        return set;
    set.diameter = diameter;
    set.ratio = ratio;
    for (int shape = 0; shape < kZooShapes; ++shape)
        set.shapes.at(static_cast<std::size_t>(shape))
            = makeSprites(pointShape(shape, (diameter + 2 * kOutline) * ratio), pointShape(shape, diameter * ratio));
    const QPainterPath ring = annulus(kRingDiameter * ratio, kRingWidth * ratio);
    set.ring = makeSprites(ring, ring);
    set.star = makeSprites(pointShape(kStarShape, (kStarDiameter + 4 * kStarOutline) * ratio),
                           pointShape(kStarShape, kStarDiameter * ratio));
    const QPainterPath starRing = annulus(kStarRingDiameter * ratio, kRingWidth * ratio);
    set.starRing = makeSprites(starRing, starRing);
    return set;
}

} // namespace

QImage rasterPoints(const PointScene& scene, const MapTransform& transform, double ratio)
{
    Canvas canvas((transform.size * ratio).toSize().expandedTo(QSize(1, 1)));
    const SpriteSet& sprites = spritesFor(pointDiameter(scene.positions.size()), ratio);
    const double margin = 2 * kRingDiameter * ratio;
    const auto draw = [&](bool selected, unsigned opacity) {
        for (std::size_t i = 0; i < scene.positions.size(); ++i) {
            if ((scene.selected[i] != 0) != selected || !drawable(scene.positions[i]) || isStar(scene, i))
                continue;
            const QPointF at = transform.toPixel(scene.positions[i]) * ratio;
            if (!canvas.shows(at, margin))
                continue;
            const std::size_t shape = scene.shapes.empty() ? 0 : scene.shapes[i];
            canvas.stamp(sprites.shapes.at(shape % sprites.shapes.size()), at,
                         {scene.outline.rgb(), scene.colours[i], opacity});
            if (selected)
                canvas.stamp(sprites.ring, at, {scene.ring.rgb(), scene.ring.rgb(), kOpaque});
        }
    };
    draw(false, static_cast<unsigned>(kOpaque * opacityOutside(scene.selectedCount)));
    draw(true, kOpaque);
    for (const std::size_t i : scene.stars) {
        const QPointF at = transform.toPixel(scene.positions[i]) * ratio;
        if (!drawable(scene.positions[i]) || !canvas.shows(at, 2 * margin))
            continue;
        canvas.stamp(sprites.star, at, {scene.accent.rgb(), scene.colours[i], kOpaque});
        if (scene.selected[i] != 0)
            canvas.stamp(sprites.starRing, at, {scene.ring.rgb(), scene.ring.rgb(), kOpaque});
    }
    QImage image = canvas.image();
    image.setDevicePixelRatio(ratio);
    return image;
}

} // namespace rnnscope::ui
