#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rnnscope {

/// IEEE 754 binary16 to float32; exact.
float halfToFloat(std::uint16_t half);
/// Rounds to nearest, ties to even; beyond 65504 becomes infinite.
std::uint16_t floatToHalf(float value);

/// `halves` holds 2 * out.size() bytes, little-endian, at any alignment. Uses F16C where the processor has it.
void loadHalf(std::span<const std::byte> halves, std::span<float> out);
/// Sizes must agree.
void storeHalf(std::span<const float> values, std::span<std::uint16_t> out);

} // namespace rnnscope
