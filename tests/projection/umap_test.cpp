#include "core/projection/pca.h"
#include "core/projection/trustworthiness.h"
#include "core/projection/umap.h"
#include "points.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

Matrix mapOf(const Matrix& data, const UmapOptions& options = {})
{
    const auto layout = umap(data, options, {});
    EXPECT_TRUE(layout);
    while ((*layout)->made() < (*layout)->steps())
        (*layout)->step();
    return (*layout)->map();
}

double meanTrust(const Matrix& data, const Matrix& map)
{
    const auto trust = trustworthiness(data, map, 10, 2, {});
    return std::accumulate(trust->begin(), trust->end(), 0.0) / static_cast<double>(trust->size());
}

TEST(Umap, KeepsClustersApart)
{
    const Matrix data = test::clusters(60, 20, 16);
    EXPECT_GT(test::purity(mapOf(data), 20), 0.999);
    EXPECT_LT(test::purity(project(fitPca(data), data), 20), 0.95);
}

TEST(Umap, IsTrustworthier)
{
    const Matrix data = test::cloud(600, 5);
    EXPECT_GT(meanTrust(data, mapOf(data)), meanTrust(data, project(fitPca(data), data)) + 0.02);
}

TEST(Umap, IsTheSameOnAnyNumberOfThreadsForASeed)
{
    const Matrix data = test::cloud(700, 6);
    const Matrix one = mapOf(data, {.epochs = 30, .seed = 5, .threads = 1});
    EXPECT_EQ(test::differences(one, mapOf(data, {.epochs = 30, .seed = 5, .threads = 3})), 0U);
    EXPECT_NE(test::differences(one, mapOf(data, {.epochs = 30, .seed = 6, .threads = 3})), 0U);
}

TEST(Umap, CountsItsEpochs)
{
    const auto layout = umap(test::cloud(50, 3), {.epochs = 7}, {});
    const Matrix before = (*layout)->map();
    EXPECT_EQ((*layout)->steps(), 7U);
    for (std::size_t i = 1; i <= 9; ++i) {
        (*layout)->step();
        EXPECT_EQ((*layout)->made(), std::min<std::size_t>(i, 7));
    }
    EXPECT_NE(test::differences(before, (*layout)->map()), 0U);
    EXPECT_EQ((*umap(test::cloud(100, 3), {}, {}))->steps(), 500U);
    EXPECT_EQ((*umap(test::cloud(10001, 2), {}, {}))->steps(), 200U);
}

TEST(Umap, PassesOverRowsWithNaN)
{
    Matrix data = test::clusters(3, 30, 4);
    data(10, 2) = NAN;
    data(50, 0) = INFINITY;
    const Matrix map = mapOf(data, {.epochs = 50});
    for (std::size_t i = 0; i < data.rows; ++i)
        EXPECT_EQ(std::isnan(map(i, 0)), i == 10 || i == 50) << i;
    Matrix rest(0, 4);
    for (std::size_t i = 0; i < data.rows; ++i)
        if (i != 10 && i != 50) {
            rest.values.insert(rest.values.end(), data.row(i).begin(), data.row(i).end());
            ++rest.rows;
        }
    const Matrix alone = mapOf(rest, {.epochs = 50});
    EXPECT_EQ(map(0, 0), alone(0, 0));
    EXPECT_EQ(map(89, 1), alone(87, 1));
}

TEST(Umap, TakesFewPointsAndEqualOnes)
{
    for (const std::size_t points : {0U, 1U, 2U, 3U, 14U, 15U, 16U})
        for (const Matrix& data : {test::cloud(points, 3), Matrix(points, 3, 1.5F), Matrix(points, 1)}) {
            const Matrix map = mapOf(data, {.epochs = 20});
            ASSERT_EQ(map.rows, points);
            for (const float value : map.values)
                EXPECT_LT(std::abs(value), 1e3F);
        }
}

TEST(Umap, RefusesOptionsThatMakeNoSense)
{
    const Matrix data = test::cloud(20, 3);
    EXPECT_FALSE(umap(data, {.neighbours = 1}, {}));
    EXPECT_FALSE(umap(data, {.minDistance = -0.1}, {}));
    EXPECT_FALSE(umap(data, {.minDistance = NAN}, {}));
    EXPECT_FALSE(umap(data, {.spread = 0.0}, {}));
    EXPECT_FALSE(umap(data, {.negatives = 0}, {}));
}

TEST(Umap, StopsBeforeItBegins)
{
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(umap(test::cloud(20, 3), {}, stop.get_token()).error().code, Errc::Cancelled);
}

TEST(UmapCurves, AreThoseOfUmapLearn)
{
    struct Known
    {
        double minDistance, spread, a, b;
    };
    for (const Known& known :
         {Known {0.1, 1.0, 1.5769434604, 0.8950608781}, Known {0.5, 1.0, 0.5830300205, 1.3341669925},
          Known {0.01, 2.0, 0.6353444081, 0.7955528899}, Known {0.0, 1.0, 1.9328083979, 0.7904949735}}) {
        const UmapCurve curve = umapCurve(known.minDistance, known.spread);
        EXPECT_NEAR(curve.a, known.a, 1e-5);
        EXPECT_NEAR(curve.b, known.b, 1e-5);
    }
}

} // namespace
