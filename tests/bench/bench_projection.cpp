#include "bench/fma_peak.h"
#include "core/base/threads.h"
#include "core/projection/map_kind.h"
#include "core/projection/nearest_neighbours.h"
#include "core/projection/neighbour_graph.h"
#include "core/projection/quad_tree.h"
#include "core/projection/trustworthiness.h"
#include "core/projection/tsne.h"
#include "core/zoo/npy.h"

#include <benchmark/benchmark.h>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <random>

// Neighbours, UMAP and t-SNE beside their floors, and what people use today beside them: umap-learn, uwot and
// scikit-learn, each where it is installed (Debian: umap-learn, r-cran-uwot, python3-sklearn). Quality is measured by
// us for all alike. RNNSCOPE_BENCH_MAP=FILE.npy: the rows to lay out [N, D]; else 9 000 points in clusters on a sphere.

namespace {

using namespace rnnscope;
namespace fs = std::filesystem;

struct Subject
{
    Matrix data;
    int threads = availableCores();
    double peak = bench::fmaPeak(availableCores()).all; ///< GFLOP/s
};

Matrix readRows(const std::string& path)
{
    const auto array = zoo::openNpy(path);
    if (!array || (*array)->shape().size() != 2)
        return {};
    Matrix data((*array)->shape()[0], (*array)->shape()[1]);
    constexpr std::array<std::size_t, 1> kStart {0};
    return (*array)->read(kStart, data.rows, data.values) ? data : Matrix();
}

Matrix clusters()
{
    constexpr std::size_t kPoints = 9000;
    constexpr std::size_t kSize = 16;
    constexpr std::size_t kClusters = 60;
    constexpr float kWidth = 0.15F;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    Matrix centres(kClusters, kSize);
    std::generate(centres.values.begin(), centres.values.end(), [&] { return normal(random); });
    Matrix data(kPoints, kSize);
    for (std::size_t i = 0; i < kPoints; ++i) {
        const auto row = data.row(i);
        for (std::size_t d = 0; d < kSize; ++d)
            row[d] = centres(i % kClusters, d) + kWidth * normal(random);
        const float length = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0F));
        for (float& value : row)
            value /= length;
    }
    return data;
}

const Subject& subject()
{
    static const Subject made = [] {
        const char* named = std::getenv("RNNSCOPE_BENCH_MAP"); // NOLINT(concurrency-mt-unsafe): nothing sets it
        return Subject {.data = named != nullptr ? readRows(named) : clusters()};
    }();
    return made;
}

/// Runs `work` and reports its time beside the floor: `gflop` at the machine's peak.
void measure(benchmark::State& state, double gflop, const std::function<void()>& work)
{
    using Clock = std::chrono::steady_clock;
    double sum = 0.0;
    for (auto _ : state) {
        const auto start = Clock::now();
        work();
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        state.SetIterationTime(seconds);
        sum += seconds;
    }
    if (gflop == 0.0)
        return;
    state.counters["floor_s"] = gflop / subject().peak;
    state.counters["of_floor"] = gflop / subject().peak * static_cast<double>(state.iterations()) / sum;
}

void reportQuality(benchmark::State& state, const Matrix& map, bool divergence)
{
    constexpr std::size_t kNeighbours = 15;
    const auto& [data, threads, peak] = subject();
    const auto trust = projection::trustworthiness(data, map, kNeighbours, threads, {});
    state.counters["trustworthiness"]
        = std::accumulate(trust->begin(), trust->end(), 0.0) / static_cast<double>(trust->size());
    if (divergence)
        state.counters["KL"] = *projection::tsneDivergence(data, map, {.threads = threads}, {});
}

constexpr std::size_t kUmapNeighbours = 14; // and the point itself

void neighbours(benchmark::State& state)
{
    const Matrix& data = subject().data;
    // A difference and a multiply-add for each pair and dimension, of a peak that counts two for a multiply-add.
    constexpr double kOperations = 3.0 / 0.75;
    const auto pairs = std::pow(static_cast<double>(data.rows), 2.0);
    measure(state, 1e-9 * kOperations * pairs * static_cast<double>(data.columns), [&] {
        benchmark::DoNotOptimize(projection::nearestNeighbours(data, kUmapNeighbours, subject().threads, {}));
    });
}

/// Of all epochs: each edge is sampled as often as its weight says, and with it five points that repel. A sample takes
/// two differences, their squares, a power and two multiply-adds; the power is an exponential and a logarithm.
double umapGflop(std::size_t epochs)
{
    constexpr double kSamples = 1.0 + 5.0;
    constexpr double kOperations = 60.0;
    const auto near = projection::nearestNeighbours(subject().data, kUmapNeighbours, subject().threads, {});
    const auto graph = projection::neighbourGraph(*near, projection::memberships(*near, subject().threads),
                                                  projection::Union::Fuzzy);
    const double largest = *std::max_element(graph.weights.begin(), graph.weights.end());
    const double sum = std::accumulate(graph.weights.begin(), graph.weights.end(), 0.0);
    return 1e-9 * static_cast<double>(epochs) * sum / largest * kSamples * kOperations;
}

/// What every point sees of a map through Barnes and Hut's criterion, judged for it alone: squares and single points.
double bodiesSeen(const Matrix& map)
{
    constexpr float kAngle = 0.5F;
    projection::QuadTree tree;
    tree.build(map.values);
    const auto nodes = tree.nodes();
    double seen = 0.0;
    for (std::size_t point = 0; point < map.rows; ++point)
        for (std::size_t i = 0; i < nodes.size();) {
            const auto& node = nodes[i];
            const float dx = node.x - map(point, 0);
            const float dy = node.y - map(point, 1);
            const bool far = node.side * node.side < kAngle * kAngle * (dx * dx + dy * dy);
            seen += far ? 1.0 : node.leaf ? static_cast<double>(node.count) : 0.0;
            i = far || node.leaf ? node.next : i + 1;
        }
    return seen;
}

/// Of all iterations, by what is seen after every hundredth: a body takes two differences, their squares, a reciprocal
/// (counted as four), its square and two multiply-adds, and so does each end of an edge.
double tsneGflop()
{
    constexpr double kOperations = 16.0;
    constexpr std::size_t kEvery = 100;
    const auto& [data, threads, peak] = subject();
    constexpr std::size_t kNeighbours = 91; // three times the perplexity
    const double edges = 2.0 * static_cast<double>(data.rows * std::min(kNeighbours, data.rows - 1));
    const auto layout = *projection::startMap(projection::MapKind::Tsne, data, 1, threads, {});
    double pairs = 0.0;
    while (layout->made() < layout->steps()) {
        layout->step();
        if (layout->made() % kEvery == 0)
            pairs += static_cast<double>(kEvery) * (bodiesSeen(layout->map()) + edges);
    }
    return 1e-9 * kOperations * pairs;
}

void ours(benchmark::State& state, projection::MapKind kind)
{
    const auto start = [kind] { return *projection::startMap(kind, subject().data, 1, subject().threads, {}); };
    const bool umap = kind == projection::MapKind::Umap;
    Matrix map;
    static std::map<projection::MapKind, double> known; // the same in every repetition
    const auto [floor, isNew] = known.try_emplace(kind);
    if (isNew)
        floor->second = umap ? umapGflop(start()->steps()) : tsneGflop();
    measure(state, floor->second, [&] {
        const auto layout = start();
        while (layout->made() < layout->steps())
            layout->step();
        map = layout->map();
    });
    reportQuality(state, map, !umap);
}

/// A program that lays out raw floats and says how long it took.
void others(benchmark::State& state, const std::string& command, bool divergence)
{
    const Matrix& data = subject().data;
    const fs::path folder = fs::temp_directory_path();
    const fs::path in = folder / "rnnscope-bench-rows.bin";
    const fs::path out = folder / "rnnscope-bench-map.bin";
    const fs::path seconds = folder / "rnnscope-bench-seconds.txt";
    std::ofstream(in, std::ios::binary)
        .write(reinterpret_cast<const char*>(data.values.data()),
               static_cast<std::streamsize>(data.values.size() * sizeof(float)));
    Matrix map(data.rows, 2);
    for (auto _ : state) {
        fs::remove(out);
        const auto line = fmt::format("{} {} {} {} {} {} >{} 2>/dev/null", command, in.string(), data.rows,
                                      data.columns, out.string(), subject().threads, seconds.string());
        double taken = 0.0;
        if (std::system(line.c_str()) != 0 || !(std::ifstream(seconds) >> taken)
            || !std::ifstream(out, std::ios::binary)
                    .read(reinterpret_cast<char*>(map.values.data()),
                          static_cast<std::streamsize>(map.values.size() * sizeof(float))))
            return state.SkipWithError("not installed");
        state.SetIterationTime(taken);
    }
    reportQuality(state, map, divergence);
    for (const auto& file : {in, out, seconds})
        fs::remove(file);
}

} // namespace

int main(int argc, char** argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return EXIT_FAILURE;
    if (subject().data.rows == 0) {
        fmt::print(stderr, "RNNSCOPE_BENCH_MAP is no array of two dimensions\n");
        return EXIT_FAILURE;
    }
    using benchmark::RegisterBenchmark;
    const std::string scripts = RNNSCOPE_SOURCE_DIR "/tests/bench/";
    const auto add = [](const std::string& name, auto... what) {
        return RegisterBenchmark(name.c_str(), what...)->Unit(benchmark::kSecond)->UseManualTime();
    };
    const std::string python = "/usr/bin/python3 " + scripts + "projection.py ";
    add("neighbours", &neighbours);
    add("umap/ours", &ours, projection::MapKind::Umap)->Iterations(1);
    add("umap/umap-learn", &others, python + "umap", false)->Iterations(1);
    add("umap/uwot", &others, "Rscript " + scripts + "uwot.R", false)->Iterations(1);
    add("tsne/ours", &ours, projection::MapKind::Tsne)->Iterations(1);
    add("tsne/scikit-learn", &others, python + "tsne", true)->Iterations(1);
    benchmark::RunSpecifiedBenchmarks();
    return EXIT_SUCCESS;
}
