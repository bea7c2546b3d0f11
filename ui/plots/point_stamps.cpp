#include "ui/plots/point_stamps.h"

#include <QPainter>

#include <algorithm>
#include <bit>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr int kPair = 2; // pixels worked on at once
constexpr int kOpaque = 255;
constexpr std::uint16_t kRound = 128;

using Bytes [[gnu::vector_size(8)]] = std::uint8_t;
using Words [[gnu::vector_size(16), gnu::may_alias]] = std::uint16_t;
struct [[gnu::packed, gnu::may_alias]] UnalignedBytes
{
    Bytes value;
};

Words words(const std::array<std::uint16_t, 8>& values)
{
    return *reinterpret_cast<const Words*>(values.data());
}

Words wide(const void* bytes)
{
    return __builtin_convertvector(static_cast<const UnalignedBytes*>(bytes)->value, Words);
}

/// The pixel a place lies in; a place may be so far left of or above the canvas.
int pixelOf(double place)
{
    constexpr int kFurthest = 1 << 16;
    return static_cast<int>(place + kFurthest) - kFurthest; // without SSE 4.1 faster than floor
}

/// The four channels of a colour, twice.
Words spread(QRgb colour)
{
    const std::array<QRgb, kPair> two {colour, colour};
    return wide(two.data());
}

std::vector<std::uint8_t> covered(const QPainterPath& path, int side, const QPointF& centre)
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

/// Without the empty rows and columns around it.
Coverage::Sprite cropped(const std::vector<std::uint8_t>& outer, const std::vector<std::uint8_t>& inner, int side)
{
    QRect used;
    const auto at = [side](int x, int y) { return static_cast<std::size_t>(y * side + x); };
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            if (outer[at(x, y)] != 0)
                used |= QRect(x, y, 1, 1);
    Coverage::Sprite sprite {used.left() - side / 2, used.top() - side / 2, used.width(), used.height(), {}, {}};
    for (int y = used.top(); y <= used.bottom(); ++y)
        for (int x = used.left(); x <= used.right(); ++x) {
            const auto both = outer[at(x, y)];
            const auto own = std::min(inner[at(x, y)], both);
            sprite.inner.push_back(own);
            sprite.border.push_back(static_cast<std::uint8_t>(both - own));
        }
    return sprite;
}

} // namespace

void Canvas::reset(QSize size, int room, QRgb fill)
{
    m_size = size;
    m_room = room;
    m_stride = size.width() + 2 * room;
    m_pixels.assign(static_cast<std::size_t>(m_stride * size.height()), fill);
}

QImage Canvas::image(QImage::Format format)
{
    return {reinterpret_cast<uchar*>(m_pixels.data() + m_room), m_size.width(), m_size.height(),
            static_cast<qsizetype>(m_stride * static_cast<std::ptrdiff_t>(sizeof(std::uint32_t))), format};
}

Coverage::Coverage(const QPainterPath& outer, const QPainterPath& inner)
{
    const QRectF box = outer.boundingRect();
    const int half = static_cast<int>(std::ceil(std::max({box.right(), box.bottom(), -box.left(), -box.top()}))) + 1;
    const int side = 2 * half + 1;
    for (int place = 0; place < kPlaces * kPlaces; ++place) {
        const QPointF centre(half + (place % kPlaces + 0.5) / kPlaces, half + (place / kPlaces + 0.5) / kPlaces);
        m_sprites.at(static_cast<std::size_t>(place))
            = cropped(covered(outer, side, centre), covered(inner, side, centre), side);
    }
    m_reach = half;
}

Stamp::Stamp(const Coverage& coverage, QRgb line, double opacity)
    : m_reach(coverage.reach() + kPair)
{
    const auto opaque = static_cast<int>(std::lround(kOpaque * opacity));
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const Coverage::Sprite& sprite = coverage.sprites().at(i);
        const int pairs = (sprite.width + kPair - 1) / kPair;
        Place& place = m_places.at(i);
        place = {sprite.left, sprite.top, sprite.height, pairs, {}};
        Pair untouched {};
        untouched.below.fill(kOpaque);
        untouched.line.fill(kRound);
        place.shares.assign(static_cast<std::size_t>(sprite.height * pairs), untouched);
        for (int y = 0; y < sprite.height; ++y)
            for (int x = 0; x < sprite.width; ++x) {
                const auto from = static_cast<std::size_t>(y * sprite.width + x);
                const int own = sprite.inner[from] * opaque / kOpaque;
                const int border = sprite.border[from] * opaque / kOpaque;
                Pair& pair = place.shares[static_cast<std::size_t>(y * pairs + x / kPair)];
                for (int channel = 0; channel < 4; ++channel) {
                    const auto to = static_cast<std::size_t>(x % kPair * 4 + channel);
                    const auto colour = static_cast<int>((line >> (8 * channel)) & 0xffU);
                    pair.below.at(to) = static_cast<std::uint16_t>(kOpaque - own - border);
                    pair.own.at(to) = static_cast<std::uint16_t>(own);
                    pair.line.at(to) = static_cast<std::uint16_t>(colour * border + kRound);
                }
            }
    }
}

void Stamp::put(Canvas& canvas, const Band& band, double x, double y, QRgb colour) const
{
    const int column = pixelOf(x);
    const int row = pixelOf(y);
    const auto which = static_cast<std::size_t>((y - row) * Coverage::kPlaces) * Coverage::kPlaces
        + static_cast<std::size_t>((x - column) * Coverage::kPlaces);
    const Place& place = m_places[which];
    const int left = column + place.left;
    const int top = row + place.top;
    const Words ink = spread(colour);
    const int from = std::max(top, band.top);
    const int to = std::min(top + place.rows, band.bottom);
    const Pair* shares = place.shares.data() + static_cast<std::ptrdiff_t>(from - top) * place.pairs;
    for (int at = from; at < to; ++at) {
        std::uint32_t* pixels = canvas.pixel(left, at);
        for (int pair = 0; pair < place.pairs; ++pair, ++shares, pixels += kPair) {
            // The shares add up to 255, so no sum leaves 16 bits; (t + (t >> 8)) >> 8 divides by 255, rounded.
            const Words sum = wide(pixels) * words(shares->below) + ink * words(shares->own) + words(shares->line);
            reinterpret_cast<UnalignedBytes*>(pixels)->value = __builtin_convertvector((sum + (sum >> 8)) >> 8, Bytes);
        }
    }
}

void Stamp::fetch(Canvas& canvas, const Band& band, double x, double y) const
{
    const Place& place = m_places.front(); // the others differ by a pixel
    const int left = pixelOf(x) + place.left;
    const int top = pixelOf(y) + place.top;
    for (int row = std::max(top, band.top); row < std::min(top + place.rows, band.bottom); ++row)
        __builtin_prefetch(canvas.pixel(left, row), 1);
}

} // namespace rnnscope::ui
