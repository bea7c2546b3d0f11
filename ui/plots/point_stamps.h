#pragma once

#include <QImage>
#include <QPainterPath>
#include <QRgb>

#include <array>
#include <cstdint>
#include <vector>

namespace rnnscope::ui {

/// Rows of premultiplied pixels with room left and right, so that no stamp has to be cut there.
class Canvas
{
public:
    /// All of one colour; keeps its memory from one picture to the next.
    void reset(QSize size, int room, QRgb fill);
    QSize size() const { return m_size; }
    /// `x` from -room on, to the width and room.
    std::uint32_t* pixel(int x, int y)
    {
        return m_pixels.data() + static_cast<std::ptrdiff_t>(y) * m_stride + m_room + x;
    }
    QImage image(QImage::Format format); ///< of these very pixels, to be read or painted on until the next reset

private:
    QSize m_size;
    int m_room = 0;
    std::ptrdiff_t m_stride = 0;
    std::vector<std::uint32_t> m_pixels;
};

/// Rows of a canvas that one thread draws.
struct Band
{
    int top = 0;
    int bottom = 0; ///< one past the last
};

/// How much of each pixel a point and the line around it cover, for each of 4 x 4 places within a pixel.
class Coverage
{
public:
    /// Around the origin, in pixels; `inner` lies within `outer`.
    Coverage(const QPainterPath& outer, const QPainterPath& inner);

    static constexpr int kPlaces = 4; ///< along each axis
    struct Sprite
    {
        int left = 0; ///< of the pixel the point lies in
        int top = 0;
        int width = 0;
        int height = 0;
        std::vector<std::uint8_t> border; ///< [height, width], 0..255
        std::vector<std::uint8_t> inner;
    };
    const std::array<Sprite, kPlaces * kPlaces>& sprites() const { return m_sprites; }
    int reach() const { return m_reach; } ///< no sprite is further from its pixel than that

private:
    std::array<Sprite, kPlaces * kPlaces> m_sprites;
    int m_reach = 0;
};

/// Puts a shape on a canvas, any number of times in any colour.
class Stamp
{
public:
    /// `line` is the colour around the shape, `opacity` 0..1.
    Stamp(const Coverage& coverage, QRgb line, double opacity);

    int reach() const { return m_reach; }
    /// At a place in pixels, which must not be further than reach() outside the canvas; only rows of `band` change.
    void put(Canvas& canvas, const Band& band, double x, double y, QRgb colour) const;
    /// Has the rows that a later put() changes brought into the cache.
    void fetch(Canvas& canvas, const Band& band, double x, double y) const;

private:
    /// Two pixels of four channels. The shares of what is below, of the colour and of the line add up to 255.
    struct alignas(16) Pair
    {
        std::array<std::uint16_t, 8> below;
        std::array<std::uint16_t, 8> own;
        std::array<std::uint16_t, 8> line; ///< share times colour, and a half of what rounds
    };
    struct Place
    {
        int left = 0;
        int top = 0;
        int rows = 0;
        int pairs = 0; ///< a row
        std::vector<Pair> shares; ///< [rows, pairs]
    };
    std::array<Place, Coverage::kPlaces * Coverage::kPlaces> m_places;
    int m_reach = 0;
};

} // namespace rnnscope::ui
