#include "core/rnn/kernels.h"
#include "core/rnn/packed_matrix.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace {

using namespace rnnscope::rnn;

std::vector<float> randomValues(std::ptrdiff_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 1.0F);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values)
        value = normal(random);
    return values;
}

double at(const std::vector<float>& values, std::ptrdiff_t index)
{
    return static_cast<double>(values[static_cast<std::size_t>(index)]);
}

class EveryKernel : public testing::TestWithParam<const Kernels*>
{
protected:
    const Kernels& kernels = *GetParam();
};

/// Largest relative error over a range, also for the ends of vectors.
double worst(void (*function)(float*, std::ptrdiff_t), double (*expected)(double), double first, double last)
{
    constexpr std::ptrdiff_t kCount = 200003;
    std::vector<float> x(kCount);
    for (std::ptrdiff_t i = 0; i < kCount; ++i)
        x[static_cast<std::size_t>(i)]
            = static_cast<float>(first + (last - first) * static_cast<double>(i) / static_cast<double>(kCount - 1));
    std::vector<float> y = x;
    function(y.data(), kCount);
    double error = 0.0;
    for (std::ptrdiff_t i = 0; i < kCount; ++i) {
        const double exact = expected(at(x, i));
        if (exact != 0.0)
            error = std::max(error, std::abs(at(y, i) - exact) / std::abs(exact));
    }
    return error;
}

TEST_P(EveryKernel, FunctionsAreExactToAFewUnitsInTheLastPlace)
{
    EXPECT_LE(worst(
                  kernels.exponential, [](double x) { return std::exp(x); }, -87.0, 88.0),
              2e-7);
    EXPECT_LE(worst(
                  kernels.sigmoid, [](double x) { return 1.0 / (1.0 + std::exp(-x)); }, -80.0, 80.0),
              3e-7);
    EXPECT_LE(worst(
                  kernels.tanh, [](double x) { return std::tanh(x); }, -12.0, 12.0),
              3e-7);
    EXPECT_LE(worst(
                  kernels.tanh, [](double x) { return std::tanh(x); }, -1e-3, 1e-3),
              3e-7);
}

TEST_P(EveryKernel, FunctionsKeepNanAndEndAtTheirLimits)
{
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const std::vector<float> x {std::nanf(""), -kInfinity, kInfinity, -1000.0F, 1000.0F, 0.0F};
    std::vector<float> y = x;
    kernels.exponential(y.data(), 6);
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_NEAR(y[1], 0.0, 1e-37);
    EXPECT_EQ(y[5], 1.0F);
    y = x;
    kernels.sigmoid(y.data(), 6);
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_NEAR(y[1], 0.0, 1e-37);
    EXPECT_EQ(y[2], 1.0F);
    EXPECT_NEAR(y[3], 0.0, 1e-37);
    EXPECT_EQ(y[4], 1.0F);
    y = x;
    kernels.tanh(y.data(), 6);
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_EQ(y[1], -1.0F);
    EXPECT_EQ(y[2], 1.0F);
    EXPECT_EQ(y[5], 0.0F);
}

TEST_P(EveryKernel, ProductsAreThoseOfDoublePrecision)
{
    for (const auto& [rows, k, columns] : {std::array<std::ptrdiff_t, 3> {1, 1, 1},
                                           {1, 38, 128},
                                           {7, 300, 33},
                                           {32, 257, 64},
                                           {13, 5, 17},
                                           {25, 600, 6},
                                           {64, 2, 96},
                                           {25, 48, 48},
                                           {11, 20, 40},
                                           {12, 30, 16},
                                           {5, 7, 8}}) {
        const auto a = randomValues(rows * (k + 3), 1);
        const auto b = randomValues(k * columns, 2);
        const auto bias = randomValues(columns, 3);
        PackedMatrix packed(k, columns, kernels);
        packed.set(0, k, 0, columns, b.data(), columns, 1);
        std::vector<float> c(static_cast<std::size_t>(rows * (columns + 2)), -7.0F);
        Product product = packed.product();
        product.a = a.data();
        product.lda = k + 3;
        product.rows = rows;
        product.init = bias.data();
        product.c = c.data();
        product.ldc = columns + 2;
        packed.multiply(product);
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            for (std::ptrdiff_t n = 0; n < columns; ++n) {
                double sum = at(bias, n);
                for (std::ptrdiff_t i = 0; i < k; ++i)
                    sum += at(a, r * (k + 3) + i) * at(b, i * columns + n);
                ASSERT_NEAR(at(c, r * (columns + 2) + n), sum, 1e-4) << rows << "x" << k << "x" << columns;
            }
            EXPECT_EQ(at(c, r * (columns + 2) + columns), -7.0) << "wrote beside the matrix";
        }
    }
}

TEST_P(EveryKernel, AddsARowAndTakesWhatIsPositive)
{
    for (const std::ptrdiff_t columns : {1, 7, 8, 16, 19, 48}) {
        constexpr std::ptrdiff_t kRows = 3;
        auto values = randomValues(kRows * columns + 1, 1);
        const auto before = values;
        auto added = randomValues(columns, 2);
        added.back() = std::nanf("");
        kernels.addAndRectify(values.data(), kRows, columns, added.data());
        for (std::ptrdiff_t i = 0; i < kRows * columns; ++i) {
            const double sum = static_cast<double>(static_cast<float>(at(before, i) + at(added, i % columns)));
            if (i % columns == columns - 1)
                EXPECT_TRUE(std::isnan(at(values, i)));
            else
                EXPECT_EQ(at(values, i), std::max(sum, 0.0));
        }
        EXPECT_EQ(values.back(), before.back()) << "wrote behind the rows";
    }
}

TEST_P(EveryKernel, ProductsAddToWhatIsThereAndTakeSomeOfTheRows)
{
    constexpr std::ptrdiff_t kColumns = 35;
    const auto a = randomValues(3 * 4, 1);
    const auto b = randomValues(kColumns * 9, 2); // transposed: [columns, rows]
    PackedMatrix packed(9, kColumns, kernels);
    packed.set(0, 4, 0, kColumns, b.data(), 1, 9);
    packed.set(4, 5, 0, 20, b.data() + 4, 1, 9);
    packed.set(4, 5, 20, kColumns - 20, b.data() + 4 + 20 * 9, 1, 9);
    std::vector<float> c(3 * kColumns, 2.0F);
    Product product = packed.product();
    product.a = a.data();
    product.lda = 4;
    product.rows = 3;
    product.firstRow = 5;
    product.k = 4;
    product.init = c.data();
    product.ldInit = kColumns;
    product.c = c.data();
    product.ldc = kColumns;
    packed.multiply(product);
    for (std::ptrdiff_t r = 0; r < 3; ++r)
        for (std::ptrdiff_t n = 0; n < kColumns; ++n) {
            double sum = 2.0;
            for (std::ptrdiff_t i = 0; i < 4; ++i)
                sum += at(a, r * 4 + i) * at(b, n * 9 + 5 + i);
            ASSERT_NEAR(at(c, r * kColumns + n), sum, 1e-5);
        }
}

INSTANTIATE_TEST_SUITE_P(All, EveryKernel, testing::ValuesIn(allKernels()),
                         [](const auto& tested) { return std::string(tested.param->name); });

} // namespace
