#include "core/projection/embedding_at.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

/// Unit vectors around one direction.
Matrix unitRows(std::size_t rows, std::size_t columns)
{
    Matrix data(rows, columns);
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    for (std::size_t i = 0; i < rows; ++i) {
        double norm = 0.0;
        for (std::size_t j = 0; j < columns; ++j) {
            data(i, j) = (j == 0 ? 2.0F : 0.0F) + normal(random);
            norm += std::pow(static_cast<double>(data(i, j)), 2);
        }
        for (float& value : data.row(i))
            value = static_cast<float>(static_cast<double>(value) / std::sqrt(norm));
    }
    return data;
}

double normOf(const std::vector<float>& values)
{
    double sum = 0.0;
    for (const float value : values)
        sum += std::pow(static_cast<double>(value), 2);
    return std::sqrt(sum);
}

class EmbeddingAt : public testing::Test
{
protected:
    Matrix data = unitRows(60, 7);
    Pca pca = fitPca(data);
    Matrix map = project(pca, data);

    std::array<double, 2> placeOf(std::size_t row) const { return {map(row, 0), map(row, 1)}; }
};

TEST_F(EmbeddingAt, WhereANetworkIsItIsItsOwn)
{
    for (const Pca* axes : std::initializer_list<const Pca*> {&pca, nullptr})
        for (std::size_t row = 0; row < data.rows; row += 7) {
            const auto found = embeddingAt(data, map, placeOf(row), axes, true);
            ASSERT_EQ(found.size(), 7U);
            for (std::size_t d = 0; d < 7; ++d)
                EXPECT_NEAR(found[d], data(row, d), 1e-5) << row;
        }
}

TEST_F(EmbeddingAt, LiesWhereItWasAskedForAndHasUnitNorm)
{
    for (const std::array<double, 2> place : {std::array {0.1, 0.2}, {-0.3, 0.05}, {0.0, -0.31}}) {
        Matrix one(1, 7);
        one.values = embeddingAt(data, map, place, &pca, true);
        EXPECT_NEAR(normOf(one.values), 1.0, 1e-5);
        const auto lies = project(pca, one);
        EXPECT_NEAR(lies(0, 0), place[0], 1e-5);
        EXPECT_NEAR(lies(0, 1), place[1], 1e-5);
    }
}

TEST_F(EmbeddingAt, BeyondTheSphereItHasUnitNormAllTheSame)
{
    EXPECT_NEAR(normOf(embeddingAt(data, map, {5.0, 5.0}, &pca, true)), 1.0, 1e-5);
}

TEST_F(EmbeddingAt, OutsideThePlaneItIsLikeItsNeighbours)
{
    Matrix line(3, 3); // on the plane's x axis, the third number grows with it
    for (std::size_t i = 0; i < 3; ++i)
        line(i, 0) = line(i, 2) = static_cast<float>(i);
    Pca plane {.mean = {0.0F, 0.0F, 0.0F}, .components = Matrix(2, 3)};
    plane.components(0, 0) = plane.components(1, 1) = 1.0F;
    const auto found = embeddingAt(line, project(plane, line), {1.5, 0.0}, &plane, false);
    EXPECT_NEAR(found[0], 1.5, 1e-6);
    EXPECT_NEAR(found[1], 0.0, 1e-6);
    EXPECT_NEAR(found[2], (4.0 * 1 + 4.0 * 2 + 0.0) / (4.0 + 4.0 + 1.0 / 2.25), 1e-6); // weights 1 / distance squared
}

TEST_F(EmbeddingAt, LeavesOutWhatIsNotEmbedded)
{
    auto holes = data;
    holes(5, 3) = std::numeric_limits<float>::quiet_NaN();
    for (const float value : embeddingAt(holes, map, placeOf(5), &pca, true))
        EXPECT_TRUE(std::isfinite(value));
    EXPECT_TRUE(embeddingAt(Matrix(0, 7), Matrix(0, 2), {0.0, 0.0}, &pca, true).empty());
}

} // namespace
