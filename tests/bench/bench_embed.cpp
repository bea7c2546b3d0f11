#include "bench/bench_step.h"
#include "bench/restart.h"
#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/nn/freed_memory.h"
#include "core/nn/torch_encoder.h"

#include <ATen/Parallel.h>

#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <sys/resource.h>

// How many networks a second the encoders embed, beside the floor: the matrix products that the authors' program makes,
// at the speed of this machine's sgemm. Then how time and memory grow with the number of networks. Random networks of
// the paper's shape; no data is needed. RNNSCOPE_BENCH_THREADS: other than all cores.

namespace {

using namespace rnnscope;

constexpr std::size_t kNetworks = 9000; // of the paper's zoo

int threadCount()
{
    const char* text = std::getenv("RNNSCOPE_BENCH_THREADS"); // NOLINT(concurrency-mt-unsafe): nothing sets it
    return text != nullptr ? std::max(1, std::atoi(text)) : availableCores();
}

struct Authors
{
    double gflop = 0.0; ///< a network, of their program; 0: not a matter of products
    double rate = 0.0; ///< networks a second of PyTorch 2.6 on two cores of another machine with AVX-512
};

Authors authorsOf(zoo::EncoderKind kind)
{
    switch (kind) {
    case zoo::EncoderKind::InteractiveProbing:
        return {0.0508, 9000 / 10.9};
    case zoo::EncoderKind::NoninteractiveProbing:
        return {0.0508, 9000 / 10.6};
    case zoo::EncoderKind::DwsNet:
        return {0.0782, 9000 / 25.5};
    case zoo::EncoderKind::Flat:
        return {0.00357, 9000 / 0.38};
    case zoo::EncoderKind::LayerwiseStatistics:
        return {0.0, 9000 / 4.2};
    case zoo::EncoderKind::ParameterTransformer:
        return {2.05, 9000 / 258.0};
    }
    return {};
}

/// As many networks as asked for, the same few thousand again and again.
class RandomParameters final : public zoo::ParameterSource
{
public:
    explicit RandomParameters(std::size_t columns)
        : m_columns(columns)
        , m_values(kDifferent * columns)
    {
        constexpr double kSize = 0.17;
        RandomStream random(1);
        for (float& value : m_values)
            value = static_cast<float>(kSize * (2.0 * random.next() - 1.0));
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        for (std::size_t i = 0; i < count; ++i)
            std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>((first + i) % kDifferent * m_columns), m_columns,
                        out.begin() + static_cast<std::ptrdiff_t>(i * m_columns));
        return {};
    }
    bool isHalf() const override { return false; }

private:
    static constexpr std::size_t kDifferent = 3000; // more than the caches hold

    std::size_t m_columns;
    std::vector<float> m_values;
};

zoo::Zoo randomZoo(std::size_t networks)
{
    zoo::Zoo zoo;
    zoo.name = "random";
    zoo.family = zoo::TaskFamily::FormalLanguage;
    zoo.architecture = {.cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6};
    static const auto parameters = std::make_shared<RandomParameters>(zoo.architecture.parameterCount());
    zoo.size = networks;
    zoo.parameters = parameters;
    return zoo;
}

std::unique_ptr<engine::Encoder> encoderOf(zoo::EncoderKind kind, const zoo::Zoo& zoo, bool paper, int parallel)
{
    zoo::Checkpoint checkpoint;
    checkpoint.config = paper ? zoo::paperConfig(kind, zoo.architecture, zoo.family)
                              : zoo::compactConfig(kind, zoo.architecture, zoo.family);
    checkpoint.config.parallelSequences = parallel;
    checkpoint.encoder = nn::saveState(**nn::makeEncoderModule(checkpoint.config));
    return *nn::TorchEncoder::make(checkpoint, c10::Device(c10::kCPU));
}

double secondsFor(engine::Encoder& encoder, const zoo::Zoo& zoo, std::size_t count,
                  engine::Precision precision = engine::Precision::Float32)
{
    NoProgress quiet;
    const auto start = std::chrono::steady_clock::now();
    const auto sink = [](engine::EncodedBlock&&) { return Result<void> {}; };
    if (!encoder.encode(zoo, {.count = count, .precision = precision}, sink, quiet, {}))
        return 0.0;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Of all networks; the parameter transformer, which takes minutes, does 512 and says so.
void embed(benchmark::State& state, zoo::EncoderKind kind, bool paper, int parallel,
           engine::Precision precision = engine::Precision::Float32)
{
    constexpr std::size_t kFew = 512;
    static const double sgemm = bench::sgemmGflops(1024, 256, 1024, threadCount());
    const zoo::Zoo zoo = randomZoo(kNetworks);
    const std::size_t count = kind == zoo::EncoderKind::ParameterTransformer ? kFew : zoo.size;
    const auto encoder = encoderOf(kind, zoo, paper, parallel);
    secondsFor(*encoder, zoo, 64, precision); // warm
    double sum = 0.0;
    for (auto _ : state) {
        const double seconds = secondsFor(*encoder, zoo, count, precision);
        state.SetIterationTime(seconds);
        sum += seconds;
    }
    const double rate = static_cast<double>(count) * static_cast<double>(state.iterations()) / sum;
    state.counters["networks"] = static_cast<double>(count);
    state.counters["networks_a_s"] = rate;
    if (!paper || parallel != 1)
        return;
    const Authors authors = authorsOf(kind);
    state.counters["times_authors"] = rate / authors.rate;
    if (authors.gflop == 0.0)
        return;
    state.counters["floor_s"] = static_cast<double>(count) * authors.gflop / sgemm;
    state.counters["of_floor"] = rate * authors.gflop / sgemm;
}

double peakMegabytes()
{
    rusage used {};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss) / 1024.0;
}

/// Memory is the process's peak so far: run with the sizes in ascending order.
void grow(benchmark::State& state, zoo::EncoderKind kind)
{
    const zoo::Zoo zoo = randomZoo(static_cast<std::size_t>(state.range(0)));
    const auto encoder = encoderOf(kind, zoo, true, 1);
    secondsFor(*encoder, zoo, 1000); // warm, and all memory that a batch takes is there
    double sum = 0.0;
    for (auto _ : state) {
        const double seconds = secondsFor(*encoder, zoo, zoo.size);
        state.SetIterationTime(seconds);
        sum += seconds;
    }
    constexpr double kMicroseconds = 1e6;
    state.counters["us_a_network"]
        = kMicroseconds * sum / (static_cast<double>(state.iterations()) * static_cast<double>(zoo.size));
    state.counters["peak_MB"] = peakMegabytes();
}

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    nn::keepFreedMemory(); // as the engine does
    at::set_num_threads(threadCount());
    const auto add = [](const std::string& name, auto... what) {
        return benchmark::RegisterBenchmark(name.c_str(), what...)
            ->Unit(benchmark::kMillisecond)
            ->UseManualTime()
            ->Iterations(1);
    };
    const auto nameOf = [](zoo::EncoderKind kind) { return std::string(zoo::name(kind)); };
    for (const zoo::EncoderKind kind : {zoo::EncoderKind::LayerwiseStatistics, zoo::EncoderKind::InteractiveProbing})
        for (const std::int64_t count : {1000, 10'000, 100'000})
            add("grow/" + nameOf(kind), &grow, kind)->Arg(count);
    for (const bool paper : {true, false})
        for (const zoo::EncoderKind kind : zoo::allEncoderKinds())
            add("embed/" + nameOf(kind) + (paper ? "/paper" : "/compact"), &embed, kind, paper, 1,
                engine::Precision::Float32);
    constexpr auto kFloat32 = engine::Precision::Float32;
    constexpr auto kBFloat16 = engine::Precision::BFloat16;
    for (const zoo::EncoderKind kind : {zoo::EncoderKind::Flat, zoo::EncoderKind::ParameterTransformer})
        add("embed/" + nameOf(kind) + "/paper/bf16", &embed, kind, true, 1, kBFloat16);
    add("embed/interactive_probing/paper/8_sequences", &embed, zoo::EncoderKind::InteractiveProbing, true, 8, kFloat32);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
