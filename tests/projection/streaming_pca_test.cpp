#include "core/projection/eigen_symmetric.h"
#include "core/projection/streaming_pca.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

/// Columns of falling variance, turned at random.
Matrix turned(std::size_t rows, std::size_t columns, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Matrix mixing(columns, columns);
    for (float& x : mixing.values)
        x = normal(random);
    Matrix data(rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < columns; ++k) {
            const float share = normal(random) * std::pow(0.5F, static_cast<float>(k));
            for (std::size_t j = 0; j < columns; ++j)
                data(i, j) += share * mixing(k, j) + 1.0F;
        }
    return data;
}

RowReader readerOf(const Matrix& data)
{
    return [&data](std::size_t row, std::span<float> out) -> Result<void> {
        std::copy(data.row(row).begin(), data.row(row).end(), out.begin());
        return {};
    };
}

std::vector<std::size_t> allRows(const Matrix& data)
{
    std::vector<std::size_t> rows(data.rows);
    std::iota(rows.begin(), rows.end(), std::size_t {0});
    return rows;
}

std::vector<double> covariance(const Matrix& data)
{
    std::vector<double> mean(data.columns, 0.0);
    for (std::size_t i = 0; i < data.rows; ++i)
        for (std::size_t j = 0; j < data.columns; ++j)
            mean[j] += static_cast<double>(data(i, j)) / static_cast<double>(data.rows);
    std::vector<double> matrix(data.columns * data.columns, 0.0);
    for (std::size_t i = 0; i < data.rows; ++i)
        for (std::size_t a = 0; a < data.columns; ++a)
            for (std::size_t b = 0; b < data.columns; ++b)
                matrix[a * data.columns + b] += (static_cast<double>(data(i, a)) - mean[a])
                    * (static_cast<double>(data(i, b)) - mean[b]) / static_cast<double>(data.rows);
    return matrix;
}

TEST(StreamingPca, FindsTheEigenvectorsOfTheCovariance)
{
    const Matrix data = turned(200, 30, 3);
    const auto pca = fitStreamingPca(allRows(data), data.columns, readerOf(data), {.components = 4}, {});
    ASSERT_TRUE(pca) << pca.error().message;
    const EigenPairs exact = eigenSymmetric(covariance(data), data.columns);
    for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_NEAR(pca->variances[k], exact.values[k], 1e-3 * exact.values[k]);
        double overlap = 0.0;
        for (std::size_t d = 0; d < data.columns; ++d)
            overlap += static_cast<double>(pca->components(k, d)) * exact.vectors[k * data.columns + d];
        EXPECT_NEAR(std::abs(overlap), 1.0, 1e-4) << k;
    }
}

TEST(StreamingPca, ProjectionHasTheVariancesOfTheComponents)
{
    const Matrix data = turned(300, 20, 5);
    const auto pca = fitStreamingPca(allRows(data), data.columns, readerOf(data), {.components = 3}, {});
    ASSERT_TRUE(pca);
    for (std::size_t k = 0; k < 3; ++k) {
        double sum = 0.0;
        double squares = 0.0;
        for (std::size_t i = 0; i < data.rows; ++i) {
            const double x = static_cast<double>(pca->project(data.row(i))[k]);
            sum += x / 300.0;
            squares += x * x / 300.0;
        }
        EXPECT_NEAR(sum, 0.0, 1e-4);
        EXPECT_NEAR(squares, pca->variances[k], 1e-3 * pca->variances[k]);
    }
}

TEST(StreamingPca, FewRowsGiveFewComponents)
{
    const Matrix data = turned(4, 10, 2);
    const auto pca = fitStreamingPca(allRows(data), data.columns, readerOf(data), {.components = 16}, {});
    ASSERT_TRUE(pca);
    EXPECT_EQ(pca->components.rows, 3U);
    EXPECT_FALSE(fitStreamingPca({}, 10, readerOf(data), {}, {}));
}

TEST(StreamingPca, ErrorsOfReadingComeBack)
{
    const RowReader broken = [](std::size_t, std::span<float>) -> Result<void> { return fail(Errc::Io, "no disk"); };
    const std::vector<std::size_t> rows {0, 1, 2};
    const auto pca = fitStreamingPca(rows, 5, broken, {}, {});
    ASSERT_FALSE(pca);
    EXPECT_EQ(pca.error().message, "no disk");
}

} // namespace
