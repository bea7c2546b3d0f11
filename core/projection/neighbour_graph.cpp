#include "core/projection/neighbour_graph.h"

#include "core/base/threads.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace rnnscope::projection {

namespace {

constexpr std::size_t kGrain = 256; // points a thread takes at once
constexpr int kHalvings = 64;

/// Where `of`, which rises, crosses 0: x is doubled from 1, then the stretch around it halved.
template <typename Function>
double crossing(Function of)
{
    constexpr double kClose = 1e-5;
    double low = 0.0, high = std::numeric_limits<double>::infinity(), x = 1.0;
    for (int i = 0; i < kHalvings; ++i) {
        const double value = of(x);
        if (std::abs(value) < kClose)
            break;
        (value > 0.0 ? high : low) = x;
        x = std::isinf(high) ? 2.0 * x : (low + high) / 2.0;
    }
    return x;
}

/// Width of a point's neighbourhood; algorithm 3 of McInnes et al., and no less than a thousandth of the distances, as
/// in their program.
double widthOf(std::span<const float> distances, double nearest, double meanOfAll)
{
    constexpr double kLeast = 1e-3;
    const double target = std::log2(static_cast<double>(distances.size() + 1));
    const double width = crossing([&](double sigma) {
        double sum = 0.0;
        for (const float distance : distances)
            sum += std::exp(-std::max(0.0, static_cast<double>(distance) - nearest) / sigma);
        return sum - target;
    });
    const double mean
        = std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(distances.size() + 1);
    return std::max({width, kLeast * (nearest > 0.0 ? mean : meanOfAll), std::numeric_limits<double>::min()});
}

struct Entry
{
    int to;
    float weight;
};

float joined(Union way, float p, float q)
{
    return way == Union::Fuzzy ? p + q - p * q : (p + q) / 2.0F;
}

/// Appends the union of two lists that are sorted by `to`.
void merge(std::span<const Entry> there, std::span<const Entry> back, Union way, NeighbourGraph& graph)
{
    std::size_t i = 0, j = 0;
    while (i < there.size() || j < back.size()) {
        const bool fromThere = j == back.size() || (i < there.size() && there[i].to <= back[j].to);
        const bool fromBack = i == there.size() || (j < back.size() && back[j].to <= there[i].to);
        graph.to.push_back(fromThere ? there[i].to : back[j].to);
        graph.weights.push_back(joined(way, fromThere ? there[i].weight : 0.0F, fromBack ? back[j].weight : 0.0F));
        i += fromThere ? 1 : 0;
        j += fromBack ? 1 : 0;
    }
}

} // namespace

NeighbourGraph neighbourGraph(const Neighbours& neighbours, std::span<const float> weights, Union way)
{
    const std::size_t n = neighbours.points, k = neighbours.each;
    std::vector<Entry> there(n * k), back(n * k);
    std::vector<std::size_t> firstBack(n + 1, 0);
    for (const std::uint32_t to : neighbours.indices)
        ++firstBack[to + 1];
    std::partial_sum(firstBack.begin(), firstBack.end(), firstBack.begin());
    auto next = firstBack;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t e = i * k; e < (i + 1) * k; ++e) {
            there[e] = {static_cast<int>(neighbours.indices[e]), weights[e]};
            back[next[neighbours.indices[e]]++] = {static_cast<int>(i), weights[e]};
        }
    NeighbourGraph graph;
    graph.first.push_back(0);
    for (std::size_t i = 0; i < n; ++i) {
        const auto own = std::span(there).subspan(i * k, k);
        std::ranges::sort(own, {}, &Entry::to);
        merge(own, std::span(back).subspan(firstBack[i], firstBack[i + 1] - firstBack[i]), way, graph);
        graph.first.push_back(graph.to.size());
    }
    return graph;
}

std::vector<float> memberships(const Neighbours& neighbours, int threads)
{
    std::vector<float> weights(neighbours.distances.size());
    const double meanOfAll = std::accumulate(neighbours.distances.begin(), neighbours.distances.end(), 0.0)
        / static_cast<double>(std::max<std::size_t>(1, neighbours.points * (neighbours.each + 1)));
    parallelFor(neighbours.points, kGrain, threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto distances = neighbours.distancesOf(i);
            const auto positive = std::ranges::find_if(distances, [](float distance) { return distance > 0.0F; });
            const double nearest = positive == distances.end() ? 0.0 : static_cast<double>(*positive);
            const double width = widthOf(distances, nearest, meanOfAll);
            for (std::size_t e = 0; e < neighbours.each; ++e)
                weights[i * neighbours.each + e]
                    = static_cast<float>(std::exp(-std::max(0.0, static_cast<double>(distances[e]) - nearest) / width));
        }
    });
    return weights;
}

std::vector<float> conditionals(const Neighbours& neighbours, double perplexity, int threads)
{
    std::vector<float> weights(neighbours.distances.size());
    const double wanted = std::log(perplexity);
    parallelFor(neighbours.points, kGrain, threads, [&](std::size_t begin, std::size_t end) {
        std::vector<double> squares(neighbours.each), p(neighbours.each);
        for (std::size_t i = begin; i < end; ++i) {
            const auto distances = neighbours.distancesOf(i);
            // From the nearest on, so that the sum cannot vanish, and in units of the mean.
            double mean = 0.0;
            for (std::size_t e = 0; e < neighbours.each; ++e) {
                const double nearest = distances.front(), distance = distances[e];
                squares[e] = distance * distance - nearest * nearest;
                mean += squares[e] / static_cast<double>(neighbours.each);
            }
            double sum = 0.0;
            const auto entropyAt = [&](double beta) {
                sum = 0.0;
                double energy = 0.0;
                for (std::size_t e = 0; e < neighbours.each; ++e) {
                    const double square = mean > 0.0 ? squares[e] / mean : 0.0;
                    p[e] = std::exp(-beta * square);
                    sum += p[e];
                    energy += square * p[e];
                }
                return std::log(sum) + beta * energy / sum;
            };
            entropyAt(crossing([&](double beta) { return wanted - entropyAt(beta); }));
            for (std::size_t e = 0; e < neighbours.each; ++e)
                weights[i * neighbours.each + e] = static_cast<float>(p[e] / sum);
        }
    });
    return weights;
}

} // namespace rnnscope::projection
