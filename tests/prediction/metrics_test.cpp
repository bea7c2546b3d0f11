#include "core/prediction/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace {

using namespace rnnscope::prediction;
using rnnscope::zoo::PropertyKind;
using V = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Metrics, ExactAccuracyAsksForWholeRows)
{
    EXPECT_EQ(exactAccuracy(V {0, 1, 0, 2}, V {0, 1, 0, 3}, 2), 0.5);
    EXPECT_EQ(entryAccuracy(V {0, 1, 0, 2}, V {0, 1, 0, 3}), 0.75);
}

TEST(Metrics, LeaveUnknownRowsOut)
{
    EXPECT_EQ(exactAccuracy(V {0, kNan, 0, 2}, V {0, 1, 0, 2}, 2), 1.0);
    EXPECT_EQ(meanAbsoluteError(V {1, 5, kNan}, V {2, kNan, 3}), 1.0);
    EXPECT_TRUE(std::isnan(meanAbsoluteError(V {kNan}, V {1})));
    EXPECT_TRUE(std::isnan(exactAccuracy(V {}, V {}, 4)));
}

TEST(Metrics, RSquaredIsOneForTruthAndZeroForItsMean)
{
    const V truth {1, 2, 3, 6};
    EXPECT_EQ(rSquared(truth, truth), 1.0);
    EXPECT_EQ(rSquared(truth, V {3, 3, 3, 3}), 0.0);
    EXPECT_NEAR(rSquared(truth, V {1, 2, 3, 4}), 1.0 - 4.0 / 14.0, 1e-12);
    EXPECT_TRUE(std::isnan(rSquared(V {2, 2}, V {2, 2})));
}

TEST(Metrics, AnglesGoTheShorterWayRound)
{
    EXPECT_NEAR(angularDifference(350.0, 10.0, 360.0), 20.0, 1e-12);
    EXPECT_NEAR(angularDifference(-10.0, 370.0, 360.0), 20.0, 1e-12);
    EXPECT_NEAR(angularDifference(0.0, 180.0, 360.0), 180.0, 1e-12);
    EXPECT_NEAR(meanAngularError(V {359.0, 90.0}, V {1.0, 90.0}, 360.0), 1.0, 1e-12);
}

TEST(Baselines, AreBestForTheirMetric)
{
    EXPECT_EQ(mostFrequentRow(V {0, 1, 0, 2, 0, 2}, 2), (V {0, 2}));
    EXPECT_EQ(mostFrequentEntries(V {0, 1, 0, 2, 5, 2}, 2), (V {0, 2}));
    EXPECT_EQ(median(V {5, 1, kNan, 2}), 2.0);
    EXPECT_EQ(median(V {4, 1, 2, 8}), 3.0);
    EXPECT_EQ(mean(V {1, kNan, 3}), 2.0);
    EXPECT_TRUE(std::isnan(median(V {})));
    EXPECT_TRUE(std::isnan(circularMedian(V {}, 360.0)));
    EXPECT_TRUE(std::isnan(mostFrequentRow(V {}, 2)[1]));
}

class CircularMedian : public testing::TestWithParam<unsigned>
{
};

TEST_P(CircularMedian, HasTheLeastMeanErrorOfAllValues)
{
    std::mt19937 random(GetParam());
    std::uniform_real_distribution<double> uniform(-400.0, 400.0);
    V values(1 + GetParam() * 7);
    for (double& x : values)
        x = uniform(random);
    const auto errorOf = [&](double guess) { return meanAngularError(values, V(values.size(), guess), 360.0); };
    double least = 1e9;
    for (const double x : values)
        least = std::min(least, errorOf(x));
    EXPECT_NEAR(errorOf(circularMedian(values, 360.0)), least, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CircularMedian, testing::Range(0U, 8U));

/// Tau-b by its definition, over all pairs.
double slowTau(const V& a, const V& b)
{
    const auto sign = [](double x) { return static_cast<double>((x > 0.0) - (x < 0.0)); };
    double sum = 0.0;
    double first = 0.0;
    double second = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            sum += sign(a[i] - a[j]) * sign(b[i] - b[j]);
            first += std::abs(sign(a[i] - a[j]));
            second += std::abs(sign(b[i] - b[j]));
        }
    return sum / std::sqrt(first * second);
}

class KendallTau : public testing::TestWithParam<unsigned>
{
};

TEST_P(KendallTau, IsThatOfAllPairs)
{
    std::mt19937 random(GetParam());
    const std::size_t size = 2 + 37 * GetParam();
    std::uniform_int_distribution<int> coarse(0, GetParam() % 2 == 0 ? 4 : 100000); // many ties, or hardly any
    V a(size);
    V b(size);
    for (std::size_t i = 0; i < size; ++i) {
        a[i] = coarse(random);
        b[i] = 0.5 * a[i] + coarse(random);
    }
    a[0] = -1.0; // both sides vary
    b[1] = -1.0;
    EXPECT_NEAR(kendallTau(a, b), slowTau(a, b), 1e-12);
    EXPECT_NEAR(kendallTau(b, a), kendallTau(a, b), 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Seeds, KendallTau, testing::Range(0U, 8U));

TEST(KendallTau, KnowsOrderAndLeavesOutNan)
{
    EXPECT_NEAR(kendallTau(V {1, 2, kNan, 3}, V {10, 20, 0, 30}), 1.0, 1e-12);
    EXPECT_NEAR(kendallTau(V {1, 2, 3}, V {3, 2, 1}), -1.0, 1e-12);
    EXPECT_NEAR(kendallTau(V {1, 1, 2, 3}, V {1, 2, 2, 3}), 4.0 / 5.0, 1e-12);
    EXPECT_TRUE(std::isnan(kendallTau(V {1, 1, 1}, V {1, 2, 3})));
    EXPECT_TRUE(std::isnan(kendallTau(V {1, 2, 3}, V {4, 4, 4})));
    EXPECT_TRUE(std::isnan(kendallTau(V {}, V {})));
    EXPECT_TRUE(std::isnan(kendallTau(V {1}, V {1})));
}

TEST(KendallTau, OfSeveralColumnsIsTheirMean)
{
    const auto real = scores(PropertyKind::Real, 0.0, 2, V {1, 1, 2, 2}, V {5, 9, 6, 8}, V {});
    EXPECT_NEAR(real.at(2).value, 0.0, 1e-12);
}

TEST(Scores, StandBesideTheBestConstantOfTheTrainingSet)
{
    const auto classes = scores(PropertyKind::Integer, 0.0, 2, V {0, 1, 0, 2}, V {0, 1, 0, 2}, V {0, 1, 0, 1, 0, 2});
    ASSERT_EQ(classes.size(), 2U);
    EXPECT_EQ(name(classes[0].metric), "exact_accuracy");
    EXPECT_EQ(classes[0].value, 1.0);
    EXPECT_EQ(classes[0].baseline, 0.5);
    EXPECT_EQ(classes[1].baseline, 0.75);

    const auto real = scores(PropertyKind::Real, 0.0, 1, V {1, 3}, V {1, 2}, V {1, 1, 4});
    ASSERT_EQ(real.size(), 3U);
    EXPECT_EQ(real[0].value, 0.5);
    EXPECT_EQ(real[0].baseline, 1.0);
    EXPECT_EQ(real[1].value, 0.5);
    EXPECT_EQ(real[1].baseline, 0.0);
    EXPECT_EQ(name(real[2].metric), "kendall_tau");
    EXPECT_NEAR(real[2].value, 1.0, 1e-12);
    EXPECT_TRUE(std::isnan(real[2].baseline));

    const auto circular = scores(PropertyKind::Circular, 360.0, 1, V {350}, V {10}, V {340});
    ASSERT_EQ(circular.size(), 1U);
    EXPECT_NEAR(circular[0].value, 20.0, 1e-12);
    EXPECT_NEAR(circular[0].baseline, 10.0, 1e-12);
}

TEST(Scores, WithoutTrainingValuesHaveNoBaseline)
{
    for (const auto kind : {PropertyKind::Real, PropertyKind::Circular, PropertyKind::Integer})
        for (const auto& score : scores(kind, 360.0, 1, V {1, 2}, V {1, 2}, V {}))
            EXPECT_TRUE(std::isnan(score.baseline)) << name(score.metric);
}

} // namespace
