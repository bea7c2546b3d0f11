#include "core/evaluation/raw_features.h"
#include "core/tasks/dataset_split.h"
#include "nn/synthetic_zoo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace rnnscope;

class RawFeatures : public testing::Test
{
protected:
    test::SyntheticZoo synthetic {20};
    std::vector<zoo::Split> splits = tasks::splitZoo(*synthetic.zoo).rows;
    NoProgress progress;
};

TEST_F(RawFeatures, AreStandardisedByTheTrainingNetworks)
{
    for (const auto& features : {evaluation::rawStatistics(*synthetic.zoo, splits, 2, progress, {}),
                                 evaluation::weightComponents(*synthetic.zoo, splits, progress, {})}) {
        ASSERT_TRUE(features) << features.error().message;
        for (std::size_t column = 0; column < features->columns; ++column) {
            double sum = 0.0;
            double squares = 0.0;
            double count = 0.0;
            for (std::size_t row = 0; row < features->rows; ++row)
                if (splits[row] == zoo::Split::Training) {
                    const double x = static_cast<double>((*features)(row, column));
                    sum += x;
                    squares += x * x;
                    ++count;
                }
            EXPECT_NEAR(sum / count, 0.0, 1e-5);
            EXPECT_NEAR(squares / count, 1.0, 1e-4);
        }
    }
}

TEST_F(RawFeatures, StatisticsAreTheSameForAnyThreads)
{
    const auto one = evaluation::rawStatistics(*synthetic.zoo, splits, 1, progress, {});
    const auto three = evaluation::rawStatistics(*synthetic.zoo, splits, 3, progress, {});
    ASSERT_TRUE(one && three);
    EXPECT_EQ(one->values, three->values);
    EXPECT_EQ(one->columns, 6U * 7U); // four tensors of the layer, two of the read-out
}

TEST_F(RawFeatures, StatisticsDoNotSeeTheOrderOfHiddenUnits)
{
    const auto before = evaluation::rawStatistics(*synthetic.zoo, splits, 1, progress, {});
    // Swapping two entries of one tensor changes nothing but the order.
    std::swap(synthetic.weights()[0], synthetic.weights()[17]);
    const auto after = evaluation::rawStatistics(*synthetic.zoo, splits, 1, progress, {});
    ASSERT_TRUE(before && after);
    for (std::size_t i = 0; i < before->values.size(); ++i)
        EXPECT_NEAR(before->values[i], after->values[i], 1e-4F) << i;
}

TEST_F(RawFeatures, NetworksThatAreNotFiniteAreNan)
{
    const std::size_t columns = synthetic.zoo->architecture.parameterCount();
    synthetic.weights()[3 * columns + 1] = std::numeric_limits<float>::infinity();
    for (const auto& features : {evaluation::rawStatistics(*synthetic.zoo, splits, 1, progress, {}),
                                 evaluation::weightComponents(*synthetic.zoo, splits, progress, {})}) {
        ASSERT_TRUE(features);
        EXPECT_TRUE(std::isnan((*features)(3, 0)));
        EXPECT_TRUE(std::isfinite((*features)(4, 0)));
    }
}

} // namespace
