#include "core/base/half.h"

#include "core/base/cpu_features.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace rnnscope {

namespace {

constexpr std::uint32_t kExponentShift = 13; // float32 has 13 mantissa bits more
constexpr std::uint32_t kRebias = (127U - 15U) << 23U;

#if defined(__x86_64__)

__attribute__((target("avx,f16c"))) std::size_t loadBlocks(const std::byte* halves, float* out, std::size_t count)
{
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m128i packed;
        std::memcpy(&packed, halves + 2 * i, sizeof(packed));
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(packed));
    }
    return i;
}

__attribute__((target("avx,f16c"))) std::size_t storeBlocks(const float* values, std::uint16_t* out, std::size_t count)
{
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m128i packed = _mm256_cvtps_ph(_mm256_loadu_ps(values + i), _MM_FROUND_TO_NEAREST_INT);
        std::memcpy(out + i, &packed, sizeof(packed));
    }
    return i;
}

bool hasF16c()
{
    static const bool has = cpuFeatures().avx2; // every processor with AVX2 has F16C
    return has;
}

#else

std::size_t loadBlocks(const std::byte*, float*, std::size_t)
{
    return 0;
}
std::size_t storeBlocks(const float*, std::uint16_t*, std::size_t)
{
    return 0;
}
bool hasF16c()
{
    return false;
}

#endif

} // namespace

float halfToFloat(std::uint16_t half)
{
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = (half >> 10U) & 0x1fU;
    const std::uint32_t mantissa = half & 0x3ffU;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
        return sign == 0 ? magnitude : -magnitude;
    }
    if (exponent == 0x1fU) {
        const std::uint32_t quiet = mantissa == 0 ? 0U : 0x400000U;
        return std::bit_cast<float>(sign | 0x7f800000U | quiet | (mantissa << kExponentShift));
    }
    return std::bit_cast<float>(sign | (((half & 0x7fffU) << kExponentShift) + kRebias));
}

std::uint16_t floatToHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16U) & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    std::uint32_t half = 0;
    if (magnitude > 0x7f800000U) // NaN
        half = 0x7e00U | ((magnitude >> kExponentShift) & 0x3ffU);
    else if (magnitude >= 0x47800000U) // 65536 and more
        half = 0x7c00U;
    else if (magnitude >= 0x38800000U) // normal halves; 65520 carries into infinity
        half = (magnitude + 0xfffU + ((magnitude >> kExponentShift) & 1U) - kRebias) >> kExponentShift;
    else // adding 0.5 rounds to 2^-24, the spacing of subnormal halves
        half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3f000000U;
    return static_cast<std::uint16_t>(sign | half);
}

void loadHalf(std::span<const std::byte> halves, std::span<float> out)
{
    const std::size_t count = std::min(out.size(), halves.size() / 2);
    std::size_t i = hasF16c() ? loadBlocks(halves.data(), out.data(), count) : 0;
    for (; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, halves.data() + 2 * i, sizeof(half));
        out[i] = halfToFloat(half);
    }
}

void storeHalf(std::span<const float> values, std::span<std::uint16_t> out)
{
    const std::size_t count = std::min(out.size(), values.size());
    std::size_t i = hasF16c() ? storeBlocks(values.data(), out.data(), count) : 0;
    for (; i < count; ++i)
        out[i] = floatToHalf(values[i]);
}

} // namespace rnnscope
