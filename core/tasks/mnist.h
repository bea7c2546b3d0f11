#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace rnnscope::tasks {

constexpr std::size_t kDigitSide = 28;
constexpr std::size_t kDigitPixels = kDigitSide * kDigitSide;
constexpr std::size_t kDigitClasses = 10;
using DigitImage = std::span<const std::uint8_t, kDigitPixels>;

/// Handwritten digits, 28x28, 0 = background.
struct Digits
{
    std::vector<std::uint8_t> pixels; ///< [N, 28, 28]
    std::vector<std::uint8_t> labels; ///< [N], 0..9

    std::size_t size() const { return labels.size(); }
    DigitImage image(std::size_t i) const { return DigitImage(pixels.data() + i * kDigitPixels, kDigitPixels); }
};

/// train-images-idx3-ubyte and train-labels-idx1-ubyte of a folder, as they are or with .gz, at most 1 000 000 digits.
Result<Digits> readMnist(const std::filesystem::path& folder);

/// Counter-clockwise about the centre, nearest neighbour, background outside: torchvision's RandomRotation on 8-bit
/// pixels.
std::array<std::uint8_t, kDigitPixels> rotated(DigitImage image, double degrees);

/// Whether tiles of `side` pixels can cut a digit: 28 is a multiple of it.
bool isTileSide(std::size_t side);
/// 1 + (28 / side)^2: a zero tile first. 50 for the paper's 4x4 tiles.
std::size_t tileSteps(std::size_t side);
/// [tileSteps, side^2]: scaled to 0..1, minus 0.1307, over 0.3081; tiles row by row, pixels in a tile row by row.
void tiles(DigitImage image, std::size_t side, std::span<float> out);

/// The other way, the zero tile left out; what is no pixel becomes the nearest one, NaN background.
std::array<std::uint8_t, kDigitPixels> fromTiles(std::span<const float> sequence, std::size_t side);

/// The authors' 80 : 20 split of the 60 000 training digits, by a hash of the index. Reference README 28.
bool isTrainingDigit(std::size_t index);

} // namespace rnnscope::tasks
