#include "core/prediction/trust.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <random>

namespace {

using namespace rnnscope;
using namespace rnnscope::prediction;

/// [n, 3] around `centre`, in runs of four rows that lie close together.
Matrix cloud(std::size_t n, float centre, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> wide(centre, 1.0F);
    std::normal_distribution<float> narrow(0.0F, 0.01F);
    Matrix matrix(n, 3);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t d = 0; d < 3; ++d)
            matrix(i, d) = (i % 4 == 0 ? wide(random) : matrix(i - i % 4, d)) + narrow(random);
    return matrix;
}

std::vector<std::int64_t> runsOfFour(std::size_t n)
{
    std::vector<std::int64_t> runs(n);
    for (std::size_t i = 0; i < n; ++i)
        runs[i] = static_cast<std::int64_t>(i / 4);
    return runs;
}

Trust trustOf(std::size_t n = 200)
{
    auto trust = Trust::fromTraining(cloud(n, 0.0F, 1), runsOfFour(n));
    EXPECT_TRUE(trust) << trust.error().message;
    return *std::move(trust);
}

std::vector<double> percentiles(const Trust& trust, const Matrix& embedding, int threads = 1)
{
    const auto found = trust.percentiles(embedding, threads);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : std::vector<double> {};
}

TEST(Trust, IsFullForTrainingNetworksAndNoneForFarOnes)
{
    const auto trust = trustOf();
    for (const double percentile : percentiles(trust, cloud(200, 0.0F, 1)))
        EXPECT_EQ(percentile, 0.0); // snapshots of its run are nearer than any other run's
    for (const double percentile : percentiles(trust, cloud(20, 40.0F, 2)))
        EXPECT_EQ(percentile, 100.0);
}

TEST(Trust, OfUnseenRunsOfTheSameKindIsSpreadEvenly)
{
    const auto found = percentiles(trustOf(2000), cloud(2000, 0.0F, 3));
    double sum = 0.0;
    for (const double percentile : found)
        sum += percentile;
    EXPECT_NEAR(sum / 2000.0, 50.0, 5.0); // 500 independent runs: standard deviation 1.3 on each side
}

TEST(Trust, IsTheSameForAnyNumberOfThreadsAndOrderOfTraining)
{
    const auto unseen = cloud(101, 0.5F, 4);
    const auto expected = percentiles(trustOf(), unseen);
    EXPECT_EQ(percentiles(trustOf(), unseen, 3), expected);
    const Matrix training = cloud(200, 0.0F, 1);
    const auto runs = runsOfFour(200);
    Matrix reversed(200, 3);
    for (std::size_t i = 0; i < 200; ++i)
        std::copy(training.row(i).begin(), training.row(i).end(), reversed.row(199 - i).begin());
    const auto trust = Trust::fromTraining(reversed, {runs.rbegin(), runs.rend()});
    ASSERT_TRUE(trust);
    EXPECT_EQ(percentiles(*trust, unseen), expected);
}

TEST(Trust, IsTheShareOfTrainingNetworksWithNearerNeighbours)
{
    Matrix line(4, 1);
    line.values = {0.0F, 1.0F, 3.0F, 7.0F};
    // mean distances to the three others: 11/3, 9/3, 9/3, 17/3
    const auto trust = Trust::fromTraining(line, {0, 1, 2, 3});
    ASSERT_TRUE(trust);
    Matrix unseen(3, 1);
    unseen.values = {2.0F, 5.0F, 9.0F}; // (2 + 1 + 1)/3, (4 + 2 + 2)/3, (8 + 6 + 2)/3
    EXPECT_EQ(percentiles(*trust, unseen), (std::vector<double> {0.0, 0.0, 75.0}));
}

TEST(Trust, OfRowsWithoutAnEmbeddingIsNan)
{
    Matrix unseen(2, 3);
    unseen(0, 1) = std::numeric_limits<float>::quiet_NaN();
    const auto found = percentiles(trustOf(), unseen);
    EXPECT_TRUE(std::isnan(found[0]));
    EXPECT_FALSE(std::isnan(found[1]));
}

TEST(Trust, LeavesOutTrainingRowsWithoutAnEmbedding)
{
    Matrix training = cloud(200, 0.0F, 1);
    training(7, 0) = std::numeric_limits<float>::quiet_NaN();
    const auto trust = Trust::fromTraining(training, runsOfFour(200));
    ASSERT_TRUE(trust);
    EXPECT_EQ(percentiles(*trust, cloud(1, 40.0F, 2)).at(0), 100.0);
}

TEST(Trust, NeedsTwoRunsAndTheRightSizes)
{
    EXPECT_EQ(Trust::fromTraining(Matrix(3, 2), {1, 1, 1}).error().code, Errc::NotFound);
    EXPECT_EQ(Trust::fromTraining(Matrix(0, 2), {}).error().code, Errc::NotFound);
    EXPECT_EQ(Trust::fromTraining(Matrix(3, 2), {1, 2}).error().code, Errc::ShapeMismatch);
    EXPECT_EQ(trustOf().percentiles(Matrix(1, 2), 1).error().code, Errc::ShapeMismatch);
}

TEST(Trust, OfACheckpointIsThatOfItsTrainingNetworks)
{
    zoo::Checkpoint checkpoint;
    EXPECT_EQ(Trust::fromCheckpoint(checkpoint).error().code, Errc::NotFound);
    checkpoint.referenceEmbedding = cloud(240, 0.0F, 1);
    EXPECT_EQ(Trust::fromCheckpoint(checkpoint).error().code, Errc::NotFound);
    checkpoint.referenceRuns = runsOfFour(240);
    checkpoint.referenceSplits.assign(240, zoo::Split::Training);
    std::fill(checkpoint.referenceSplits.begin() + 200, checkpoint.referenceSplits.end(), zoo::Split::Ood);
    const auto trust = Trust::fromCheckpoint(checkpoint);
    ASSERT_TRUE(trust) << trust.error().message;
    const auto unseen = cloud(40, 1.0F, 5);
    EXPECT_EQ(percentiles(*trust, unseen), percentiles(trustOf(), unseen));
    checkpoint.referenceSplits.assign(240, zoo::Split::Ood);
    EXPECT_EQ(Trust::fromCheckpoint(checkpoint).error().code, Errc::NotFound);
}

class Auroc : public testing::TestWithParam<unsigned>
{
};

TEST_P(Auroc, IsTheShareOfPairsInOrder)
{
    std::mt19937 random(GetParam());
    std::uniform_int_distribution<int> draw(0, 12);
    std::vector<double> positives(40);
    std::vector<double> negatives(23);
    for (double& x : positives)
        x = draw(random) + 2;
    for (double& x : negatives)
        x = draw(random);
    double won = 0.0;
    for (const double p : positives)
        for (const double n : negatives)
            won += p > n ? 1.0 : p == n ? 0.5 : 0.0;
    EXPECT_NEAR(auroc(positives, negatives), won / (40.0 * 23.0), 1e-12);
    positives.push_back(std::nan(""));
    negatives.push_back(std::nan(""));
    EXPECT_NEAR(auroc(positives, negatives), won / (40.0 * 23.0), 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Auroc, testing::Range(0U, 4U));

TEST(Auroc, OfNothingIsNan)
{
    EXPECT_TRUE(std::isnan(auroc({}, std::vector<double> {1})));
    EXPECT_TRUE(std::isnan(auroc(std::vector<double> {1}, std::vector<double> {std::nan("")})));
}

} // namespace
