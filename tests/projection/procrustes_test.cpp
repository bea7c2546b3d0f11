#include "core/projection/procrustes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

Matrix cloud()
{
    Matrix points(40, 2);
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    for (float& value : points.values)
        value = normal(random);
    return points;
}

/// Turned, scaled, moved, and mirrored where asked for.
Matrix changed(const Matrix& points, bool mirror)
{
    Matrix other(points.rows, 2);
    for (std::size_t i = 0; i < points.rows; ++i) {
        const double x = points(i, 0);
        const double y = mirror ? -points(i, 1) : points(i, 1);
        other(i, 0) = static_cast<float>(3.0 + 2.5 * (std::cos(0.7) * x - std::sin(0.7) * y));
        other(i, 1) = static_cast<float>(-8.0 + 2.5 * (std::sin(0.7) * x + std::cos(0.7) * y));
    }
    return other;
}

TEST(Movements, AreNoneBetweenMapsOfOneShape)
{
    for (const bool mirror : {false, true})
        for (const double moved : movements(cloud(), changed(cloud(), mirror)))
            EXPECT_NEAR(moved, 0.0, 1e-5) << mirror;
}

TEST(Movements, TellWhoMoved)
{
    auto other = changed(cloud(), true);
    other(7, 0) += 10.0F;
    const auto moved = movements(cloud(), other);
    for (std::size_t i = 0; i < moved.size(); ++i)
        if (i != 7) {
            EXPECT_LT(moved[i], moved[7] / 4) << i;
        }
    EXPECT_GT(moved[7], 1.0) << "in radii of the map";
}

TEST(Movements, LeaveOutWhatIsOnOneMapOnly)
{
    auto other = changed(cloud(), false);
    other(3, 1) = std::numeric_limits<float>::quiet_NaN();
    const auto moved = movements(cloud(), other);
    EXPECT_TRUE(std::isnan(moved[3]));
    EXPECT_NEAR(moved[4], 0.0, 1e-5);
    EXPECT_TRUE(movements(Matrix(0, 2), Matrix(0, 2)).empty());
    for (const double one : movements(Matrix(2, 2), Matrix(2, 2)))
        EXPECT_EQ(one, 0.0) << "all at one place";
}

} // namespace
