#include "core/projection/neighbour_graph.h"
#include "points.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

TEST(NeighbourGraphs, HoldEveryEdgeAtBothEnds)
{
    const auto near = nearestNeighbours(test::cloud(120, 3), 6, 1, {});
    std::vector<float> weights(near->indices.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<float>(i % 7 + 1) / 8.0F;
    std::map<std::pair<int, int>, float> there;
    for (std::size_t i = 0; i < near->points; ++i)
        for (std::size_t e = 0; e < near->each; ++e)
            there[{static_cast<int>(i), static_cast<int>(near->indicesOf(i)[e])}] = weights[i * near->each + e];
    for (const Union way : {Union::Fuzzy, Union::Mean}) {
        const NeighbourGraph graph = neighbourGraph(*near, weights, way);
        ASSERT_EQ(graph.points(), 120U);
        std::size_t edges = 0;
        for (int i = 0; i < 120; ++i)
            for (std::size_t e = graph.first[static_cast<std::size_t>(i)];
                 e < graph.first[static_cast<std::size_t>(i) + 1]; ++e, ++edges) {
                const int j = graph.to[e];
                const float p = there.contains({i, j}) ? there[{i, j}] : 0.0F;
                const float q = there.contains({j, i}) ? there[{j, i}] : 0.0F;
                EXPECT_GT(p + q, 0.0F);
                EXPECT_FLOAT_EQ(graph.weights[e], way == Union::Fuzzy ? p + q - p * q : (p + q) / 2.0F);
            }
        std::size_t expected = 0;
        for (const auto& [edge, weight] : there)
            expected += there.contains({edge.second, edge.first}) ? 1 : 2;
        EXPECT_EQ(edges, expected);
    }
}

TEST(Memberships, AddUpToTheLogarithmOfTheNeighbours)
{
    const auto near = nearestNeighbours(test::cloud(200, 4), 14, 1, {});
    const auto weights = memberships(*near, 2);
    for (std::size_t i = 0; i < near->points; ++i) {
        const auto own = std::span(weights).subspan(i * 14, 14);
        EXPECT_EQ(own.front(), 1.0F);
        EXPECT_NEAR(std::accumulate(own.begin(), own.end(), 0.0), std::log2(15.0), 1e-4);
        EXPECT_TRUE(std::is_sorted(own.rbegin(), own.rend()));
    }
}

TEST(Memberships, OfEqualPointsAreOne)
{
    const auto near = nearestNeighbours(Matrix(10, 3, 2.0F), 4, 1, {});
    for (const float weight : memberships(*near, 1))
        EXPECT_EQ(weight, 1.0F);
}

TEST(Conditionals, HaveThePerplexity)
{
    for (const float scale : {1.0F, 1e-12F, 1e12F}) {
        Matrix data = test::cloud(300, 4);
        for (float& value : data.values)
            value *= scale;
        const auto near = nearestNeighbours(data, 91, 1, {});
        const auto weights = conditionals(*near, 30.0, 2);
        for (std::size_t i = 0; i < near->points; ++i) {
            double entropy = 0.0, sum = 0.0;
            for (const float p : std::span(weights).subspan(i * 91, 91)) {
                entropy -= p > 0.0F ? p * std::log(static_cast<double>(p)) : 0.0;
                sum += p;
            }
            EXPECT_NEAR(std::exp(entropy), 30.0, 0.01) << scale;
            EXPECT_NEAR(sum, 1.0, 1e-5);
        }
    }
}

TEST(Conditionals, OfEqualPointsAreEqual)
{
    const auto near = nearestNeighbours(Matrix(20, 3, 2.0F), 9, 1, {});
    for (const float p : conditionals(*near, 3.0, 1))
        EXPECT_FLOAT_EQ(p, 1.0F / 9.0F);
}

} // namespace
