#include "core/projection/eigen_symmetric.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rnnscope::projection {

namespace {

constexpr int kSweeps = 60; // converges quadratically: 6 to 10 are usual

struct Rotation
{
    double cosine = 1.0;
    double sine = 0.0;
};

/// The rotation that makes the entry `off` between the diagonal entries `first` and `second` zero.
Rotation annihilate(double first, double off, double second)
{
    const double tau = (second - first) / (2.0 * off);
    const double tangent = (tau >= 0.0 ? 1.0 : -1.0) / (std::abs(tau) + std::hypot(1.0, tau));
    const double cosine = 1.0 / std::hypot(1.0, tangent);
    return {cosine, tangent * cosine};
}

void rotate(double& x, double& y, const Rotation& r)
{
    const double before = x;
    x = r.cosine * before - r.sine * y;
    y = r.sine * before + r.cosine * y;
}

double offDiagonal(const std::vector<double>& a, std::size_t n)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            sum += a[i * n + j] * a[i * n + j];
    return std::sqrt(sum);
}

void sweep(std::vector<double>& a, std::vector<double>& v, std::size_t n)
{
    for (std::size_t p = 0; p + 1 < n; ++p) {
        for (std::size_t q = p + 1; q < n; ++q) {
            if (a[p * n + q] == 0.0)
                continue;
            const Rotation r = annihilate(a[p * n + p], a[p * n + q], a[q * n + q]);
            for (std::size_t k = 0; k < n; ++k)
                rotate(a[k * n + p], a[k * n + q], r);
            for (std::size_t k = 0; k < n; ++k)
                rotate(a[p * n + k], a[q * n + k], r);
            for (std::size_t k = 0; k < n; ++k)
                rotate(v[p * n + k], v[q * n + k], r);
            a[p * n + q] = a[q * n + p] = 0.0;
        }
    }
}

} // namespace

EigenPairs eigenSymmetric(std::vector<double> matrix, std::size_t n)
{
    double norm = 0.0;
    for (const double x : matrix)
        norm = std::hypot(norm, x);
    std::vector<double> vectors(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        vectors[i * n + i] = 1.0;
    for (int i = 0; i < kSweeps && offDiagonal(matrix, n) > 1e-17 * norm; ++i)
        sweep(matrix, vectors, n);

    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return matrix[i * n + i] > matrix[j * n + j]; });
    EigenPairs pairs;
    for (const std::size_t i : order) {
        const auto row = vectors.begin() + static_cast<std::ptrdiff_t>(i * n);
        pairs.values.push_back(matrix[i * n + i]);
        pairs.vectors.insert(pairs.vectors.end(), row, row + static_cast<std::ptrdiff_t>(n));
    }
    return pairs;
}

} // namespace rnnscope::projection
