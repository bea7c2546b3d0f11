#include "core/projection/tsne.h"

#include "core/base/threads.h"
#include "core/projection/finite_rows.h"
#include "core/projection/kernels.h"
#include "core/projection/neighbour_graph.h"
#include "core/projection/pca.h"
#include "core/projection/quad_tree.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace rnnscope::projection {

namespace {

/// p [N, N] over its few entries: weights of all edges, both ends, add up to 1.
Result<NeighbourGraph> similarities(const Matrix& data, const TsneOptions& options, const std::stop_token& stop,
                                    const NeighboursFound& found)
{
    constexpr double kReach = 3.0; // perplexities
    const double others = data.rows > 0 ? static_cast<double>(data.rows - 1) : 0.0;
    const double perplexity = std::clamp(others / kReach, 1.0, options.perplexity);
    const auto neighbours
        = nearestNeighbours(data, static_cast<std::size_t>(kReach * perplexity) + 1, options.threads, stop, found);
    if (!neighbours)
        return forward(neighbours);
    auto graph = neighbourGraph(*neighbours, conditionals(*neighbours, perplexity, options.threads), Union::Mean);
    for (float& weight : graph.weights)
        weight /= static_cast<float>(data.rows);
    return graph;
}

/// Principal components, the first with a standard deviation of 1e-4.
std::vector<float> startOf(const Matrix& data)
{
    constexpr double kDeviation = 1e-4;
    const Matrix map = project(fitPca(data), data);
    double square = 0.0;
    for (std::size_t i = 0; i < map.rows; ++i)
        square += static_cast<double>(map(i, 0)) * static_cast<double>(map(i, 0));
    const double deviation = std::sqrt(square / static_cast<double>(std::max<std::size_t>(1, map.rows)));
    const auto scale = static_cast<float>(deviation > 0.0 ? kDeviation / deviation : 0.0);
    std::vector<float> places;
    for (const float value : map.values)
        places.push_back(scale * value);
    return places;
}

class Tsne final : public Layout
{
public:
    Tsne(FiniteRows rows, std::vector<float> places, NeighbourGraph graph, const TsneOptions& options)
        : m_rows(std::move(rows))
        , m_points(m_rows.rows.size())
        , m_graph(std::move(graph))
        , m_options(options)
        , m_places(std::move(places))
        , m_attraction(m_places.size())
        , m_repulsion(m_places.size())
        , m_moves(m_places.size())
        , m_gains(m_places.size(), 1.0F)
        , m_sums((m_points + kLanes - 1) / kLanes)
    {
        constexpr double kPerRate = 4.0, kLeastRate = 50.0;
        if (m_options.learningRate <= 0.0)
            m_options.learningRate
                = std::max(static_cast<double>(m_points) / m_options.exaggeration / kPerRate, kLeastRate);
    }

    std::size_t steps() const override { return m_points > 1 ? m_options.iterations : 0; }
    std::size_t made() const override { return m_made; }

    void step() override
    {
        constexpr std::size_t kGrain = 8;
        if (m_made == steps())
            return;
        m_tree.build(m_places);
        parallelFor(m_sums.size(), kGrain, m_options.threads, [this](std::size_t begin, std::size_t end) {
            Bodies bodies;
            for (std::size_t group = begin; group < end; ++group)
                feel(group, bodies);
        });
        move();
        ++m_made;
    }

    Matrix map() const override
    {
        Matrix some(m_points, 2);
        some.values = m_places;
        return m_rows.scatter(some);
    }

private:
    using Bodies = std::vector<float>; ///< [.., 3]: x, y, number of points

    /// Forces on kLanes points that lie near each other.
    void feel(std::size_t group, Bodies& bodies)
    {
        const auto order = m_tree.order();
        const std::size_t first = group * kLanes;
        const std::size_t count = std::min<std::size_t>(kLanes, m_points - first);
        std::array<float, kLanes> x {}, y {}, forceX {}, forceY {}, sums {};
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const std::size_t at = first + std::min(lane, count - 1);
            x[lane] = m_tree.sorted()[2 * at];
            y[lane] = m_tree.sorted()[2 * at + 1];
        }
        collect(x, y, bodies);
        bestKernels().tsneRepulsion({.bodies = bodies.data(),
                                     .count = static_cast<std::ptrdiff_t>(bodies.size() / 3),
                                     .x = x.data(),
                                     .y = y.data(),
                                     .forceX = forceX.data(),
                                     .forceY = forceY.data(),
                                     .sum = sums.data()});
        m_sums[group] = 0.0;
        for (std::size_t lane = 0; lane < count; ++lane) {
            const auto point = static_cast<std::size_t>(order[first + lane]);
            m_sums[group] += static_cast<double>(sums[lane]) - 1.0; // without itself
            m_repulsion[2 * point] = forceX[lane];
            m_repulsion[2 * point + 1] = forceY[lane];
            const std::size_t edges = m_graph.first[point];
            TsneAttraction pull {.places = m_places.data(),
                                 .neighbours = m_graph.to.data() + edges,
                                 .weights = m_graph.weights.data() + edges,
                                 .count = static_cast<std::ptrdiff_t>(m_graph.first[point + 1] - edges),
                                 .x = x[lane],
                                 .y = y[lane]};
            bestKernels().tsneAttraction(pull);
            m_attraction[2 * point] = pull.forceX;
            m_attraction[2 * point + 1] = pull.forceY;
        }
    }

    /// What these points see: squares of points that look small from everywhere among them, and single points.
    void collect(const std::array<float, kLanes>& x, const std::array<float, kLanes>& y, Bodies& bodies) const
    {
        const auto [left, right] = std::ranges::minmax(x);
        const auto [top, bottom] = std::ranges::minmax(y);
        const auto angle = static_cast<float>(m_options.angle * m_options.angle);
        const auto nodes = m_tree.nodes();
        const auto sorted = m_tree.sorted();
        bodies.clear();
        for (std::size_t i = 0; i < nodes.size();) {
            const QuadTree::Node& node = nodes[i];
            const float dx = std::max({left - node.x, node.x - right, 0.0F});
            const float dy = std::max({top - node.y, node.y - bottom, 0.0F});
            const bool point = node.leaf && node.count > QuadTree::kLeaf; // nearly: the smallest square there is
            if (point || node.side * node.side < angle * (dx * dx + dy * dy)) {
                bodies.insert(bodies.end(), {node.x, node.y, static_cast<float>(node.count)});
                i = node.next;
            } else if (node.leaf) {
                for (std::size_t p = node.first; p < node.first + node.count; ++p)
                    bodies.insert(bodies.end(), {sorted[2 * p], sorted[2 * p + 1], 1.0F});
                i = node.next;
            } else {
                ++i;
            }
        }
    }

    /// Gradient descent with momentum and a gain for each coordinate, as van der Maaten and scikit-learn have it.
    void move()
    {
        constexpr float kGrow = 0.2F, kShrink = 0.8F, kLeastGain = 0.01F;
        constexpr float kEarlyMomentum = 0.5F, kMomentum = 0.8F;
        constexpr float kFactor = 4.0F; // of the gradient
        const bool early = m_made < m_options.exaggerated;
        const float momentum = early ? kEarlyMomentum : kMomentum;
        const auto exaggeration = static_cast<float>(early ? m_options.exaggeration : 1.0);
        const auto all = static_cast<float>(1.0 / std::accumulate(m_sums.begin(), m_sums.end(), 0.0));
        const auto rate = static_cast<float>(m_options.learningRate);
        for (std::size_t i = 0; i < m_places.size(); ++i) {
            const float gradient = kFactor * (exaggeration * m_attraction[i] - all * m_repulsion[i]);
            m_gains[i] = std::max(kLeastGain, gradient * m_moves[i] < 0.0F ? m_gains[i] + kGrow : m_gains[i] * kShrink);
            m_moves[i] = momentum * m_moves[i] - rate * m_gains[i] * gradient;
            m_places[i] += m_moves[i];
        }
    }

    FiniteRows m_rows;
    std::size_t m_points;
    NeighbourGraph m_graph;
    TsneOptions m_options;
    std::vector<float> m_places; ///< [N, 2]
    std::vector<float> m_attraction, m_repulsion, m_moves, m_gains; ///< [N, 2]
    std::vector<double> m_sums; ///< of similarities, for each group of points
    QuadTree m_tree;
    std::size_t m_made = 0;
};

} // namespace

Result<std::unique_ptr<Layout>> tsne(const Matrix& data, const TsneOptions& options, const std::stop_token& stop,
                                     const NeighboursFound& found)
{
    constexpr double kWidestAngle = 0.7; // beyond, a point could lie in a square that looks small to it
    if (!(options.perplexity >= 1.0) || !(options.exaggeration > 0.0) || !(options.angle >= 0.0)
        || options.angle > kWidestAngle)
        return fail(Errc::BadValue,
                    fmt::format("t-SNE cannot have perplexity {}, exaggeration {} and angle {}", options.perplexity,
                                options.exaggeration, options.angle));
    FiniteRows rows(data);
    const Matrix some = rows.select(data);
    auto graph = similarities(some, options, stop, found);
    if (!graph)
        return forward(graph);
    return std::make_unique<Tsne>(std::move(rows), startOf(some), std::move(*graph), options);
}

Result<double> tsneDivergence(const Matrix& data, const Matrix& map, const TsneOptions& options,
                              const std::stop_token& stop)
{
    const auto graph = similarities(data, options, stop, {});
    if (!graph)
        return forward(graph);
    const auto similarity = [&](std::size_t i, std::size_t j) {
        const double dx = static_cast<double>(map(i, 0)) - static_cast<double>(map(j, 0));
        const double dy = static_cast<double>(map(i, 1)) - static_cast<double>(map(j, 1));
        return 1.0 / (1.0 + dx * dx + dy * dy);
    };
    std::vector<double> sums(data.rows);
    parallelFor(data.rows, 1, options.threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && !stop.stop_requested(); ++i)
            for (std::size_t j = 0; j < data.rows; ++j)
                sums[i] += i == j ? 0.0 : similarity(i, j);
    });
    if (stop.stop_requested())
        return cancelled("measuring a map");
    const double all = std::accumulate(sums.begin(), sums.end(), 0.0);
    double divergence = 0.0;
    for (std::size_t i = 0; i < data.rows; ++i)
        for (std::size_t e = graph->first[i]; e < graph->first[i + 1]; ++e)
            if (const double p = graph->weights[e]; p > 0.0)
                divergence += p * std::log(p * all / similarity(i, static_cast<std::size_t>(graph->to[e])));
    return divergence;
}

} // namespace rnnscope::projection
