#include "bench/fma_peak.h"
#include "core/base/threads.h"
#include "core/projection/map_kind.h"
#include "core/projection/nearest_neighbours.h"
#include "core/projection/trustworthiness.h"
#include "core/projection/tsne.h"
#include "core/zoo/npy.h"

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <numeric>

// Seconds and quality of neighbours, UMAP and t-SNE of an .npy file's rows, beside umap-learn and scikit-learn where
// Python has them.

namespace {

using namespace rnnscope;
using Clock = std::chrono::steady_clock;

struct Options
{
    std::string file;
    int threads = availableCores();
    bool alone = false;
};

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double meanTrust(const Matrix& data, const Matrix& map, int threads)
{
    constexpr std::size_t kNeighbours = 15;
    const auto trust = projection::trustworthiness(data, map, kNeighbours, threads, {});
    return std::accumulate(trust->begin(), trust->end(), 0.0) / static_cast<double>(trust->size());
}

void measureNeighbours(const Matrix& data, int threads)
{
    constexpr std::size_t kNeighbours = 14;
    const double peak = bench::fmaPeak(threads).all;
    const auto start = Clock::now();
    const auto near = projection::nearestNeighbours(data, kNeighbours, threads, {});
    const double seconds = secondsSince(start);
    const double floor = 3e-9 * std::pow(static_cast<double>(data.rows), 2.0) * static_cast<double>(data.columns)
        / (0.75 * peak); // a subtraction and a fused multiply-add, of a peak that counts two
    fmt::print("{:<28} {:7.3f} s  floor {:.3f} s (differences and squares at the FMA peak of {:.0f} GFLOP/s)\n",
               fmt::format("{} nearest neighbours", near->each), seconds, floor, peak);
}

void measureMap(projection::MapKind kind, const Matrix& data, int threads)
{
    const auto start = Clock::now();
    const auto layout = projection::startMap(kind, data, 1, threads, {});
    const double before = secondsSince(start);
    while ((*layout)->made() < (*layout)->steps())
        (*layout)->step();
    const double seconds = secondsSince(start);
    const Matrix map = (*layout)->map();
    fmt::print("{:<28} {:7.3f} s  ({:.2f} ms a step)  trustworthiness {:.4f}", projection::name(kind), seconds,
               1e3 * (seconds - before) / static_cast<double>((*layout)->steps()), meanTrust(data, map, threads));
    if (kind == projection::MapKind::Tsne)
        fmt::print("  KL divergence {:.4f}", *projection::tsneDivergence(data, map, {.threads = threads}, {}));
    fmt::print("\n");
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App program("Seconds and quality of projections");
    program.add_option("file", options.file, "rows to lay out, an .npy file [N, D]")->required();
    program.add_option("--threads", options.threads);
    program.add_flag("--alone", options.alone, "without umap-learn and scikit-learn");
    CLI11_PARSE(program, argc, argv);
    const auto array = zoo::openNpy(options.file);
    if (!array || (*array)->shape().size() != 2)
        return program.exit(CLI::ValidationError(options.file + " is no array of two dimensions"));
    Matrix data((*array)->shape()[0], (*array)->shape()[1]);
    constexpr std::array<std::size_t, 1> kStart {0};
    if (!(*array)->read(kStart, data.rows, data.values))
        return EXIT_FAILURE;
    fmt::print("{} x {}, {} threads\n", data.rows, data.columns, options.threads);
    measureNeighbours(data, options.threads);
    measureMap(projection::MapKind::Umap, data, options.threads);
    measureMap(projection::MapKind::Tsne, data, options.threads);
    std::fflush(stdout);
    if (options.alone)
        return EXIT_SUCCESS;
    ::setenv("RNNSCOPE_BENCH_DATA", options.file.c_str(), 1);
    return std::system("/usr/bin/python3 " RNNSCOPE_SOURCE_DIR "/tests/bench/projection.py") == 0 ? EXIT_SUCCESS
                                                                                                  : EXIT_FAILURE;
}
