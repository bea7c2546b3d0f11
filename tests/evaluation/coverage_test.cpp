#include "core/evaluation/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace rnnscope;

zoo::Property property(std::vector<double> values, std::size_t columns = 1)
{
    zoo::Property made;
    made.name = "property";
    made.columns = columns;
    made.values = std::move(values);
    return made;
}

prediction::Prediction interval(double lower, double upper, double period = 0.0)
{
    prediction::Prediction made;
    made.kind = period > 0.0 ? zoo::PropertyKind::Circular : zoo::PropertyKind::Real;
    made.period = period;
    made.values = {0.0};
    made.lower = {lower};
    made.upper = {upper};
    made.level = 0.9;
    return made;
}

TEST(Holds, RealIntervalsAreClosed)
{
    EXPECT_TRUE(evaluation::holds(interval(0.2, 0.8), property({0.2}), 0));
    EXPECT_TRUE(evaluation::holds(interval(0.2, 0.8), property({0.8}), 0));
    EXPECT_FALSE(evaluation::holds(interval(0.2, 0.8), property({0.81}), 0));
}

TEST(Holds, CircularIntervalsWrap)
{
    EXPECT_TRUE(evaluation::holds(interval(350.0, 10.0, 360.0), property({5.0}), 0));
    EXPECT_TRUE(evaluation::holds(interval(350.0, 10.0, 360.0), property({355.0}), 0));
    EXPECT_FALSE(evaluation::holds(interval(350.0, 10.0, 360.0), property({180.0}), 0));
    EXPECT_FALSE(evaluation::holds(interval(10.0, 20.0, 360.0), property({25.0}), 0));
}

TEST(Holds, SetsMustHoldEveryColumn)
{
    prediction::Prediction sets;
    sets.kind = zoo::PropertyKind::Integer;
    sets.columns = 2;
    sets.values = {1.0, 5.0};
    sets.classes = {{1.0, 2.0, 3.0}, {5.0, 6.0}};
    sets.inSet = {1, 1, 0, 1, 0, 0};
    sets.level = 0.9;
    EXPECT_TRUE(evaluation::holds(sets, property({2.0, 5.0}, 2), 0));
    EXPECT_FALSE(evaluation::holds(sets, property({2.0, 6.0}, 2), 0));
    EXPECT_FALSE(evaluation::holds(sets, property({4.0, 5.0}, 2), 0)); // a class that was never seen
}

TEST(Holds, NothingWithoutCalibrationOrTruth)
{
    prediction::Prediction plain = interval(0.0, 1.0);
    plain.level = 0.0;
    EXPECT_FALSE(evaluation::holds(plain, property({0.5}), 0));
    EXPECT_FALSE(evaluation::holds(interval(0.0, 1.0), property({std::nan("")}), 0));
}

} // namespace
