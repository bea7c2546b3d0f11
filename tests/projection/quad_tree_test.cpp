#include "core/projection/quad_tree.h"
#include "points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace {

using namespace rnnscope;
using projection::QuadTree;

/// Everything that QuadTree says of itself.
void expectTree(const QuadTree& tree, const Matrix& places)
{
    std::vector<int> rows(tree.order().begin(), tree.order().end());
    std::ranges::sort(rows);
    std::vector<int> all(places.rows);
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(rows, all);
    ASSERT_FALSE(tree.nodes().empty());
    EXPECT_EQ(tree.nodes().front().count, places.rows);
    EXPECT_EQ(tree.nodes().front().next, tree.nodes().size());
    for (std::size_t n = 0; n < tree.nodes().size(); ++n) {
        const QuadTree::Node& node = tree.nodes()[n];
        float low[2] = {1e30F, 1e30F}, high[2] = {-1e30F, -1e30F};
        double mean[2] = {};
        for (std::size_t i = node.first; i < node.first + node.count; ++i)
            for (std::size_t c = 0; c < 2; ++c) {
                const float value = places(static_cast<std::size_t>(tree.order()[i]), c);
                EXPECT_EQ(value, tree.sorted()[2 * i + c]);
                low[c] = std::min(low[c], value);
                high[c] = std::max(high[c], value);
                mean[c] += static_cast<double>(value) / node.count;
            }
        EXPECT_NEAR(node.x, mean[0], 1e-5);
        EXPECT_NEAR(node.y, mean[1], 1e-5);
        for (std::size_t c = 0; c < 2; ++c)
            EXPECT_LE(high[c] - low[c], node.side * 1.0001F + 1e-4F * tree.nodes().front().side);
        std::uint32_t within = 0;
        for (std::size_t child = n + 1; child < node.next; child = tree.nodes()[child].next)
            within += tree.nodes()[child].count;
        EXPECT_EQ(within, node.leaf ? 0 : node.count);
    }
}

TEST(QuadTrees, HoldEveryPointOnceInSquares)
{
    QuadTree tree;
    for (const std::size_t points : {1U, 7U, 9U, 200U, 3000U, 20U}) {
        const Matrix places = test::cloud(points, 2, points);
        tree.build(places.values);
        expectTree(tree, places);
    }
}

TEST(QuadTrees, StandPointsUponEachOther)
{
    Matrix places(100, 2, 3.0F);
    QuadTree tree;
    tree.build(places.values);
    expectTree(tree, places);
    for (std::size_t i = 0; i < 20; ++i)
        places(i, 1) = -4.0F;
    tree.build(places.values);
    expectTree(tree, places);
}

TEST(QuadTrees, MayBeEmpty)
{
    QuadTree tree;
    tree.build({});
    EXPECT_TRUE(tree.nodes().empty());
}

} // namespace
