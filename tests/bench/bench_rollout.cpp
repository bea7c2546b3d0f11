#include "bench/fma_peak.h"
#include "bench/restart.h"
#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/nn/batched_rnn.h"
#include "core/rnn/rnn.h"

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

#include <benchmark/benchmark.h>

// Networks of the paper's shape, LSTM 2x32 with 6 inputs and outputs, each with weights of its own, over 42 steps of Q
// sequences: ours, with and without the packing of its weights, beside batched products in LibTorch.

namespace {

using namespace rnnscope;

constexpr std::size_t kNetworks = 1000;
constexpr std::size_t kSteps = 42;
constexpr rnn::Shape kShape {rnn::Cell::Lstm, 6, 32, 2, 6};

std::vector<float> randomNumbers(std::size_t count, double size)
{
    std::vector<float> values(count);
    RandomStream random(1);
    for (float& value : values)
        value = static_cast<float>(size * (2.0 * random.next() - 1.0));
    return values;
}

const std::vector<float>& weights()
{
    constexpr double kSize = 0.17;
    static const std::vector<float> values = randomNumbers(kNetworks * kShape.parameterCount(), kSize);
    return values;
}

rnn::Rnn network(std::size_t i)
{
    const std::size_t count = kShape.parameterCount();
    return {kShape, std::span(weights()).subspan(i * count, count)};
}

/// Multiplications and additions of the matrix products.
double flops(std::size_t sequences)
{
    double products = static_cast<double>(kShape.hiddenSize * kShape.outputSize);
    for (std::size_t layer = 0; layer < kShape.numLayers; ++layer)
        products += static_cast<double>(kShape.gates() * kShape.hiddenSize
                                        * ((layer == 0 ? kShape.inputSize : kShape.hiddenSize) + kShape.hiddenSize));
    return 2.0 * products * static_cast<double>(kNetworks * kSteps * sequences);
}

void report(benchmark::State& state, int threads)
{
    static const bench::FmaPeak peak = bench::fmaPeak(availableCores());
    const auto sequences = static_cast<std::size_t>(state.range(0));
    const auto runs = static_cast<double>(state.iterations());
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kNetworks));
    state.counters["GFLOP/s"] = benchmark::Counter(1e-9 * flops(sequences) * runs, benchmark::Counter::kIsRate);
    state.counters["of_FMA_peak"] = benchmark::Counter(
        1e-9 * flops(sequences) * runs / (threads > 1 ? peak.all : peak.one), benchmark::Counter::kIsRate);
}

/// `packed`: networks that stand ready; else their weights are packed first, as for networks that are run once.
void ours(benchmark::State& state, bool packed, int threads)
{
    const auto sequences = static_cast<std::size_t>(state.range(0));
    const std::vector<float> inputs = randomNumbers(kSteps * sequences * kShape.inputSize, 1.0);
    std::vector<rnn::Rnn> ready;
    for (std::size_t i = 0; packed && i < kNetworks; ++i)
        ready.push_back(network(i));
    const auto run = [&](const rnn::Rnn& one) {
        rnn::RnnState carried = one.zeroState(sequences);
        std::vector<float> logits(sequences * kShape.outputSize);
        const std::size_t each = sequences * kShape.inputSize;
        for (std::size_t step = 0; step < kSteps; ++step)
            one.step(std::span(inputs).subspan(step * each, each), carried, logits);
        benchmark::DoNotOptimize(logits.data());
    };
    for (auto _ : state)
        parallelFor(kNetworks, 16, threads, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                packed ? run(ready[i]) : run(network(i));
        });
    report(state, threads);
}

void libTorch(benchmark::State& state, int threads)
{
    at::set_num_threads(threads);
    const c10::InferenceMode inference;
    const std::int64_t sequences = state.range(0);
    const auto count = static_cast<std::int64_t>(kNetworks);
    const zoo::Architecture architecture {zoo::Cell::Lstm, 6, 32, 2, 6, true};
    const at::Tensor parameters = at::from_blob(const_cast<float*>(weights().data()),
                                                {count, static_cast<std::int64_t>(kShape.parameterCount())});
    const nn::BatchedRnn networks(architecture, parameters);
    const at::Tensor input = at::randn({count, sequences, 6});
    for (auto _ : state) {
        nn::RnnState carried = networks.zeroState(sequences);
        for (std::size_t step = 0; step < kSteps; ++step)
            benchmark::DoNotOptimize(networks.step(input, carried).data_ptr());
    }
    report(state, threads);
}

void sequences(benchmark::internal::Benchmark* all)
{
    all->Arg(1)->Arg(8)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(ours, packed_1_thread, true, 1)->Apply(sequences);
BENCHMARK_CAPTURE(ours, packed_all_threads, true, availableCores())->Apply(sequences);
BENCHMARK_CAPTURE(ours, with_packing_all_threads, false, availableCores())->Apply(sequences);
BENCHMARK_CAPTURE(libTorch, 1_thread, 1)->Apply(sequences);
BENCHMARK_CAPTURE(libTorch, all_threads, availableCores())->Apply(sequences);

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
