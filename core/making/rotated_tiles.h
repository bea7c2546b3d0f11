#pragma once

#include "core/tasks/mnist.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::making {

/// Digits turned by one angle and cut into tiles, to the bit what tasks::tiles(tasks::rotated(image, degrees), side)
/// gives, but by one look-up a pixel.
class RotatedTiles
{
public:
    /// `side` must be isTileSide().
    RotatedTiles(double degrees, std::size_t side);

    std::size_t steps() const { return m_steps; } ///< T
    std::size_t inputs() const { return m_inputs; } ///< I
    std::size_t values() const { return m_source.size(); } ///< T * I
    /// [T, I]
    void cut(tasks::DigitImage image, std::span<float> out) const;

private:
    std::size_t m_steps;
    std::size_t m_inputs;
    std::vector<std::uint16_t> m_source; ///< [T * I] pixels; beyond the digit: background
    std::array<float, 256> m_grey {}; ///< normalised
};

} // namespace rnnscope::making
