#include "core/projection/pca.h"
#include "core/projection/tsne.h"
#include "points.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

Matrix mapOf(const Matrix& data, const TsneOptions& options = {})
{
    const auto layout = tsne(data, options, {});
    EXPECT_TRUE(layout);
    while ((*layout)->made() < (*layout)->steps())
        (*layout)->step();
    return (*layout)->map();
}

TEST(Tsne, KeepsClustersApart)
{
    EXPECT_EQ(test::purity(mapOf(test::clusters(12, 40, 16)), 40), 1.0);
}

TEST(Tsne, DescendsTheGradientOfItsDivergence)
{
    // One step of an exact descent without exaggeration, momentum or gains: the gradient by differences.
    const Matrix data = test::cloud(60, 4);
    const TsneOptions options {
        .perplexity = 5.0, .iterations = 40, .exaggerated = 0, .learningRate = 0.5, .angle = 0.0, .threads = 1};
    const auto layout = tsne(data, options, {});
    for (int i = 0; i < 30; ++i)
        (*layout)->step();
    Matrix map = (*layout)->map();
    const auto divergenceAt = [&](std::size_t i, float move) {
        Matrix moved = map;
        moved.values[i] += move;
        return *tsneDivergence(data, moved, options, {});
    };
    const Matrix before = map;
    (*layout)->step();
    const Matrix after = (*layout)->map();
    (*layout)->step();
    const Matrix later = (*layout)->map();
    // moves are momentum times the last move, less rate times gain times gradient; gains lie between 0.01 and a few
    std::size_t agreeing = 0, counted = 0;
    map = after;
    for (std::size_t i = 0; i < map.values.size(); ++i) {
        constexpr float kMove = 1e-4F;
        const double slope = (divergenceAt(i, kMove) - divergenceAt(i, -kMove)) / (2.0 * static_cast<double>(kMove));
        const double push = static_cast<double>(later.values[i] - after.values[i])
            - 0.8 * static_cast<double>(after.values[i] - before.values[i]);
        if (std::abs(slope) < 1e-3)
            continue;
        ++counted;
        agreeing += push * slope < 0.0 ? 1 : 0;
    }
    EXPECT_GT(counted, 60U);
    EXPECT_GE(static_cast<double>(agreeing), 0.98 * static_cast<double>(counted));
}

TEST(Tsne, NeedsNoExactForces)
{
    const Matrix data = test::clusters(10, 50, 8);
    const TsneOptions exact {.iterations = 400, .angle = 0.0, .threads = 2};
    const TsneOptions fast {.iterations = 400, .angle = 0.5, .threads = 2};
    const double exactly = *tsneDivergence(data, mapOf(data, exact), exact, {});
    EXPECT_NEAR(*tsneDivergence(data, mapOf(data, fast), fast, {}), exactly, 0.05 * exactly);
    EXPECT_LT(exactly, 0.5 * *tsneDivergence(data, project(fitPca(data), data), exact, {}));
}

TEST(Tsne, IsTheSameOnAnyNumberOfThreads)
{
    const Matrix data = test::cloud(700, 6);
    const Matrix one = mapOf(data, {.iterations = 60, .exaggerated = 30, .threads = 1});
    EXPECT_EQ(test::differences(one, mapOf(data, {.iterations = 60, .exaggerated = 30, .threads = 3})), 0U);
}

TEST(Tsne, PassesOverRowsWithNaN)
{
    Matrix data = test::clusters(3, 30, 4);
    data(10, 2) = NAN;
    const Matrix map = mapOf(data, {.iterations = 50});
    for (std::size_t i = 0; i < data.rows; ++i)
        EXPECT_EQ(std::isnan(map(i, 0)), i == 10) << i;
}

TEST(Tsne, TakesFewPointsAndEqualOnes)
{
    for (const std::size_t points : {0U, 1U, 2U, 3U, 15U, 16U, 17U})
        for (const Matrix& data : {test::cloud(points, 3), Matrix(points, 3, 1.5F)}) {
            const Matrix map = mapOf(data, {.iterations = 300});
            ASSERT_EQ(map.rows, points);
            for (const float value : map.values)
                EXPECT_LT(std::abs(value), 1e5F) << points;
        }
}

TEST(Tsne, RefusesOptionsThatMakeNoSense)
{
    const Matrix data = test::cloud(20, 3);
    EXPECT_FALSE(tsne(data, {.perplexity = 0.5}, {}));
    EXPECT_FALSE(tsne(data, {.perplexity = NAN}, {}));
    EXPECT_FALSE(tsne(data, {.exaggeration = 0.0}, {}));
    EXPECT_FALSE(tsne(data, {.angle = 0.9}, {}));
}

TEST(Tsne, StopsBeforeItBegins)
{
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(tsne(test::cloud(20, 3), {}, stop.get_token()).error().code, Errc::Cancelled);
}

} // namespace
