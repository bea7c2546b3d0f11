#include "core/projection/pca.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <thread>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Points on an ellipse with half axes 3 and 1 around (10, -5), the long one at `angle`.
Matrix ellipse(double angle)
{
    Matrix points(360, 2);
    for (std::size_t i = 0; i < points.rows; ++i) {
        const double t = static_cast<double>(i) * 2.0 * M_PI / 360.0;
        const double x = 3.0 * std::cos(t);
        const double y = std::sin(t);
        points(i, 0) = static_cast<float>(10.0 + x * std::cos(angle) - y * std::sin(angle));
        points(i, 1) = static_cast<float>(-5.0 + x * std::sin(angle) + y * std::cos(angle));
    }
    return points;
}

Matrix gaussian(std::size_t rows, std::size_t columns, unsigned seed)
{
    Matrix data(rows, columns);
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            data(i, j) = normal(random) * static_cast<float>(j + 1);
    return data;
}

TEST(Pca, FindsTheAxesOfAnEllipse)
{
    const double angle = 0.4;
    const auto pca = fitPca(ellipse(angle));
    EXPECT_NEAR(pca.mean[0], 10.0, 1e-5);
    EXPECT_NEAR(pca.mean[1], -5.0, 1e-5);
    EXPECT_NEAR(pca.components(0, 0), std::cos(angle), 1e-5);
    EXPECT_NEAR(pca.components(0, 1), std::sin(angle), 1e-5);
    EXPECT_NEAR(pca.components(1, 0), -std::sin(angle), 1e-5);
    EXPECT_NEAR(pca.components(1, 1), std::cos(angle), 1e-5);
    EXPECT_NEAR(pca.explained[0], 0.9, 1e-5);
    EXPECT_NEAR(pca.explained[1], 0.1, 1e-5);
}

TEST(Pca, LargestEntryOfEveryComponentIsPositive)
{
    for (const double angle : {0.1, 1.2, 2.0, 3.0, 4.5, 6.0}) {
        const auto pca = fitPca(ellipse(angle));
        for (std::size_t c = 0; c < 2; ++c) {
            const auto row = pca.components.row(c);
            EXPECT_GT(std::abs(row[0]) > std::abs(row[1]) ? row[0] : row[1], 0.0F) << angle;
        }
    }
}

TEST(Pca, ProjectsTheLongAxisFirst)
{
    const auto points = ellipse(1.0);
    const auto map = project(fitPca(points), points);
    ASSERT_EQ(map.rows, 360U);
    ASSERT_EQ(map.columns, 2U);
    EXPECT_NEAR(std::abs(map(0, 0)), 3.0, 1e-4);
    EXPECT_NEAR(map(0, 1), 0.0, 1e-4);
    EXPECT_NEAR(std::abs(map(90, 1)), 1.0, 1e-4);
}

TEST(Pca, ComponentsAreOrthonormal)
{
    for (const std::size_t columns : {2U, 3U, 16U, 100U}) {
        const auto pca = fitPca(gaussian(200, columns, 3));
        double dot[3] = {0.0, 0.0, 0.0};
        for (std::size_t j = 0; j < columns; ++j) {
            dot[0] += static_cast<double>(pca.components(0, j)) * pca.components(0, j);
            dot[1] += static_cast<double>(pca.components(1, j)) * pca.components(1, j);
            dot[2] += static_cast<double>(pca.components(0, j)) * pca.components(1, j);
        }
        EXPECT_NEAR(dot[0], 1.0, 1e-6);
        EXPECT_NEAR(dot[1], 1.0, 1e-6);
        EXPECT_NEAR(dot[2], 0.0, 1e-6);
        EXPECT_GE(pca.explained[0], pca.explained[1]);
    }
}

TEST(Pca, LeavesRowsOutThatAreNotFinite)
{
    const auto clean = ellipse(0.4);
    Matrix dirty(clean.rows + 2, 2);
    std::copy(clean.values.begin(), clean.values.end(), dirty.values.begin() + 2);
    dirty(0, 0) = 1.0F;
    dirty(0, 1) = kNan;
    dirty(361, 0) = std::numeric_limits<float>::infinity();
    const auto pca = fitPca(dirty);
    EXPECT_EQ(pca.components.values, fitPca(clean).components.values);
    EXPECT_EQ(pca.mean, fitPca(clean).mean);
    const auto map = project(pca, dirty);
    for (const std::size_t row : {0U, 361U}) {
        EXPECT_TRUE(std::isnan(map(row, 0)));
        EXPECT_TRUE(std::isnan(map(row, 1)));
    }
    EXPECT_FALSE(std::isnan(map(1, 0)));
}

TEST(Pca, OfNothingHasZeroComponents)
{
    const Matrix onlyNan(3, 4, kNan);
    for (const auto& data : {Matrix(0, 4), onlyNan}) {
        const auto pca = fitPca(data);
        EXPECT_EQ(pca.mean, std::vector<float>(4, 0.0F));
        EXPECT_EQ(pca.components.values, std::vector<float>(8, 0.0F));
        EXPECT_EQ(pca.explained[0], 0.0);
        EXPECT_EQ(project(pca, data).rows, data.rows);
    }
    EXPECT_EQ(project(fitPca(Matrix()), Matrix()).rows, 0U);
}

TEST(Pca, OfOnePointOrEqualPointsPutsThemAtTheOrigin)
{
    for (const std::size_t rows : {1U, 7U}) {
        const Matrix data(rows, 3, 0.1F);
        const auto pca = fitPca(data);
        EXPECT_EQ(pca.components.values, std::vector<float>(6, 0.0F));
        for (const float x : project(pca, data).values)
            EXPECT_EQ(x, 0.0F);
    }
}

TEST(Pca, OfTwoPointsIsALine)
{
    Matrix data(2, 3);
    data(1, 2) = -4.0F;
    const auto pca = fitPca(data);
    EXPECT_NEAR(pca.components(0, 2), 1.0, 1e-6);
    EXPECT_EQ(pca.components(1, 0), 0.0F);
    EXPECT_NEAR(pca.explained[0], 1.0, 1e-12);
    EXPECT_EQ(pca.explained[1], 0.0);
    const auto map = project(pca, data);
    EXPECT_NEAR(map(0, 0), 2.0, 1e-6);
    EXPECT_NEAR(map(1, 0), -2.0, 1e-6);
}

TEST(Pca, OfOneColumnHasOneComponent)
{
    const auto pca = fitPca(gaussian(10, 1, 1));
    EXPECT_EQ(pca.components(0, 0), 1.0F);
    EXPECT_EQ(pca.components(1, 0), 0.0F);
}

TEST(Pca, GivesTheSameBitsOnSeveralThreads)
{
    const auto data = gaussian(500, 16, 5);
    const auto expected = fitPca(data);
    std::vector<Pca> found(4);
    {
        std::vector<std::jthread> threads;
        for (auto& pca : found)
            threads.emplace_back([&] { pca = fitPca(data); });
    }
    for (const auto& pca : found) {
        EXPECT_EQ(pca.components.values, expected.components.values);
        EXPECT_EQ(pca.explained[0], expected.explained[0]);
    }
}

TEST(Pca, OfAnotherWidthProjectsToNothing)
{
    const auto map = project(fitPca(gaussian(10, 3, 1)), Matrix(2, 4));
    EXPECT_TRUE(std::isnan(map(0, 0)));
}

} // namespace
