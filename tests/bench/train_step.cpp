#include "bench/bench_step.h"
#include "bench/restart.h"
#include "core/nn/single_threaded.h"

#include <ATen/core/grad_mode.h>

#include <CLI/CLI.hpp>

// How long an emulation training step takes, beside the floor: its matrix products at the speed of this machine's
// sgemm. Random networks of the paper's shape; no data is needed.

namespace {

using namespace rnnscope;

struct Options
{
    std::vector<std::string> encoders;
    std::vector<std::string> presets {"compact", "paper"};
    int threads = 2;
    double seconds = 3.0;
    bool plain = false;
};

/// Seconds a step of the authors' program on two cores, where it was measured; else 0.
double authorsSeconds(zoo::EncoderKind kind, const std::string& preset)
{
    if (kind == zoo::EncoderKind::InteractiveProbing)
        return preset == "paper" ? 0.32 : 0.19;
    return kind == zoo::EncoderKind::DwsNet && preset == "paper" ? 0.47 : 0.0;
}

void printParts(bench::Step& step, const Options& options, double whole)
{
    const double gradients = bench::medianSeconds(options.seconds / 3, [&] { step.gradients(); });
    const std::int64_t share = bench::Step::kBatch / (options.plain ? 1 : options.threads);
    const nn::SingleThreaded products;
    nn::SingleThreaded::setThisThread();
    const double encoder = bench::medianSeconds(options.seconds / 3, [&] { step.embedding(0, share); });
    const at::Tensor embedded = step.embedding(0, share).detach();
    const double emulator = bench::medianSeconds(options.seconds / 3, [&] { step.loss(embedded, 0, share); });
    fmt::print("    {} networks on one thread: encoder forward {:.1f} ms, emulator and loss forward {:.1f} ms; "
               "gradients {:.1f} ms, clipping and AdamW {:.1f} ms\n",
               share, 1e3 * encoder, 1e3 * emulator, 1e3 * gradients, 1e3 * (whole - gradients));
}

void measure(zoo::EncoderKind kind, const std::string& preset, const Options& options, double peak)
{
    bench::Step step(kind, preset, options.threads, options.plain ? bench::Path::Plain : bench::Path::Threads);
    const double gflop = 1e-9 * step.flops();
    const double seconds = bench::medianSeconds(options.seconds, [&] { step.run(); });
    const double floor = gflop / peak;
    fmt::print("{:<22} {:<8} {:.4f} s/step  {:6.1f} steps/s  {:6.2f} GFLOP  floor {:.4f} s  {:.2f} x floor",
               zoo::name(kind), preset, seconds, 1.0 / seconds, gflop, floor, seconds / floor);
    if (const double theirs = authorsSeconds(kind, preset); theirs > 0.0)
        fmt::print("  authors {:.2f} s: {:.1f} x", theirs, theirs / seconds);
    fmt::print("\n");
    printParts(step, options, seconds);
}

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    Options options;
    CLI::App program("Seconds of an emulation training step, batch 64");
    program.add_option("--encoder", options.encoders, "all six by default");
    program.add_option("--preset", options.presets, "compact, paper");
    program.add_option("--threads", options.threads);
    program.add_option("--seconds", options.seconds, "of each measurement");
    program.add_flag("--plain", options.plain, "one graph with ATen's threads instead of a stretch a thread");
    CLI11_PARSE(program, argc, argv);
    std::vector<zoo::EncoderKind> kinds;
    for (const std::string& name : options.encoders)
        if (const auto kind = zoo::encoderKindFromName(name))
            kinds.push_back(*kind);
        else
            return program.exit(CLI::ValidationError(kind.error().message));
    if (kinds.empty())
        kinds = zoo::allEncoderKinds();
    const double peak = bench::sgemmGflops(1024, 256, 1024, options.threads);
    fmt::print("sgemm on {} threads: [1024,256]x[256,1024] {:.0f} GFLOP/s, [{},256]x[256,1024] {:.0f} GFLOP/s\n",
               options.threads, peak, bench::Step::kBatch / options.threads,
               bench::sgemmGflops(bench::Step::kBatch / options.threads, 256, 1024, options.threads));
    for (const std::string& preset : options.presets)
        for (const zoo::EncoderKind kind : kinds)
            measure(kind, preset, options, peak);
    return 0;
}
