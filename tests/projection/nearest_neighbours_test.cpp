#include "core/projection/nearest_neighbours.h"
#include "core/projection/place_points.h"
#include "points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

struct Found
{
    double distance;
    std::uint32_t index;
    bool operator<(const Found& other) const
    {
        return distance != other.distance ? distance < other.distance : index < other.index;
    }
};

/// All others, sorted.
std::vector<Found> sortedFrom(std::span<const float> query, const Matrix& data, std::size_t self)
{
    std::vector<Found> all;
    for (std::size_t j = 0; j < data.rows; ++j) {
        float square = 0.0F;
        for (std::size_t c = 0; c < data.columns; ++c)
            square += (query[c] - data(j, c)) * (query[c] - data(j, c));
        if (j != self)
            all.push_back({square, static_cast<std::uint32_t>(j)});
    }
    std::sort(all.begin(), all.end());
    return all;
}

TEST(NearestNeighbours, AreThoseOfSortingAllDistances)
{
    for (const std::size_t points : {2U, 5U, 16U, 17U, 100U, 777U}) {
        const Matrix data = test::cloud(points, 7, points);
        const auto near = nearestNeighbours(data, 9, 2, {});
        ASSERT_TRUE(near);
        ASSERT_EQ(near->each, std::min<std::size_t>(9, points - 1));
        for (std::size_t i = 0; i < points; ++i) {
            const auto all = sortedFrom(data.row(i), data, i);
            for (std::size_t e = 0; e < near->each; ++e) {
                EXPECT_NEAR(near->distancesOf(i)[e], std::sqrt(all[e].distance), 1e-5);
                EXPECT_EQ(near->indicesOf(i)[e], all[e].index);
            }
        }
    }
}

TEST(NearestNeighbours, TakeTheLowerRowOfEquallyNearPoints)
{
    Matrix data(40, 1);
    for (std::size_t i = 0; i < data.rows; ++i)
        data(i, 0) = static_cast<float>(i % 2); // twenty times the same two points
    const auto near = nearestNeighbours(data, 4, 1, {});
    ASSERT_TRUE(near);
    EXPECT_EQ(std::vector(near->indicesOf(0).begin(), near->indicesOf(0).end()),
              (std::vector<std::uint32_t> {2, 4, 6, 8}));
    EXPECT_EQ(std::vector(near->indicesOf(6).begin(), near->indicesOf(6).end()),
              (std::vector<std::uint32_t> {0, 2, 4, 8}));
    EXPECT_EQ(near->distancesOf(7)[3], 0.0F);
}

TEST(NearestNeighbours, AreTheSameOnAnyNumberOfThreads)
{
    const Matrix data = test::cloud(500, 16);
    const auto one = nearestNeighbours(data, 15, 1, {});
    const auto three = nearestNeighbours(data, 15, 3, {});
    EXPECT_EQ(one->indices, three->indices);
    EXPECT_EQ(one->distances, three->distances);
}

TEST(NearestNeighbours, OfOtherPointsIncludeEqualOnes)
{
    const Matrix data = test::cloud(300, 4);
    Matrix queries(3, 4);
    std::ranges::copy(data.row(299), queries.row(1).begin());
    const auto near = nearestNeighbours(queries, data, 5, 1, {});
    ASSERT_TRUE(near);
    EXPECT_EQ(near->points, 3U);
    EXPECT_EQ(near->indicesOf(1).front(), 299U);
    EXPECT_EQ(near->distancesOf(1).front(), 0.0F);
    EXPECT_EQ(near->indicesOf(0).front(), sortedFrom(queries.row(0), data, 300).front().index);
}

TEST(NearestNeighbours, OfFewPointsAreFew)
{
    EXPECT_EQ(nearestNeighbours(Matrix(0, 3), 5, 1, {})->each, 0U);
    EXPECT_EQ(nearestNeighbours(Matrix(1, 3), 5, 1, {})->each, 0U);
    EXPECT_EQ(nearestNeighbours(Matrix(2, 0), 5, 1, {})->each, 1U);
}

TEST(NearestNeighbours, AreTheSameOfNumbersWhoseSquaresAreInfiniteOrVanish)
{
    const Matrix data = test::cloud(100, 7, 1);
    const auto near = nearestNeighbours(data, 9, 2, {});
    for (const int exponent : {100, -100}) {
        Matrix other = data;
        for (float& value : other.values)
            value = std::ldexp(value, exponent);
        const auto found = nearestNeighbours(other, 9, 2, {});
        ASSERT_TRUE(found);
        EXPECT_EQ(found->indices, near->indices) << exponent;
        for (std::size_t i = 0; i < near->distances.size(); ++i)
            EXPECT_FLOAT_EQ(found->distances[i], std::ldexp(near->distances[i], exponent));
    }
}

TEST(NearestNeighbours, OfHugePointsAmongOthersAreFinite)
{
    Matrix data = test::cloud(40, 3, 1);
    Matrix query(1, 3);
    query.values = {3e30F, 0.0F, 0.0F};
    const auto far = nearestNeighbours(query, data, 4, 1, {});
    ASSERT_TRUE(far);
    EXPECT_FLOAT_EQ(far->distancesOf(0)[3], 3e30F);
    EXPECT_NE(far->indicesOf(0)[0], far->indicesOf(0)[1]);
}

TEST(NearestNeighbours, TellHowManyPointsAreDone)
{
    const Matrix data = test::cloud(500, 7, 1);
    std::vector<std::size_t> told;
    ASSERT_TRUE(nearestNeighbours(data, 5, 2, {}, [&](std::size_t points) { told.push_back(points); }));
    EXPECT_GT(told.size(), 2U);
    EXPECT_TRUE(std::ranges::is_sorted(told));
    EXPECT_EQ(told.back(), 500U);
}

TEST(NearestNeighbours, StopWhenAsked)
{
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = nearestNeighbours(test::cloud(100, 3), 5, 2, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::Cancelled);
}

TEST(PlacedPoints, StandAmongTheirNeighbours)
{
    const Matrix data = test::clusters(3, 30, 5);
    Matrix map(90, 2);
    for (std::size_t i = 0; i < map.rows; ++i) {
        map(i, 0) = static_cast<float>(100 * (i / 30));
        map(i, 1) = static_cast<float>(i % 30) / 30.0F;
    }
    map(40, 0) = NAN; // it has no place, so nobody is placed beside it
    Matrix points(3, 5);
    std::ranges::copy(data.row(70), points.row(0).begin());
    for (std::size_t c = 0; c < 5; ++c)
        points(1, c) = (data(33, c) + data(40, c)) / 2.0F;
    points(2, 3) = NAN;
    const auto placed = placePoints(points, data, map, 10, 2, {});
    ASSERT_TRUE(placed) << placed.error().message;
    EXPECT_EQ((*placed)(0, 0), 200.0F);
    EXPECT_EQ((*placed)(0, 1), map(70, 1));
    EXPECT_NEAR((*placed)(1, 0), 100.0F, 1e-3F);
    EXPECT_GT((*placed)(1, 1), 0.0F);
    EXPECT_LT((*placed)(1, 1), 1.0F);
    EXPECT_TRUE(std::isnan((*placed)(2, 0)));
    EXPECT_FALSE(placePoints(points, data, Matrix(3, 2), 10, 1, {}));
    EXPECT_TRUE(std::isnan((*placePoints(points, Matrix(0, 5), Matrix(0, 2), 10, 1, {}))(0, 0)));
}

} // namespace
