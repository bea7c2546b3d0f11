#include "core/base/random.h"
#include "core/projection/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

class EveryKernel : public testing::TestWithParam<const Kernels*>
{
protected:
    RandomStream random {7};
    std::vector<float> numbers(std::size_t count, double from = -3.0, double to = 3.0)
    {
        std::vector<float> values(count);
        for (float& value : values)
            value = static_cast<float>(from + (to - from) * random.next());
        return values;
    }
};

TEST_P(EveryKernel, MeasuresDistances)
{
    constexpr std::size_t kPanels = 3, kColumns = 5;
    const auto panels = numbers(kPanels * kColumns * kLanes);
    const auto queries = numbers(4 * kColumns);
    for (std::size_t count = 1; count <= 4; ++count) {
        std::array<const float*, 4> rows {};
        for (std::size_t q = 0; q < count; ++q)
            rows[q] = queries.data() + q * kColumns;
        std::vector<float> distances(count * kPanels * kLanes), smallest(count);
        GetParam()->squaredDistances({rows.data(), static_cast<std::ptrdiff_t>(count), panels.data(), kPanels, kColumns,
                                      distances.data(), smallest.data()});
        for (std::size_t q = 0; q < count; ++q) {
            const auto row = std::span(distances).subspan(q * kPanels * kLanes, kPanels * kLanes);
            EXPECT_EQ(smallest[q], *std::ranges::min_element(row));
            for (std::size_t i = 0; i < row.size(); ++i) {
                double expected = 0.0;
                for (std::size_t c = 0; c < kColumns; ++c)
                    expected += std::pow(
                        double {rows[q][c]} - double {panels[(i / kLanes * kColumns + c) * kLanes + i % kLanes]}, 2.0);
                EXPECT_NEAR(row[i], expected, 1e-6 * expected);
            }
        }
    }
}

/// umap-learn's gradient, one sample after the other.
void sample(double& x, double& y, double otherX, double otherY, bool attracts, double a, double b, double rate)
{
    const double dx = x - otherX, dy = y - otherY, square = dx * dx + dy * dy;
    const double slope = attracts ? -2.0 * a * b * std::pow(square, b - 1.0) / (a * std::pow(square, b) + 1.0)
                                  : 2.0 * b / ((0.001 + square) * (a * std::pow(square, b) + 1.0));
    x += rate * std::clamp(slope * dx, -4.0, 4.0);
    y += rate * std::clamp(slope * dy, -4.0, 4.0);
}

TEST_P(EveryKernel, MovesPointsAsUmapSamples)
{
    constexpr std::size_t kPoints = 40, kSteps = 9;
    constexpr double kA = 1.577, kB = 0.895;
    auto places = numbers(2 * kPoints);
    places.insert(places.end(), 2, 1e18F); // repels nothing
    auto x = numbers(kLanes), y = numbers(kLanes);
    x[3] = places[8]; // upon the point that attracts it
    y[3] = places[9];
    x[4] = places[10] + 1e-4F; // beside one that repels it
    y[4] = places[11];
    std::vector<int> targets;
    for (std::size_t i = 0; i < kSteps * kLanes; ++i) {
        const auto point = static_cast<int>(random.below(kPoints + 1));
        targets.push_back(point == kPoints || i % 3 == 0 ? ~point : point);
    }
    targets[3] = 4;
    targets[4] = ~5;
    std::vector<double> expectedX(x.begin(), x.end()), expectedY(y.begin(), y.end());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const bool attracts = targets[i] >= 0;
        const auto point = static_cast<std::size_t>(attracts ? targets[i] : ~targets[i]);
        if (point < kPoints && i != 3)
            sample(expectedX[i % kLanes], expectedY[i % kLanes], places[2 * point], places[2 * point + 1], attracts, kA,
                   kB, attracts ? 0.5 : 0.25);
    }
    GetParam()->umapSamples({places.data(), targets.data(), kSteps, kA, kB, 0.5F, 0.25F, x.data(), y.data()});
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        EXPECT_NEAR(x[lane], expectedX[lane], 2e-4) << lane;
        EXPECT_NEAR(y[lane], expectedY[lane], 2e-4) << lane;
    }
}

TEST_P(EveryKernel, AddsUpTheForcesOfTsne)
{
    constexpr std::size_t kBodies = 21;
    const auto x = numbers(kLanes), y = numbers(kLanes), places = numbers(2 * kBodies);
    std::vector<float> bodies;
    for (std::size_t i = 0; i < kBodies; ++i)
        bodies.insert(bodies.end(), {places[2 * i], places[2 * i + 1], static_cast<float>(i % 4)});
    std::vector<float> forceX(kLanes), forceY(kLanes), sums(kLanes);
    GetParam()->tsneRepulsion({bodies.data(), kBodies, x.data(), y.data(), forceX.data(), forceY.data(), sums.data()});
    std::vector<int> neighbours;
    std::vector<float> weights;
    for (std::size_t i = 0; i < kBodies; ++i) {
        neighbours.push_back(static_cast<int>(kBodies - 1 - i));
        weights.push_back(static_cast<float>((kBodies - 1 - i) % 4));
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        double expected[5] = {};
        for (std::size_t i = 0; i < kBodies; ++i) {
            const double dx = x[lane] - places[2 * i], dy = y[lane] - places[2 * i + 1];
            const double q = 1.0 / (1.0 + dx * dx + dy * dy), n = static_cast<double>(i % 4);
            expected[0] += n * q;
            expected[1] += n * q * q * dx;
            expected[2] += n * q * q * dy;
            expected[3] += n * q * dx;
            expected[4] += n * q * dy;
        }
        EXPECT_NEAR(sums[lane], expected[0], 1e-5);
        EXPECT_NEAR(forceX[lane], expected[1], 1e-5);
        EXPECT_NEAR(forceY[lane], expected[2], 1e-5);
        TsneAttraction pull {places.data(), neighbours.data(), weights.data(), kBodies, x[lane], y[lane]};
        GetParam()->tsneAttraction(pull);
        EXPECT_NEAR(pull.forceX, expected[3], 1e-5);
        EXPECT_NEAR(pull.forceY, expected[4], 1e-5);
    }
}

INSTANTIATE_TEST_SUITE_P(All, EveryKernel, testing::ValuesIn(allKernels()),
                         [](const auto& tested) { return std::string(tested.param->name); });

} // namespace
