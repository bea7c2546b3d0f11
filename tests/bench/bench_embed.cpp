#include "bench/bench_step.h"
#include "bench/restart.h"
#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/nn/freed_memory.h"
#include "core/nn/torch_encoder.h"

#include <ATen/Parallel.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fmt/format.h>

// How many networks a second the encoders embed, beside the floor: the matrix products that the authors' program makes,
// at the speed of this machine's sgemm. Random networks of the paper's shape in memory; no data is needed.

namespace {

using namespace rnnscope;

struct Options
{
    std::vector<std::string> encoders;
    std::string preset = "paper";
    std::size_t networks = 9000;
    int parallel = 1;
    int threads = availableCores();
};

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

class RandomParameters final : public zoo::ParameterSource
{
public:
    RandomParameters(std::size_t networks, std::size_t columns)
        : m_columns(columns)
        , m_values(networks * columns)
    {
        constexpr double kSize = 0.17;
        RandomStream random(1);
        for (float& value : m_values)
            value = static_cast<float>(kSize * (2.0 * random.next() - 1.0));
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>(first * m_columns), count * m_columns, out.begin());
        return {};
    }
    bool isHalf() const override { return false; }

private:
    std::size_t m_columns;
    std::vector<float> m_values;
};

zoo::Zoo randomZoo(std::size_t networks)
{
    zoo::Zoo zoo;
    zoo.name = "random";
    zoo.family = zoo::TaskFamily::FormalLanguage;
    zoo.architecture = {.cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6};
    zoo.size = networks;
    zoo.parameters = std::make_shared<RandomParameters>(networks, zoo.architecture.parameterCount());
    return zoo;
}

/// Seconds for the networks that are embedded within about three seconds, as if for all.
double secondsFor(engine::Encoder& encoder, const zoo::Zoo& zoo)
{
    constexpr double kEnough = 3.0;
    const auto seconds = [&](std::size_t count) {
        NoProgress quiet;
        const auto start = std::chrono::steady_clock::now();
        const auto done
            = encoder.encode(zoo, {.count = count}, [](engine::EncodedBlock&&) { return Result<void> {}; }, quiet, {});
        if (!done)
            fmt::print("failed: {}\n", done.error().message);
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    seconds(std::min<std::size_t>(zoo.size, 64)); // warm
    std::size_t count = std::min<std::size_t>(zoo.size, 128);
    double taken = seconds(count);
    while (count < zoo.size && taken < kEnough / 4) {
        count = std::min(zoo.size, 4 * count);
        taken = seconds(count);
    }
    return taken * static_cast<double>(zoo.size) / static_cast<double>(count);
}

void measure(zoo::EncoderKind kind, const Options& options, const zoo::Zoo& zoo, double peak)
{
    zoo::Checkpoint checkpoint;
    checkpoint.config = options.preset == "paper" ? zoo::paperConfig(kind, zoo.architecture, zoo.family)
                                                  : zoo::compactConfig(kind, zoo.architecture, zoo.family);
    checkpoint.config.parallelSequences = options.parallel;
    checkpoint.encoder = nn::saveState(**nn::makeEncoderModule(checkpoint.config));
    const auto encoder = nn::TorchEncoder::make(checkpoint, c10::Device(c10::kCPU));
    if (!encoder)
        return fmt::print("{}: {}\n", zoo::name(kind), encoder.error().message);
    const double seconds = secondsFor(**encoder, zoo);
    const double rate = static_cast<double>(zoo.size) / seconds;
    fmt::print("{:<22} {:8.2f} s {:9.0f} networks/s", zoo::name(kind), seconds, rate);
    const Authors authors = authorsOf(kind);
    if (options.preset == "paper" && options.parallel == 1) {
        fmt::print("  authors {:7.0f}/s: {:5.1f} x", authors.rate, rate / authors.rate);
        if (authors.gflop > 0.0)
            fmt::print("  {:6.1f} GFLOP/s of theirs, {:.0f} % of sgemm", rate * authors.gflop,
                       100.0 * rate * authors.gflop / peak);
    }
    fmt::print("\n");
}

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    Options options;
    CLI::App program("Networks a second that encoders embed");
    program.add_option("--encoder", options.encoders, "all six by default");
    program.add_option("--preset", options.preset, "paper or compact");
    program.add_option("--networks", options.networks);
    program.add_option("--parallel", options.parallel, "probing sequences side by side");
    program.add_option("--threads", options.threads);
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
    nn::keepFreedMemory(); // as the engine does
    at::set_num_threads(options.threads);
    fmt::print("{} networks, {} threads; sgemm [1024,256]x[256,1024] {:.0f} GFLOP/s\n", options.networks,
               options.threads, peak);
    const zoo::Zoo zoo = randomZoo(options.networks);
    for (const zoo::EncoderKind kind : kinds)
        measure(kind, options, zoo, peak);
    return 0;
}
