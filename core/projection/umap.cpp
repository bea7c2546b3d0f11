#include "core/projection/umap.h"

#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/projection/finite_rows.h"
#include "core/projection/kernels.h"
#include "core/projection/neighbour_graph.h"
#include "core/projection/pca.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace rnnscope::projection {

namespace {

constexpr std::size_t kFewPoints = 10000;
constexpr std::size_t kManyEpochs = 500;
constexpr std::size_t kFewEpochs = 200;
constexpr float kNowhere = 1e18F; // so far that it repels nothing

/// Of one end of an edge, and when it is sampled: an edge of half the largest weight every second epoch.
struct Edge
{
    int to = 0;
    float period = 0.0F; ///< epochs from one sample to the next
    float next = 0.0F; ///< epoch
    float nextRepulsion = 0.0F;
};

struct Schedule
{
    std::vector<std::size_t> first; ///< [N + 1]
    std::vector<Edge> edges;

    std::span<const Edge> of(std::size_t point) const
    {
        return std::span(edges).subspan(first[point], first[point + 1] - first[point]);
    }
    std::span<Edge> of(std::size_t point)
    {
        return std::span(edges).subspan(first[point], first[point + 1] - first[point]);
    }
};

Schedule scheduleOf(const NeighbourGraph& graph, std::size_t epochs, std::size_t negatives)
{
    const float largest = graph.weights.empty() ? 0.0F : *std::ranges::max_element(graph.weights);
    const float least = largest / static_cast<float>(epochs);
    Schedule schedule;
    schedule.first.push_back(0);
    for (std::size_t i = 0; i < graph.points(); ++i) {
        for (std::size_t e = graph.first[i]; e < graph.first[i + 1]; ++e)
            if (graph.weights[e] >= least) {
                const float period = largest / graph.weights[e];
                schedule.edges.push_back({graph.to[e], period, period, period / static_cast<float>(negatives)});
            }
        schedule.first.push_back(schedule.edges.size());
    }
    return schedule;
}

/// Principal components, the larger of them up to 10 from the middle, and a little noise: equal points may part.
std::vector<float> startOf(const Matrix& data, std::uint64_t seed)
{
    constexpr float kSize = 10.0F;
    constexpr double kNoise = 1e-4;
    const Matrix map = project(fitPca(data), data);
    float largest = 0.0F;
    for (const float value : map.values)
        largest = std::max(largest, std::abs(value));
    const float scale = largest > 0.0F ? kSize / largest : 0.0F;
    std::vector<float> places;
    RandomStream random(keyOf(seed, {0}));
    for (const float value : map.values)
        places.push_back(scale * value + static_cast<float>(kNoise * (random.next() - 0.5)));
    return places;
}

class Umap final : public Layout
{
public:
    Umap(FiniteRows rows, std::vector<float> places, const NeighbourGraph& graph, const UmapOptions& options)
        : m_rows(std::move(rows))
        , m_points(m_rows.rows.size())
        , m_options(options)
        , m_epochs(options.epochs > 0           ? options.epochs
                       : m_points <= kFewPoints ? kManyEpochs
                                                : kFewEpochs)
        , m_curve(umapCurve(options.minDistance, options.spread))
        , m_schedule(scheduleOf(graph, m_epochs, options.negatives))
        , m_order(m_points)
        , m_places(std::move(places))
    {
        // Points beside each other are worked on side by side, for as long as the one with the most edges takes.
        std::iota(m_order.begin(), m_order.end(), 0);
        std::ranges::stable_sort(m_order, {}, [this](int i) { return samplesOf(static_cast<std::size_t>(i)); });
        m_places.insert(m_places.end(), 2, kNowhere);
        m_moved = m_places;
    }

    std::size_t steps() const override { return m_points > 1 ? m_epochs : 0; }
    std::size_t made() const override { return m_epoch; }

    void step() override
    {
        if (m_epoch == steps())
            return;
        parallelFor((m_points + kTogether - 1) / kTogether, 1, m_options.threads,
                    [&](std::size_t begin, std::size_t end) {
                        Samples samples;
                        for (std::size_t block = begin; block < end; ++block)
                            for (std::size_t first = block * kTogether;
                                 first < std::min(m_points, (block + 1) * kTogether); first += kLanes)
                                move(std::span(m_order).subspan(first, std::min<std::size_t>(kLanes, m_points - first)),
                                     samples);
                    });
        std::swap(m_places, m_moved);
        ++m_epoch;
    }

    Matrix map() const override
    {
        Matrix some(m_points, 2);
        std::copy_n(m_places.begin(), some.values.size(), some.values.begin());
        return m_rows.scatter(some);
    }

private:
    static constexpr std::size_t kTogether = 256; ///< points a thread takes at once
    using Samples = std::vector<int>; ///< [steps, kLanes]

    /// Expected in an epoch.
    float samplesOf(std::size_t point) const
    {
        float samples = 0.0F;
        for (const Edge& edge : m_schedule.of(point))
            samples += 1.0F / edge.period;
        return samples;
    }

    /// Up to kLanes points by one epoch.
    void move(std::span<const int> points, Samples& samples)
    {
        const int nowhere = ~static_cast<int>(m_points);
        std::array<std::size_t, kLanes> counts {};
        std::size_t steps = 0;
        std::array<float, kLanes> x {}, y {};
        for (std::size_t lane = 0; lane < points.size(); ++lane) {
            const auto point = static_cast<std::size_t>(points[lane]);
            x[lane] = m_places[2 * point];
            y[lane] = m_places[2 * point + 1];
            counts[lane] = collect(point, lane, samples);
            steps = std::max(steps, counts[lane]);
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            for (std::size_t i = counts[lane]; i < steps; ++i)
                samples[i * kLanes + lane] = nowhere;
        const float rate = 1.0F - static_cast<float>(m_epoch) / static_cast<float>(m_epochs);
        bestKernels().umapSamples({.places = m_places.data(),
                                   .targets = samples.data(),
                                   .steps = static_cast<std::ptrdiff_t>(steps),
                                   .a = static_cast<float>(m_curve.a),
                                   .b = static_cast<float>(m_curve.b),
                                   .attraction = 2.0F * rate, // each edge is sampled at both ends, and moves both
                                   .repulsion = rate,
                                   .x = x.data(),
                                   .y = y.data()});
        for (std::size_t lane = 0; lane < points.size(); ++lane) {
            const auto point = static_cast<std::size_t>(points[lane]);
            m_moved[2 * point] = x[lane];
            m_moved[2 * point + 1] = y[lane];
        }
    }

    /// The samples of one point that are due: each neighbour, and behind it those that repel.
    std::size_t collect(std::size_t point, std::size_t lane, Samples& samples)
    {
        const auto epoch = static_cast<float>(m_epoch);
        const float perSample = 1.0F / static_cast<float>(m_options.negatives);
        const std::uint64_t key = keyOf(m_options.seed, {m_epoch + 1, point});
        std::uint64_t drawn = 0;
        std::size_t count = 0;
        const auto add = [&](int target) {
            if ((count + 1) * kLanes > samples.size())
                samples.resize(2 * (count + 1) * kLanes);
            samples[count++ * kLanes + lane] = target;
        };
        for (Edge& edge : m_schedule.of(point)) {
            if (edge.next > epoch)
                continue;
            add(edge.to);
            edge.next += edge.period;
            const float period = edge.period * perSample;
            const int repelling = std::max(0, static_cast<int>((epoch - edge.nextRepulsion) / period));
            for (int i = 0; i < repelling; ++i)
                if (const int other = drawPoint(key, drawn++); static_cast<std::size_t>(other) != point)
                    add(~other);
            edge.nextRepulsion += static_cast<float>(repelling) * period;
        }
        return count;
    }

    /// Every number is worth two.
    int drawPoint(std::uint64_t key, std::uint64_t counter) const
    {
        constexpr unsigned kHalf = 32;
        const std::uint64_t number = derived(key, counter / 2);
        const std::uint64_t half = counter % 2 == 0 ? number >> kHalf : number & 0xffffffffU;
        return static_cast<int>((half * m_points) >> kHalf);
    }

    FiniteRows m_rows;
    std::size_t m_points;
    UmapOptions m_options;
    std::size_t m_epochs;
    UmapCurve m_curve;
    Schedule m_schedule;
    std::vector<int> m_order; ///< of the points, by their number of samples
    std::vector<float> m_places; ///< [N + 1, 2], the last is nowhere
    std::vector<float> m_moved; ///< the places after the epoch
    std::size_t m_epoch = 0;
};

} // namespace

UmapCurve umapCurve(double minDistance, double spread)
{
    constexpr int kPlaces = 300;
    constexpr int kIterations = 100;
    UmapCurve curve;
    double damping = 1e-3; // Levenberg and Marquardt
    const auto errorOf = [&](const UmapCurve& tried, double* normal) {
        double error = 0.0;
        for (int i = 1; i < kPlaces; ++i) { // at 0 every curve is 1
            const double d = 3.0 * spread * i / (kPlaces - 1);
            const double wanted = d < minDistance ? 1.0 : std::exp(-(d - minDistance) / spread);
            const double power = std::pow(d, 2.0 * tried.b);
            const double value = 1.0 / (1.0 + tried.a * power);
            const double rest = wanted - value;
            const double slopes[2] = {-power * value * value, -2.0 * tried.a * power * std::log(d) * value * value};
            error += rest * rest;
            if (normal != nullptr) {
                normal[0] += slopes[0] * slopes[0];
                normal[1] += slopes[0] * slopes[1];
                normal[2] += slopes[1] * slopes[1];
                normal[3] += slopes[0] * rest;
                normal[4] += slopes[1] * rest;
            }
        }
        return error;
    };
    for (int i = 0; i < kIterations; ++i) {
        double normal[5] = {};
        const double before = errorOf(curve, normal);
        const double aa = normal[0] * (1.0 + damping), bb = normal[2] * (1.0 + damping);
        const double determinant = aa * bb - normal[1] * normal[1];
        const UmapCurve tried {curve.a + (bb * normal[3] - normal[1] * normal[4]) / determinant,
                               curve.b + (aa * normal[4] - normal[1] * normal[3]) / determinant};
        const bool better = tried.a > 0.0 && tried.b > 0.0 && errorOf(tried, nullptr) < before;
        damping *= better ? 0.1 : 10.0;
        if (better)
            curve = tried;
    }
    return curve;
}

Result<std::unique_ptr<Layout>> umap(const Matrix& data, const UmapOptions& options, const std::stop_token& stop,
                                     const NeighboursFound& found)
{
    if (options.neighbours < 2 || !(options.minDistance >= 0.0) || !(options.spread > 0.0)
        || options.minDistance > options.spread || options.negatives == 0)
        return fail(Errc::BadValue,
                    fmt::format("UMAP cannot have {} neighbours, least distance {}, spread {} and {} negative samples",
                                options.neighbours, options.minDistance, options.spread, options.negatives));
    FiniteRows rows(data);
    const Matrix some = rows.select(data);
    const auto neighbours = nearestNeighbours(some, options.neighbours - 1, options.threads, stop, found);
    if (!neighbours)
        return forward(neighbours);
    const auto weights = memberships(*neighbours, options.threads);
    return std::make_unique<Umap>(std::move(rows), startOf(some, options.seed),
                                  neighbourGraph(*neighbours, weights, Union::Fuzzy), options);
}

} // namespace rnnscope::projection
