#include "core/base/half.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace {

using namespace rnnscope;

TEST(Half, EveryHalfSurvivesTheRoundTrip)
{
    for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float value = halfToFloat(half);
        if (std::isnan(value))
            EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(value))));
        else
            ASSERT_EQ(floatToHalf(value), half) << value;
    }
}

TEST(Half, KnowsIeeesValues)
{
    EXPECT_EQ(halfToFloat(0x3c00), 1.0F);
    EXPECT_EQ(halfToFloat(0x7bff), 65504.0F);
    EXPECT_EQ(halfToFloat(0x0001), 0x1p-24F);
    EXPECT_EQ(halfToFloat(0xc000), -2.0F);
    EXPECT_TRUE(std::isinf(halfToFloat(0x7c00)));
}

TEST(Half, RoundsToNearestAndTiesToEven)
{
    EXPECT_EQ(floatToHalf(1.0F + 0x1p-11F), 0x3c00); // half-way, even below
    EXPECT_EQ(floatToHalf(1.0F + 3 * 0x1p-11F), 0x3c02); // half-way, even above
    EXPECT_EQ(floatToHalf(1.0F + 0x1p-11F + 0x1p-20F), 0x3c01);
    EXPECT_EQ(floatToHalf(65519.0F), 0x7bff);
    EXPECT_EQ(floatToHalf(65520.0F), 0x7c00);
    EXPECT_EQ(floatToHalf(0x1p-25F), 0x0000);
    EXPECT_EQ(floatToHalf(0x1.8p-25F), 0x0001);
}

TEST(Half, SpansGiveWhatSingleNumbersGive)
{
    std::mt19937 random(7);
    std::vector<float> values(1003);
    for (float& value : values)
        value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    for (std::size_t i = 0; i < values.size(); i += 2)
        values[i] = std::ldexp(values[i] > 0 ? 1.37F : -1.37F, static_cast<int>(i % 45) - 28);
    std::vector<std::uint16_t> halves(values.size());
    storeHalf(values, halves);
    std::vector<float> again(values.size());
    loadHalf(std::as_bytes(std::span(halves)), again);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) {
            EXPECT_TRUE(std::isnan(again[i]));
            continue;
        }
        ASSERT_EQ(halves[i], floatToHalf(values[i])) << values[i];
        ASSERT_EQ(again[i], halfToFloat(halves[i]));
    }
}

} // namespace
