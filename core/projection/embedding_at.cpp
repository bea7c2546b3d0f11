#include "core/projection/embedding_at.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <utility>

namespace rnnscope::projection {

namespace {

constexpr std::size_t kNeighbours = 5;

template <typename A, typename B>
double dot(std::span<A> a, std::span<B> b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

void scale(std::vector<double>& values, double factor)
{
    std::ranges::transform(values, values.begin(), [factor](double value) { return factor * value; });
}

/// (squared distance on the map, row) of the nearest ones.
std::vector<std::pair<double, std::size_t>> nearest(const Matrix& data, const Matrix& map, std::array<double, 2> at)
{
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t row = 0; row < map.rows; ++row) {
        const double distance = std::pow(static_cast<double>(map(row, 0)) - at[0], 2)
            + std::pow(static_cast<double>(map(row, 1)) - at[1], 2);
        if (std::isfinite(distance) && std::ranges::all_of(data.row(row), [](float x) { return std::isfinite(x); }))
            found.emplace_back(distance, row);
    }
    const auto count = std::min(kNeighbours, found.size());
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end());
    found.resize(count);
    return found;
}

} // namespace

std::vector<float> embeddingAt(const Matrix& data, const Matrix& map, std::array<double, 2> at, const Pca* pca,
                               bool unitNorm)
{
    const auto near = nearest(data, map, at);
    if (near.empty())
        return {};
    constexpr double kHere = 1e-12; // relative to the furthest of them: nothing is nearer
    const double smallest = kHere * (near.back().first + std::numeric_limits<double>::min());
    std::vector<double> made(data.columns, 0.0);
    double total = 0.0;
    for (const auto& [distance, row] : near) {
        const double weight = 1.0 / std::max(distance, smallest);
        total += weight;
        for (std::size_t d = 0; d < made.size(); ++d)
            made[d] += weight * static_cast<double>(data(row, d));
    }
    scale(made, 1.0 / total);
    std::vector<double> inPlane(made.size(), 0.0);
    if (pca != nullptr)
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const auto component = pca->components.row(axis);
            const double outside = dot(std::span(made), component);
            const double wanted = at[axis] + dot(std::span(pca->mean), component);
            for (std::size_t d = 0; d < made.size(); ++d) {
                made[d] -= outside * static_cast<double>(component[d]);
                inPlane[d] += wanted * static_cast<double>(component[d]);
            }
        }
    const double left = 1.0 - dot(std::span(inPlane), std::span(inPlane));
    const double rest = dot(std::span(made), std::span(made));
    if (unitNorm && left > 0.0 && rest > 0.0)
        scale(made, std::sqrt(left / rest));
    std::ranges::transform(made, inPlane, made.begin(), std::plus<>());
    if (const double norm = std::sqrt(dot(std::span(made), std::span(made))); unitNorm && left <= 0.0 && norm > 0.0)
        scale(made, 1.0 / norm);
    std::vector<float> embedding(made.size());
    std::ranges::transform(made, embedding.begin(), [](double value) { return static_cast<float>(value); });
    return embedding;
}

} // namespace rnnscope::projection
