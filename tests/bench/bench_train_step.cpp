#include "bench/bench_step.h"
#include "bench/restart.h"
#include "core/base/threads.h"
#include "core/nn/single_threaded.h"

#include <benchmark/benchmark.h>

// How long an emulation training step of 64 networks takes, beside the floor: its matrix products at the speed of this
// machine's sgemm. Random networks of the paper's shape; no data is needed.

namespace {

using namespace rnnscope;

/// Seconds a step of the authors' program on two cores of another machine, where it was measured; else 0.
double authorsSeconds(zoo::EncoderKind kind, const std::string& preset)
{
    if (kind == zoo::EncoderKind::InteractiveProbing)
        return preset == "paper" ? 0.32 : 0.19;
    return kind == zoo::EncoderKind::DwsNet && preset == "paper" ? 0.47 : 0.0;
}

/// Forward passes of one thread's networks, and the step's two halves.
void reportParts(benchmark::State& state, bench::Step& step, int threads, double whole)
{
    constexpr double kEnough = 1.0; // seconds
    constexpr double kMilliseconds = 1e3;
    const double gradients = bench::medianSeconds(kEnough, [&] { step.gradients(); });
    const std::int64_t share = bench::Step::kBatch / threads;
    const nn::SingleThreaded products;
    nn::SingleThreaded::setThisThread();
    const double encoder = bench::medianSeconds(kEnough, [&] { step.embedding(0, share); });
    const at::Tensor embedded = step.embedding(0, share).detach();
    const double emulator = bench::medianSeconds(kEnough, [&] { step.loss(embedded, 0, share); });
    state.counters["encoder_ms"] = kMilliseconds * encoder;
    state.counters["emulator_ms"] = kMilliseconds * emulator;
    state.counters["gradients_ms"] = kMilliseconds * gradients;
    state.counters["optimiser_ms"] = kMilliseconds * (whole - gradients);
}

void trainStep(benchmark::State& state, zoo::EncoderKind kind, const std::string& preset, bench::Path path)
{
    const int threads = availableCores();
    static const double sgemm = bench::sgemmGflops(1024, 256, 1024, threads);
    bench::Step step(kind, preset, threads, path);
    const double floor = 1e-9 * step.flops() / sgemm;
    step.run(); // warm
    double sum = 0.0;
    for (auto _ : state) {
        const auto start = std::chrono::steady_clock::now();
        step.run();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        state.SetIterationTime(seconds);
        sum += seconds;
    }
    const double seconds = sum / static_cast<double>(state.iterations());
    state.counters["floor_s"] = floor;
    state.counters["of_floor"] = floor / seconds;
    if (const double theirs = authorsSeconds(kind, preset); theirs > 0.0)
        state.counters["times_authors"] = theirs / seconds;
    if (path == bench::Path::Threads)
        reportParts(state, step, threads, seconds);
}

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    const auto add = [](const std::string& name, zoo::EncoderKind kind, const std::string& preset, bench::Path path) {
        benchmark::RegisterBenchmark((name + "/" + std::string(zoo::name(kind)) + "/" + preset).c_str(), &trainStep,
                                     kind, preset, path)
            ->Unit(benchmark::kMillisecond)
            ->UseManualTime();
    };
    for (const char* preset : {"compact", "paper"})
        for (const zoo::EncoderKind kind : zoo::allEncoderKinds())
            add("train_step", kind, preset, bench::Path::Threads);
    add("train_step_with_ATen's_threads", zoo::EncoderKind::InteractiveProbing, "compact", bench::Path::Plain);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
