#include "ui/plots/point_grid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <gmock/gmock.h>
#include <random>

namespace {

using rnnscope::ui::PointGrid;

std::vector<QPointF> scattered(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<QPointF> points;
    for (std::size_t i = 0; i < count; ++i)
        points.emplace_back(normal(random), 3 * normal(random));
    return points;
}

class GridSearch : public testing::TestWithParam<unsigned>
{
};

TEST_P(GridSearch, FindsWhatALinearSearchFinds)
{
    auto points = scattered(500, GetParam());
    points[7] = QPointF(std::nan(""), 0);
    const PointGrid grid(points);
    EXPECT_EQ(grid.count(), 499U);
    for (const QPointF& at : scattered(100, GetParam() + 1000)) {
        double best = 0.3;
        std::optional<std::size_t> expected;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double away = std::hypot(points[i].x() - at.x(), points[i].y() - at.y());
            if (away <= best) {
                best = away;
                expected = i;
            }
        }
        EXPECT_EQ(grid.nearest(at, 0.3), expected);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, GridSearch, testing::Range(1U, 5U));

TEST(PointGrid, FindsNothingAmongNoPoints)
{
    EXPECT_FALSE(PointGrid().nearest({0, 0}, 1e9));
    EXPECT_FALSE(PointGrid({QPointF(std::nan(""), std::nan(""))}).nearest({0, 0}, 1e9));
}

TEST(PointGrid, CopesWithAllPointsInOnePlace)
{
    const PointGrid grid({{2, 2}, {2, 2}, {2, 2}});
    EXPECT_EQ(grid.nearest({2, 2.1}, 0.2), 2U); // the one drawn on top
    EXPECT_THAT(grid.inside(QRectF(1, 1, 2, 2)), testing::ElementsAre(0, 1, 2));
}

} // namespace
