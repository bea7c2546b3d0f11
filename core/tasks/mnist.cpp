#include "core/tasks/mnist.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace rnnscope::tasks {

namespace {

constexpr double kMean = 0.1307;
constexpr double kDeviation = 0.3081;
constexpr double kFullTurn = 360.0;

std::int64_t fixedPoint(double value)
{
    constexpr double kOne = 65536.0;
    return static_cast<std::int64_t>(std::floor(value * kOne + 0.5));
}

/// Where the pixel in row y, column x of the rotated image comes from.
struct Source
{
    std::int64_t x = 0;
    std::int64_t y = 0;

    bool inside() const
    {
        constexpr auto kSide = static_cast<std::int64_t>(kDigitSide);
        return x >= 0 && x < kSide && y >= 0 && y < kSide;
    }
};

/// Pillow's Image.rotate, which torchvision calls: pixel centres go through the inverse rotation in 16.16 fixed point,
/// so pixels between two others fall where they fell for the authors.
class InverseRotation
{
public:
    explicit InverseRotation(double degrees)
    {
        const double angle = std::fmod(degrees, kFullTurn) * std::numbers::pi / (kFullTurn / 2.0);
        const double cosine = std::cos(angle);
        const double sine = std::sin(angle);
        constexpr double kCentre = static_cast<double>(kDigitSide) / 2.0;
        constexpr double kHalf = 0.5;
        m_cosine = fixedPoint(cosine);
        m_sine = fixedPoint(sine);
        m_minusSine = fixedPoint(-sine);
        m_x = fixedPoint(kCentre * (1.0 - cosine + sine) + kHalf * (cosine - sine));
        m_y = fixedPoint(kCentre * (1.0 - cosine - sine) + kHalf * (cosine + sine));
    }

    Source of(std::int64_t x, std::int64_t y) const
    {
        constexpr int kFraction = 16;
        return {.x = (m_x + m_cosine * x + m_minusSine * y) >> kFraction,
                .y = (m_y + m_sine * x + m_cosine * y) >> kFraction};
    }

private:
    std::int64_t m_cosine = 0, m_sine = 0, m_minusSine = 0, m_x = 0, m_y = 0;
};

/// 0 to 3 quarter turns counter-clockwise, which Pillow makes exactly; -1 for other angles.
int quarterTurns(double degrees)
{
    constexpr double kQuarter = 90.0;
    const double turns = (degrees - kFullTurn * std::floor(degrees / kFullTurn)) / kQuarter;
    return turns == std::floor(turns) ? static_cast<int>(turns) % 4 : -1;
}

} // namespace

std::array<std::uint8_t, kDigitPixels> rotated(DigitImage image, double degrees)
{
    std::array<std::uint8_t, kDigitPixels> out {};
    const InverseRotation inverse(degrees);
    const int turns = quarterTurns(degrees);
    constexpr auto kLast = static_cast<std::int64_t>(kDigitSide) - 1;
    for (std::size_t i = 0; i < kDigitPixels; ++i) {
        const auto x = static_cast<std::int64_t>(i % kDigitSide);
        const auto y = static_cast<std::int64_t>(i / kDigitSide);
        const std::array<Source, 4> exact {{{x, y}, {kLast - y, x}, {kLast - x, kLast - y}, {y, kLast - x}}};
        const Source from = turns >= 0 ? exact.at(static_cast<std::size_t>(turns)) : inverse.of(x, y);
        if (from.inside())
            out.at(i) = image[static_cast<std::size_t>(from.y) * kDigitSide + static_cast<std::size_t>(from.x)];
    }
    return out;
}

bool isTileSide(std::size_t side)
{
    return side != 0 && kDigitSide % side == 0;
}

std::size_t tileSteps(std::size_t side)
{
    const std::size_t perRow = kDigitSide / side;
    return 1 + perRow * perRow;
}

void tiles(DigitImage image, std::size_t side, std::span<float> out)
{
    assert(isTileSide(side) && out.size() == tileSteps(side) * side * side);
    constexpr auto kWhite = 255.0F;
    auto next = std::fill_n(out.begin(), side * side, 0.0F);
    for (std::size_t top = 0; top < kDigitSide; top += side)
        for (std::size_t left = 0; left < kDigitSide; left += side)
            for (std::size_t pixel = 0; pixel < side * side; ++pixel) {
                const std::uint8_t grey = image[(top + pixel / side) * kDigitSide + left + pixel % side];
                *next++
                    = (static_cast<float>(grey) / kWhite - static_cast<float>(kMean)) / static_cast<float>(kDeviation);
            }
}

std::array<std::uint8_t, kDigitPixels> fromTiles(std::span<const float> sequence, std::size_t side)
{
    assert(isTileSide(side) && sequence.size() == tileSteps(side) * side * side);
    constexpr double kWhite = 255.0;
    std::array<std::uint8_t, kDigitPixels> image {};
    auto next = sequence.subspan(side * side).begin();
    for (std::size_t top = 0; top < kDigitSide; top += side)
        for (std::size_t left = 0; left < kDigitSide; left += side)
            for (std::size_t pixel = 0; pixel < side * side; ++pixel) {
                const double grey = (static_cast<double>(*next++) * kDeviation + kMean) * kWhite;
                image[(top + pixel / side) * kDigitSide + left + pixel % side]
                    = std::isnan(grey) ? 0 : static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.0, kWhite)));
            }
    return image;
}

bool isTrainingDigit(std::size_t index)
{
    constexpr std::uint64_t kKey = 0x04095164213dd204U;
    return (static_cast<std::uint64_t>(index) ^ kKey) % 10 < 8;
}

} // namespace rnnscope::tasks
