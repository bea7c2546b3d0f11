#include "core/projection/pca.h"

#include "core/projection/eigen_symmetric.h"
#include "core/projection/finite_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::projection {

namespace {

std::vector<double> meanOf(const Matrix& data, const std::vector<std::size_t>& rows)
{
    std::vector<double> mean(data.columns, 0.0);
    for (const std::size_t i : rows)
        for (std::size_t j = 0; j < data.columns; ++j)
            mean[j] += data(i, j);
    for (double& x : mean)
        x /= static_cast<double>(rows.size());
    return mean;
}

/// [D, D], divided by the number of rows.
std::vector<double> covarianceOf(const Matrix& data, const std::vector<std::size_t>& rows,
                                 const std::vector<double>& mean)
{
    const std::size_t d = data.columns;
    std::vector<double> covariance(d * d, 0.0);
    std::vector<double> centred(d);
    for (const std::size_t i : rows) {
        for (std::size_t j = 0; j < d; ++j)
            centred[j] = data(i, j) - mean[j];
        for (std::size_t j = 0; j < d; ++j)
            for (std::size_t k = j; k < d; ++k)
                covariance[j * d + k] += centred[j] * centred[k];
    }
    for (std::size_t j = 0; j < d; ++j)
        for (std::size_t k = j; k < d; ++k)
            covariance[k * d + j] = covariance[j * d + k] /= static_cast<double>(rows.size());
    return covariance;
}

double signOf(const double* component, std::size_t d)
{
    const double* largest
        = std::max_element(component, component + d, [](double x, double y) { return std::abs(x) < std::abs(y); });
    return *largest < 0.0 ? -1.0 : 1.0;
}

} // namespace

Pca fitPca(const Matrix& data)
{
    const std::size_t d = data.columns;
    Pca pca;
    pca.mean.assign(d, 0.0F);
    pca.components = Matrix(2, d);
    const auto rows = FiniteRows(data).rows;
    if (rows.empty() || d == 0)
        return pca;

    const auto mean = meanOf(data, rows);
    std::transform(mean.begin(), mean.end(), pca.mean.begin(), [](double x) { return static_cast<float>(x); });
    const auto covariance = covarianceOf(data, rows, mean);
    double total = 0.0;
    double level = 0.0; // squared size of the data, against which rounding of the mean is judged
    for (std::size_t j = 0; j < d; ++j) {
        total += covariance[j * d + j];
        level += mean[j] * mean[j];
    }
    const auto pairs = eigenSymmetric(covariance, d);
    for (std::size_t c = 0; c < std::min<std::size_t>(2, d); ++c) {
        if (pairs.values[c] <= 1e-12 * total + 1e-24 * level)
            break;
        const double* component = pairs.vectors.data() + c * d;
        const double sign = signOf(component, d);
        for (std::size_t j = 0; j < d; ++j)
            pca.components(c, j) = static_cast<float>(sign * component[j]);
        pca.explained[c] = std::min(1.0, pairs.values[c] / total);
    }
    return pca;
}

Matrix project(const Pca& pca, const Matrix& data)
{
    Matrix map(data.rows, 2, std::numeric_limits<float>::quiet_NaN());
    if (data.columns != pca.components.columns)
        return map;
    for (std::size_t i = 0; i < data.rows; ++i) {
        if (!isFinite(data.row(i)))
            continue;
        for (std::size_t c = 0; c < 2; ++c) {
            double sum = 0.0;
            for (std::size_t j = 0; j < data.columns; ++j)
                sum += (static_cast<double>(data(i, j)) - pca.mean[j]) * pca.components(c, j);
            map(i, c) = static_cast<float>(sum);
        }
    }
    return map;
}

} // namespace rnnscope::projection
