#include "core/zoo/property_format.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace rnnscope::zoo;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(FormatNumber, WritesRealsWithThreeDecimals)
{
    EXPECT_EQ(formatNumber(0.9817, PropertyKind::Real), "0.982");
    EXPECT_EQ(formatNumber(-1.5, PropertyKind::Real), "−1.500");
    EXPECT_EQ(formatNumber(0.0, PropertyKind::Real), "0.000");
    EXPECT_EQ(formatNumber(0.00012345, PropertyKind::Real), "0.000123");
    EXPECT_EQ(formatNumber(-0.0000012345, PropertyKind::Real), "−1.23e-06");
    EXPECT_EQ(formatNumber(1e300, PropertyKind::Real), "1e+300");
}

TEST(FormatNumber, WritesIntegersWithoutDecimals)
{
    EXPECT_EQ(formatNumber(20000.0, PropertyKind::Integer), "20000");
    EXPECT_EQ(formatNumber(-3.0, PropertyKind::Integer), "−3");
    EXPECT_EQ(formatNumber(-0.2, PropertyKind::Integer), "0");
}

TEST(FormatNumber, WritesAnglesWithAtMostOneDecimal)
{
    EXPECT_EQ(formatNumber(135.0, PropertyKind::Circular), "135");
    EXPECT_EQ(formatNumber(135.26, PropertyKind::Circular), "135.3");
}

TEST(FormatNumber, HasSignsForTheUnknownAndTheInfinite)
{
    EXPECT_EQ(formatNumber(kNan, PropertyKind::Real), "–");
    EXPECT_EQ(formatNumber(-std::numeric_limits<double>::infinity(), PropertyKind::Integer), "−∞");
}

TEST(FormatRow, JoinsColumns)
{
    EXPECT_EQ(formatRow(std::vector<double> {0, 1, -2, 2}, PropertyKind::Integer, 0.0, {}), "0 1 −2 2");
}

TEST(FormatRow, NamesLabels)
{
    const std::vector<std::string> labels {"LSTM", "GRU"};
    EXPECT_EQ(formatRow(std::vector<double> {1}, PropertyKind::Categorical, 0.0, labels), "GRU");
    EXPECT_EQ(formatRow(std::vector<double> {2}, PropertyKind::Categorical, 0.0, labels), "2");
    EXPECT_EQ(formatRow(std::vector<double> {kNan}, PropertyKind::Categorical, 0.0, labels), "–");
}

TEST(FormatRow, WrapsAnglesThatRoundToThePeriod)
{
    EXPECT_EQ(formatRow(std::vector<double> {359.97}, PropertyKind::Circular, 360.0, {}), "0");
    EXPECT_EQ(formatRow(std::vector<double> {359.94}, PropertyKind::Circular, 360.0, {}), "359.9");
}

} // namespace
