#include "core/making/rotated_tiles.h"

namespace rnnscope::making {

namespace {

using tasks::kDigitPixels;
using Image = std::array<std::uint8_t, kDigitPixels>;

constexpr std::uint16_t kOutside = kDigitPixels; // a background pixel
constexpr std::uint16_t kZeroTile = kDigitPixels + 1;

/// Where every pixel of a turned digit comes from, found by turning images that say where their pixels are.
std::array<std::uint16_t, kDigitPixels> sourcesOf(double degrees)
{
    constexpr unsigned kByte = 8;
    Image low {}, high {};
    for (unsigned i = 0; i < kDigitPixels; ++i) { // 0 is what comes in from outside
        low.at(i) = static_cast<std::uint8_t>((i + 1) & 0xffU);
        high.at(i) = static_cast<std::uint8_t>((i + 1) >> kByte);
    }
    const Image turnedLow = tasks::rotated(low, degrees);
    const Image turnedHigh = tasks::rotated(high, degrees);
    std::array<std::uint16_t, kDigitPixels> sources {};
    for (std::size_t i = 0; i < kDigitPixels; ++i) {
        const unsigned found = static_cast<unsigned>(turnedHigh.at(i)) << kByte | turnedLow.at(i);
        sources.at(i) = found == 0 ? kOutside : static_cast<std::uint16_t>(found - 1);
    }
    return sources;
}

} // namespace

RotatedTiles::RotatedTiles(double degrees, std::size_t side)
    : m_steps(tasks::tileSteps(side))
    , m_inputs(side * side)
{
    Image greys {};
    for (std::size_t i = 0; i < m_grey.size(); ++i)
        greys.at(i) = static_cast<std::uint8_t>(i);
    std::vector<float> normalised(2 * kDigitPixels); // one tile: the zeros, then the image as it is
    tasks::tiles(greys, tasks::kDigitSide, normalised);
    for (std::size_t i = 0; i < m_grey.size(); ++i)
        m_grey.at(i) = normalised[kDigitPixels + i];

    const auto sources = sourcesOf(degrees);
    m_source.assign(m_inputs, kZeroTile);
    for (std::size_t top = 0; top < tasks::kDigitSide; top += side)
        for (std::size_t left = 0; left < tasks::kDigitSide; left += side)
            for (std::size_t pixel = 0; pixel < m_inputs; ++pixel)
                m_source.push_back(sources.at((top + pixel / side) * tasks::kDigitSide + left + pixel % side));
}

void RotatedTiles::cut(tasks::DigitImage image, std::span<float> out) const
{
    std::array<float, kDigitPixels + 2> turned {};
    for (std::size_t i = 0; i < kDigitPixels; ++i)
        turned[i] = m_grey[image[i]];
    turned[kOutside] = m_grey[0];
    for (std::size_t i = 0; i < m_source.size(); ++i)
        out[i] = turned[m_source[i]];
}

} // namespace rnnscope::making
