#include "core/prediction/conformal.h"
#include "core/prediction/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <numeric>
#include <random>

namespace {

using namespace rnnscope;
using namespace rnnscope::prediction;
using zoo::Calibration;
using zoo::PropertyKind;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Value and log spread straight from an embedding of two numbers; or sine and cosine.
zoo::Head identityHead(PropertyKind kind)
{
    zoo::Head head;
    head.property = "charm";
    head.kind = kind;
    head.state = {{"0.weight", {{2, 2}, {1, 0, 0, 1}}}, {"0.bias", {{2}, {0, 0}}}};
    if (kind == PropertyKind::Circular)
        head.period = 360.0;
    else
        head.mean = {10.0}, head.scale = {2.0};
    return head;
}

/// Two columns of two and three classes; logits from the biases alone.
zoo::Head classHead(std::vector<float> logits)
{
    zoo::Head head;
    head.property = "task";
    head.kind = PropertyKind::Integer;
    head.classes = {{0, 1}, {-1, 0, 1}};
    head.state = {{"0.weight", {{5, 1}, {0, 0, 0, 0, 0}}}, {"0.bias", {{5}, std::move(logits)}}};
    return head;
}

Matrix rows(std::initializer_list<std::vector<float>> list)
{
    Matrix matrix(list.size(), list.begin()->size());
    std::size_t i = 0;
    for (const auto& row : list)
        std::copy(row.begin(), row.end(), matrix.row(i++).begin());
    return matrix;
}

zoo::Property property(const zoo::Head& head, std::vector<double> values, std::size_t columns = 1)
{
    zoo::Property made;
    made.name = head.property;
    made.kind = head.kind;
    made.period = head.period;
    made.columns = columns;
    made.values = std::move(values);
    return made;
}

std::vector<double> scoresOf(const zoo::Head& head, const Matrix& embedding, const zoo::Property& truth)
{
    std::vector<std::size_t> all(embedding.rows);
    std::iota(all.begin(), all.end(), std::size_t {0});
    const auto scores = nonconformity(head, embedding, truth, all);
    EXPECT_TRUE(scores) << scores.error().message;
    return scores ? *scores : std::vector<double> {};
}

/// Every score its own group.
Calibration independent(std::vector<double> scores)
{
    Calibration calibration {std::move(scores), {}};
    calibration.groups.resize(calibration.scores.size());
    std::iota(calibration.groups.begin(), calibration.groups.end(), std::int64_t {0});
    return calibration;
}

TEST(Nonconformity, OfRealsIsTheErrorInUnitsOfTheSpread)
{
    const auto head = identityHead(PropertyKind::Real);
    const float logSpread = std::log(0.5F);
    // value 10 + 2 * 1, spread 2 * 0.5
    const auto scores = scoresOf(head, rows({{1, logSpread}, {1, logSpread}}), property(head, {12.0, 9.0}));
    EXPECT_EQ(scores[0], 0.0);
    EXPECT_NEAR(scores[1], 3.0, 1e-6);
}

TEST(Nonconformity, KeepsTheSpreadWithinItsBounds)
{
    const auto head = identityHead(PropertyKind::Real);
    const auto scores = scoresOf(head, rows({{0, -50}, {0, 50}}), property(head, {12.0, 12.0}));
    EXPECT_NEAR(scores[0], std::exp(3.0), 1e-9);
    EXPECT_NEAR(scores[1], std::exp(-3.0), 1e-9);
}

TEST(Nonconformity, OfAnglesGoesTheShorterWayRound)
{
    const auto head = identityHead(PropertyKind::Circular);
    const float length = std::exp(-0.5F); // circular standard deviation: 1 radian
    const auto scores = scoresOf(head, rows({{0, length}, {0, length}}), property(head, {359.0, 20.0}));
    const double radian = 180.0 / std::acos(-1.0);
    EXPECT_NEAR(scores[0], 1.0 / radian, 1e-6);
    EXPECT_NEAR(scores[1], 20.0 / radian, 1e-6);
}

TEST(Nonconformity, OfClassesIsThatOfTheWorstColumn)
{
    const auto head = classHead({std::log(0.75F), std::log(0.25F), std::log(0.5F), std::log(0.4F), std::log(0.1F)});
    const auto scores = scoresOf(head, rows({{0}, {0}, {0}}), property(head, {0, -1, 1, 0, 0, 7}, 2));
    EXPECT_NEAR(scores[0], 0.5, 1e-6);
    EXPECT_NEAR(scores[1], 0.75, 1e-6);
    EXPECT_EQ(scores[2], kInfinity); // 7 was never seen
}

TEST(Nonconformity, IsNanWhereTruthOrEmbeddingIsNotKnown)
{
    const auto head = identityHead(PropertyKind::Real);
    const auto nan = std::numeric_limits<float>::quiet_NaN();
    const auto scores = scoresOf(head, rows({{1, 0}, {nan, 0}, {1, 0}}), property(head, {kNan, 1, kInfinity}));
    for (const double score : scores)
        EXPECT_TRUE(std::isnan(score));
}

TEST(Nonconformity, SaysWhatDoesNotFit)
{
    const auto head = identityHead(PropertyKind::Real);
    const std::vector<std::size_t> first {0};
    const auto wide = nonconformity(head, rows({{1, 0}}), property(head, {1, 2}, 2), first);
    ASSERT_FALSE(wide);
    EXPECT_EQ(wide.error().code, Errc::ShapeMismatch);
    EXPECT_THAT(wide.error().message, testing::HasSubstr("predicts 1 columns, but charm has 2"));
    const auto few = nonconformity(head, rows({{1, 0}}), property(head, {}), first);
    ASSERT_FALSE(few);
    EXPECT_EQ(few.error().code, Errc::ShapeMismatch);
}

TEST(Calibrate, KeepsKnownScoresWithTheirGroups)
{
    auto head = identityHead(PropertyKind::Real);
    const auto truth = property(head, {12.0, kNan, 14.0, 0.0});
    const std::vector<std::int64_t> groups {7, 8, 9, 9};
    const auto done
        = calibrate(head, rows({{0, 0}, {0, 0}, {0, 0}, {0, 0}}), truth, std::vector<std::size_t> {2, 1, 0}, groups);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(head.calibration.scores, (std::vector<double> {2.0, 1.0}));
    EXPECT_EQ(head.calibration.groups, (std::vector<std::int64_t> {9, 7}));
    EXPECT_FALSE(calibrate(head, rows({{0, 0}}), truth, std::vector<std::size_t> {0}, {}));
}

TEST(Threshold, OfIndependentScoresIsTheConformalQuantile)
{
    std::vector<double> scores(19);
    std::iota(scores.begin(), scores.end(), 1.0);
    EXPECT_EQ(threshold(independent(scores), 0.9), 18.0); // ceil(20 * 0.9)
    EXPECT_EQ(threshold(independent(scores), 0.95), 19.0);
    EXPECT_EQ(threshold(independent(scores), 0.951), kInfinity);
    EXPECT_EQ(threshold(independent(scores), 0.5), 10.0);
    EXPECT_EQ(threshold({scores, {}}, 0.9), 18.0); // no groups: each its own
}

TEST(Threshold, NeedsEnoughNetworksForTheLevel)
{
    EXPECT_EQ(threshold(independent({1, 2, 3, 4, 5, 6, 7, 8}), 0.9), kInfinity);
    EXPECT_EQ(threshold(independent({1, 2, 3, 4, 5, 6, 7, 8, 9}), 0.9), 9.0);
    EXPECT_EQ(threshold({{1, 2, 3, 4, 5, 6, 7, 8, 9}, {4, 4, 4, 4, 4, 4, 4, 4, 4}}, 0.9), 9.0); // one group
    EXPECT_TRUE(std::isnan(threshold({}, 0.9)));
    EXPECT_TRUE(std::isnan(threshold(independent({kNan, kNan}), 0.9)));
    EXPECT_TRUE(std::isnan(threshold({{1, 2}, {1}}, 0.9)));
}

TEST(Threshold, LeavesOutNanAndCountsInfinity)
{
    EXPECT_EQ(threshold(independent({kNan, 3, 1, kNan, 2}), 0.5), 2.0);
    EXPECT_EQ(threshold(independent({1, 2, kInfinity}), 0.5), 2.0);
    EXPECT_EQ(threshold(independent({1, 2, kInfinity}), 0.75), kInfinity);
}

TEST(Threshold, OfTiesIsTheTie)
{
    const auto calibration = independent({1, 5, 5, 5, 5, 5, 5, 5, 5, 9});
    for (const double level : {0.2, 0.5, 0.8})
        EXPECT_EQ(threshold(calibration, level), 5.0);
}

TEST(Threshold, GivesEveryGroupTheSameWeight)
{
    // Of two groups the large one has the small scores; half of the mass is the small group's.
    const Calibration calibration {{1, 1, 1, 1, 1, 1, 1, 1, 1, 8, 9}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}};
    EXPECT_EQ(threshold(calibration, 0.45), 1.0);
    EXPECT_EQ(threshold(calibration, 0.6), 8.0);
    EXPECT_EQ(threshold(calibration, 0.9), 9.0);
}

TEST(Threshold, OfManyGroupsIsTheOneThatAssumesNothing)
{
    Calibration calibration; // groups of two equal scores: as if each were one network
    std::vector<double> single;
    for (std::size_t group = 0; group < kManyGroups; ++group) {
        single.push_back(static_cast<double>(group));
        calibration.scores.insert(calibration.scores.end(), 2, single.back());
        calibration.groups.insert(calibration.groups.end(), 2, static_cast<std::int64_t>(group));
    }
    for (const double level : {0.1, 0.5, 0.9, 0.95, 0.99})
        EXPECT_EQ(threshold(calibration, level), threshold(independent(single), level)) << level;
    EXPECT_EQ(threshold(calibration, 0.991), kInfinity);
}

class RandomScores : public testing::TestWithParam<unsigned>
{
protected:
    std::mt19937 m_random {GetParam()};

    /// Scores in groups of nine that share a part of their size.
    Calibration calibration(std::size_t groups, double shared)
    {
        std::normal_distribution<double> normal;
        Calibration made;
        for (std::size_t g = 0; g < groups; ++g) {
            const double common = normal(m_random);
            for (int i = 0; i < 9; ++i) {
                made.scores.push_back(
                    std::exp(std::sqrt(shared) * common + std::sqrt(1.0 - shared) * normal(m_random)));
                made.groups.push_back(static_cast<std::int64_t>(g));
            }
        }
        return made;
    }
};

TEST_P(RandomScores, GiveThresholdsThatRiseWithTheLevel)
{
    const auto some = calibration(3 + GetParam(), 0.5);
    double last = 0.0;
    for (double level = 0.01; level < 1.0; level += 0.01) {
        const double now = threshold(some, level);
        EXPECT_GE(now, last) << level;
        last = now;
    }
}

TEST_P(RandomScores, InAnyOrderGiveTheSameThreshold)
{
    const auto some = calibration(5, 0.5);
    std::vector<std::size_t> order(some.scores.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::shuffle(order.begin(), order.end(), m_random);
    Calibration mixed;
    for (const std::size_t i : order) {
        mixed.scores.push_back(some.scores[i]);
        mixed.groups.push_back(some.groups[i] * -17); // names of groups do not count
    }
    for (double level = 0.05; level < 1.0; level += 0.05)
        EXPECT_EQ(threshold(mixed, level), threshold(some, level));
}

/// Share of `trials` in which an exchangeable network is within a fresh threshold.
template <typename Draw>
double coverageOf(int trials, double level, const Draw& draw)
{
    int within = 0;
    for (int trial = 0; trial < trials; ++trial) {
        auto all = draw();
        const double unseen = all.scores.back();
        all.scores.pop_back();
        all.groups.pop_back();
        within += unseen <= threshold(all, level) ? 1 : 0;
    }
    return static_cast<double>(within) / trials;
}

TEST_P(RandomScores, CoverAsPromisedWhenExchangeable)
{
    constexpr int kTrials = 4000;
    std::exponential_distribution<double> draw;
    for (const double level : {0.5, 0.8, 0.9}) {
        // ceil(30 * level) / 30 is exact for scores without ties
        const double covered = coverageOf(kTrials, level, [&] {
            std::vector<double> scores(30);
            std::generate(scores.begin(), scores.end(), [&] { return draw(m_random); });
            return independent(scores);
        });
        const double deviation = std::sqrt(level * (1.0 - level) / kTrials);
        EXPECT_NEAR(covered, level, 4.0 * deviation) << level; // 29 networks calibrate: 30 * level is whole
    }
}

TEST_P(RandomScores, OfManyUnseenGroupsCoverAtLeastAsPromised)
{
    constexpr int kTrials = 1500;
    const double covered = coverageOf(kTrials, 0.9, [&] {
        auto all = calibration(kManyGroups + 1, 0.8);
        all.scores.resize(kManyGroups * 9 + 1); // one network of the last group is the unseen one
        all.groups.resize(all.scores.size());
        return all;
    });
    const double deviation = std::sqrt(0.09 / kTrials);
    EXPECT_GT(covered, 0.9 - 4.0 * deviation);
    EXPECT_LT(covered, 0.91 + 4.0 * deviation);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomScores, testing::Range(1U, 4U));

TEST(Coverage, CountsKnownScores)
{
    const std::vector<double> scores {1, 2, kNan, 3, 4};
    EXPECT_EQ(coverage(scores, 2.0), 0.5);
    EXPECT_EQ(coverage(scores, kInfinity), 1.0);
    EXPECT_EQ(coverage(std::vector<double> {1, kInfinity}, kInfinity), 0.5); // a class that no set can hold
    EXPECT_TRUE(std::isnan(coverage({}, 1.0)));
}

} // namespace
