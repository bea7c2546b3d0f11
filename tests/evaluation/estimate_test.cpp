#include "core/evaluation/estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace rnnscope::evaluation;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Estimate, IntervalIsStudents)
{
    // mean 2, standard deviation 1, t(2) = 4.30265
    const Estimate three = estimate(std::vector<double> {1.0, 2.0, 3.0});
    EXPECT_DOUBLE_EQ(three.mean, 2.0);
    EXPECT_NEAR(three.halfWidth, 4.30265 / std::sqrt(3.0), 1e-5);
    EXPECT_EQ(three.seeds, 3U);
}

TEST(Estimate, OneSeedHasNoInterval)
{
    const Estimate one = estimate(std::vector<double> {0.5, kNan});
    EXPECT_DOUBLE_EQ(one.mean, 0.5);
    EXPECT_TRUE(std::isnan(one.halfWidth));
    EXPECT_EQ(one.seeds, 1U);
}

TEST(Estimate, NothingMeasuredIsNan)
{
    EXPECT_TRUE(std::isnan(estimate({}).mean));
    EXPECT_EQ(estimate(std::vector<double> {kNan}).seeds, 0U);
}

TEST(StudentQuantile, AgreesWithTables)
{
    EXPECT_NEAR(studentQuantile(1), 12.7062, 1e-4);
    EXPECT_NEAR(studentQuantile(10), 2.22814, 1e-5);
    EXPECT_NEAR(studentQuantile(11), 2.20099, 2e-4);
    EXPECT_NEAR(studentQuantile(30), 2.04227, 1e-5);
    EXPECT_NEAR(studentQuantile(1000), 1.96234, 1e-5);
}

} // namespace
