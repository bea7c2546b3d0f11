#include "core/projection/trustworthiness.h"
#include "points.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

struct Waves
{
    Matrix data {40, 5};
    Matrix map {40, 2};
    Waves()
    {
        for (std::size_t i = 0; i < data.rows; ++i) {
            const auto t = static_cast<double>(i);
            for (std::size_t c = 0; c < data.columns; ++c)
                data(i, c) = static_cast<float>(std::sin(t * 1.3 + static_cast<double>(c) * 2.1 + t * t * 0.01));
            map(i, 0) = static_cast<float>(std::cos(t * 0.7));
            map(i, 1) = static_cast<float>(std::sin(t * 1.1));
        }
    }
};

std::vector<float> trustOf(const Matrix& data, const Matrix& map, std::size_t k, int threads = 1)
{
    auto trust = trustworthiness(data, map, k, threads, {});
    EXPECT_TRUE(trust);
    return trust ? std::move(*trust) : std::vector<float> {};
}

double meanOf(const std::vector<float>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Trustworthiness, IsThatOfScikitLearn)
{
    const Waves waves;
    EXPECT_NEAR(meanOf(trustOf(waves.data, waves.map, 1, 1)), 0.3532894736842105, 1e-6);
    EXPECT_NEAR(meanOf(trustOf(waves.data, waves.map, 5, 2)), 0.52875, 1e-6);
    EXPECT_NEAR(meanOf(trustOf(waves.data, waves.map, 12, 3)), 0.5558139534883721, 1e-6);
}

TEST(Trustworthiness, OfTheDataItselfIsOne)
{
    const Matrix data = test::cloud(50, 2);
    for (const float trust : trustOf(data, data, 7, 1))
        EXPECT_EQ(trust, 1.0F);
    for (const float trust : trustOf(Matrix(30, 4, 1.0F), Matrix(30, 2, 2.0F), 7, 1)) // the lower row
        EXPECT_EQ(trust, 1.0F);
}

TEST(Trustworthiness, OfTheWorstNeighboursIsNone)
{
    // In the map, the nearest of the first point are those that are farthest from it in the data.
    Matrix data(20, 1), map(20, 2);
    for (std::size_t i = 0; i < 20; ++i) {
        data(i, 0) = static_cast<float>(i * i);
        map(i, 0) = i == 0 ? 0.0F : static_cast<float>((20 - i) * (20 - i));
    }
    EXPECT_EQ((trustOf(data, map, 4, 1))[0], 0.0F);
}

TEST(Trustworthiness, PassesOverNaN)
{
    Waves waves;
    waves.data(7, 1) = NAN;
    waves.map(9, 0) = NAN;
    const auto trust = trustOf(waves.data, waves.map, 5, 2);
    Waves rest;
    for (auto* matrix : {&rest.data, &rest.map}) {
        for (const std::size_t row : {9U, 7U})
            matrix->values.erase(matrix->values.begin() + static_cast<std::ptrdiff_t>(row * matrix->columns),
                                 matrix->values.begin() + static_cast<std::ptrdiff_t>((row + 1) * matrix->columns));
        matrix->rows -= 2;
    }
    const auto expected = trustOf(rest.data, rest.map, 5);
    EXPECT_TRUE(std::isnan(trust[7]));
    EXPECT_TRUE(std::isnan(trust[9]));
    EXPECT_EQ(trust[0], expected[0]);
    EXPECT_EQ(trust[39], expected[37]);
}

TEST(Trustworthiness, IsNotAskedOfTooFewPoints)
{
    for (const std::size_t points : {0U, 1U, 11U})
        for (const float trust : trustOf(test::cloud(points, 3), test::cloud(points, 2), 5, 1))
            EXPECT_TRUE(std::isnan(trust));
    EXPECT_FALSE(trustworthiness(test::cloud(4, 3), test::cloud(5, 2), 1, 1, {}));
}

} // namespace
