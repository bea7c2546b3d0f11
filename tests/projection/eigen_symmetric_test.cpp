#include "core/projection/eigen_symmetric.h"

#include <gtest/gtest.h>

#include <random>

namespace {

using rnnscope::projection::eigenSymmetric;

std::vector<double> randomSymmetric(std::size_t n, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    std::vector<double> a(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            a[i * n + j] = a[j * n + i] = uniform(random);
    return a;
}

class EigenSymmetric : public testing::TestWithParam<std::size_t>
{
};

TEST_P(EigenSymmetric, VectorsAreStretchedByTheirValues)
{
    const std::size_t n = GetParam();
    const auto a = randomSymmetric(n, 7);
    const auto pairs = eigenSymmetric(a, n);
    for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t i = 0; i < n; ++i) {
            double product = 0.0;
            for (std::size_t j = 0; j < n; ++j)
                product += a[i * n + j] * pairs.vectors[p * n + j];
            EXPECT_NEAR(product, pairs.values[p] * pairs.vectors[p * n + i], 1e-12);
        }
        if (p > 0) {
            EXPECT_GE(pairs.values[p - 1], pairs.values[p]);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, EigenSymmetric, testing::Values(1, 2, 3, 16, 65));

TEST(EigenSymmetric, HasTheEigenvaluesOfATwoByTwo)
{
    const auto pairs = eigenSymmetric({2.0, 1.0, 1.0, 2.0}, 2);
    EXPECT_NEAR(pairs.values[0], 3.0, 1e-15);
    EXPECT_NEAR(pairs.values[1], 1.0, 1e-15);
}

TEST(EigenSymmetric, OfZeroIsZero)
{
    const auto pairs = eigenSymmetric(std::vector<double>(9, 0.0), 3);
    EXPECT_EQ(pairs.values, std::vector<double>(3, 0.0));
}

} // namespace
