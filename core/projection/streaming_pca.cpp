#include "core/projection/streaming_pca.h"

#include "core/projection/eigen_symmetric.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>

namespace rnnscope::projection {

namespace {

constexpr std::size_t kOversampling = 8;

/// [l, D] row-major in double: the subspace that is iterated.
struct Basis
{
    std::size_t size = 0;
    std::size_t columns = 0;
    std::vector<double> values;

    std::span<double> row(std::size_t i) { return {values.data() + i * columns, columns}; }
    std::span<const double> row(std::size_t i) const { return {values.data() + i * columns, columns}; }
};

/// Eight sums side by side, which the compiler can keep in vector registers.
double dot(std::span<const double> a, std::span<const double> b)
{
    std::array<double, 8> sums {};
    std::size_t i = 0;
    for (; i + sums.size() <= a.size(); i += sums.size())
        for (std::size_t lane = 0; lane < sums.size(); ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    for (; i < a.size(); ++i)
        sums[0] += a[i] * b[i];
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// Modified Gram-Schmidt, twice, since once loses orthogonality where rows are nearly parallel.
void orthonormalize(Basis& basis)
{
    for (std::size_t i = 0; i < basis.size; ++i) {
        const auto target = basis.row(i);
        for (int again = 0; again < 2; ++again)
            for (std::size_t j = 0; j < i; ++j) {
                const auto other = basis.row(j);
                const double share = dot(target, other);
                for (std::size_t d = 0; d < target.size(); ++d)
                    target[d] -= share * other[d];
            }
        const double norm = std::sqrt(dot(target, target));
        for (double& x : target)
            x = norm > 0.0 ? x / norm : 0.0;
    }
}

class Fit
{
public:
    Fit(std::span<const std::size_t> rows, std::size_t columns, const RowReader& read, const std::stop_token& stop)
        : m_rows(rows)
        , m_read(read)
        , m_stop(stop)
        , m_buffer(columns)
        , m_centred(columns)
        , m_mean(columns, 0.0)
    {
    }

    Result<void> findMean()
    {
        const auto add = [&] {
            for (std::size_t d = 0; d < m_mean.size(); ++d)
                m_mean[d] += static_cast<double>(m_buffer[d]);
        };
        if (auto read = forEachRow(add); !read)
            return read;
        for (double& x : m_mean)
            x /= static_cast<double>(m_rows.size());
        return {};
    }

    /// basis <- basis covariance, [l, D]
    Result<void> multiply(Basis& basis)
    {
        Basis product {basis.size, basis.columns, std::vector<double>(basis.values.size(), 0.0)};
        const auto add = [&] {
            for (std::size_t i = 0; i < basis.size; ++i) {
                const double share = dot(basis.row(i), m_centred) / static_cast<double>(m_rows.size());
                const auto target = product.row(i);
                for (std::size_t d = 0; d < target.size(); ++d)
                    target[d] += share * m_centred[d];
            }
        };
        if (auto read = forEachRow(add); !read)
            return read;
        basis = std::move(product);
        return {};
    }

    std::span<const double> mean() const { return m_mean; }

private:
    template <typename Action>
    Result<void> forEachRow(const Action& action)
    {
        for (const std::size_t row : m_rows) {
            if (m_stop.stop_requested())
                return cancelled("principal components");
            if (auto read = m_read(row, m_buffer); !read)
                return read;
            for (std::size_t d = 0; d < m_buffer.size(); ++d)
                m_centred[d] = static_cast<double>(m_buffer[d]) - m_mean[d];
            action();
        }
        return {};
    }

    std::span<const std::size_t> m_rows;
    const RowReader& m_read;
    const std::stop_token& m_stop;
    std::vector<float> m_buffer;
    std::vector<double> m_centred;
    std::vector<double> m_mean;
};

Basis randomBasis(std::size_t size, std::size_t columns, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    Basis basis {size, columns, std::vector<double>(size * columns)};
    for (double& x : basis.values)
        x = normal(random);
    orthonormalize(basis);
    return basis;
}

} // namespace

std::vector<float> StreamingPca::project(std::span<const float> row) const
{
    std::vector<float> projected(components.rows);
    for (std::size_t k = 0; k < projected.size(); ++k) {
        const auto component = components.row(k);
        double sum = 0.0;
        for (std::size_t d = 0; d < row.size(); ++d)
            sum += static_cast<double>(row[d] - mean[d]) * static_cast<double>(component[d]);
        projected[k] = static_cast<float>(sum);
    }
    return projected;
}

Result<StreamingPca> fitStreamingPca(std::span<const std::size_t> rows, std::size_t columns, const RowReader& read,
                                     const StreamingPcaOptions& options, const std::stop_token& stop)
{
    if (rows.empty() || columns == 0)
        return fail(Errc::BadValue, "principal components need at least one row");
    const std::size_t most = std::min(rows.size() - 1, columns);
    const std::size_t kept = std::min(options.components, most);
    Basis basis = randomBasis(std::min(kept + kOversampling, most), columns, options.seed);
    Fit fit(rows, columns, read, stop);
    if (auto done = fit.findMean(); !done)
        return forward(done);
    for (std::size_t pass = 2; pass < options.passes; ++pass) {
        if (auto done = fit.multiply(basis); !done)
            return forward(done);
        orthonormalize(basis);
    }
    Basis product = basis;
    if (auto done = fit.multiply(product); !done)
        return forward(done);

    const std::size_t size = basis.size;
    std::vector<double> small(size * size);
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j)
            small[i * size + j] = 0.5 * (dot(basis.row(i), product.row(j)) + dot(basis.row(j), product.row(i)));
    const EigenPairs pairs = eigenSymmetric(std::move(small), size);

    StreamingPca pca {{fit.mean().begin(), fit.mean().end()}, Matrix(kept, columns), {}};
    for (std::size_t k = 0; k < kept; ++k) {
        pca.variances.push_back(pairs.values[k]);
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t d = 0; d < columns; ++d)
                pca.components(k, d) += static_cast<float>(pairs.vectors[k * size + i] * basis.row(i)[d]);
    }
    return pca;
}

} // namespace rnnscope::projection
