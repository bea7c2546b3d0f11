#include "bench/fma_peak.h"
#include "bench/restart.h"
#include "bench/zoo_task.h"
#include "core/base/threads.h"
#include "core/nn/batched_trainer.h"
#include "core/nn/single_threaded.h"
#include "core/tasks/run_networks.h"
#include "nn/torch_rnn.h"

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/one_hot.h>
#include <torch/nn/functional/loss.h>
#include <torch/optim/adamw.h>

#include <barrier>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <numeric>
#include <thread>

// How many networks a second learn from one batch: ours on one and on all threads, the batched trainer on the CPU
// device, and a LibTorch autograd loop as the authors' script has it. The batches' drawing is part of every update.
// MNIST's digits come from the IDX files in RNNSCOPE_BENCH_MNIST; without it tiles are random.

namespace {

using namespace rnnscope;

/// One thread's work: each call is `updates` updates of a network.
struct Learner
{
    std::function<void()> update;
    double updates = 1.0;
    /// Of the plain batch's products: the batched trainer has as many sequences as the widest forest.
    double share = 1.0;
};

struct Rate
{
    double updates = 0.0; ///< a second
    double cores = 0.0; ///< CPU time over time: below the number of threads where others load the machine
};

/// Of learners that each have a thread.
Rate rate(const std::vector<Learner>& learners, double seconds)
{
    using Clock = std::chrono::steady_clock;
    std::vector<double> rates(learners.size());
    std::barrier together(static_cast<std::ptrdiff_t>(learners.size()));
    const auto work = [&](std::size_t i) {
        if (learners.size() > 1)
            nn::SingleThreaded::setThisThread();
        for (int warmUp = 0; warmUp < 3; ++warmUp)
            learners[i].update();
        together.arrive_and_wait();
        const auto start = Clock::now();
        double elapsed = 0.0, done = 0.0;
        for (; elapsed < seconds; elapsed = std::chrono::duration<double>(Clock::now() - start).count()) {
            learners[i].update();
            done += learners[i].updates;
        }
        rates[i] = done / elapsed;
    };
    const auto start = Clock::now();
    const std::clock_t cpuStart = std::clock(); // of all threads
    if (learners.size() == 1)
        work(0); // ATen keeps its number of threads per thread
    else {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < learners.size(); ++i)
            workers.emplace_back(work, i);
    }
    const double cpu = static_cast<double>(std::clock() - cpuStart) / CLOCKS_PER_SEC;
    return {std::accumulate(rates.begin(), rates.end(), 0.0),
            cpu / std::chrono::duration<double>(Clock::now() - start).count()};
}

/// Draws one network's batches.
struct Drawing
{
    Drawing(const bench::ZooKind& zoo, const tasks::Digits* digits, std::uint64_t seed)
        : kind(zoo)
        , random(seed)
        , task(zoo.task(random, digits))
    {
    }

    const bench::PlainBatch& next()
    {
        task->draw(random, plain);
        return plain;
    }
    const rnn::PrefixBatch& nextPrefixes()
    {
        kind.makePrefixes(next(), prefixes);
        return prefixes;
    }

    bench::ZooKind kind;
    std::mt19937_64 random;
    std::shared_ptr<const bench::ZooTask> task;
    bench::PlainBatch plain;
    rnn::PrefixBatch prefixes;
};

Learner ours(std::shared_ptr<Drawing> drawing)
{
    const auto trainer
        = std::make_shared<rnn::RnnTrainer>(drawing->kind.shape, drawing->kind.parameters(drawing->random));
    return {[=] { trainer->update(drawing->nextPrefixes(), drawing->kind.adam); }};
}

/// nn::LSTM, cross-entropy, autograd, AdamW: the authors' loop, one network.
Learner autograd(std::shared_ptr<Drawing> drawing)
{
    const bench::ZooKind& kind = drawing->kind;
    const auto size = [](std::size_t n) { return static_cast<int>(n); };
    const zoo::Architecture architecture {zoo::Cell::Lstm,
                                          size(kind.shape.inputSize),
                                          size(kind.shape.hiddenSize),
                                          size(kind.shape.numLayers),
                                          size(kind.shape.outputSize),
                                          kind.shape.bias};
    std::vector<float> start = kind.parameters(drawing->random);
    const auto network = std::make_shared<test::TorchRnn>(
        architecture, at::from_blob(start.data(), {static_cast<std::int64_t>(start.size())}));
    const auto optimiser = std::make_shared<torch::optim::AdamW>(
        network->parameters(), torch::optim::AdamWOptions(kind.adam.learningRate).weight_decay(kind.adam.weightDecay));
    return {[=, steps = static_cast<std::int64_t>(kind.steps)] {
        drawing->next();
        bench::PlainBatch& plain = drawing->plain;
        const std::vector<std::int64_t> shape {bench::PlainBatch::kSequences, steps};
        const auto integers
            = [&](std::vector<int>& values) { return at::from_blob(values.data(), shape, at::kInt).to(at::kLong); };
        const at::Tensor inputs = plain.features.empty()
            ? at::one_hot(integers(plain.tokens), architecture.inputSize).to(at::kFloat)
            : at::from_blob(plain.features.data(), {shape[0], shape[1], architecture.inputSize});
        const at::Tensor logits = network->forward(inputs);
        optimiser->zero_grad();
        torch::nn::functional::cross_entropy(logits.flatten(0, 1), integers(plain.labels).flatten()).backward();
        optimiser->step();
    }};
}

/// The batched trainer on the CPU device, a group of many.
Learner batched(const bench::ZooKind& kind, const tasks::Digits* digits)
{
    const rnn::TrainerKind trainers = nn::batchedTrainers(at::kCPU);
    struct Group
    {
        std::unique_ptr<rnn::GroupTrainer> trainer;
        std::vector<Drawing> drawings;
        std::vector<rnn::PrefixBatch> batches;
        std::vector<rnn::AdamW> adams;
    };
    const auto group = std::make_shared<Group>();
    std::vector<float> parameters;
    std::size_t widest = 0;
    for (std::size_t i = 0; i < trainers.groupSize; ++i) {
        Drawing& drawing = group->drawings.emplace_back(kind, digits, i);
        const rnn::PrefixBatch& batch = drawing.nextPrefixes();
        widest = std::max<std::size_t>(widest, batch.first[kind.steps] - batch.first[kind.steps - 1]);
        const auto one = kind.parameters(drawing.random);
        parameters.insert(parameters.end(), one.begin(), one.end());
    }
    group->trainer = trainers.make(kind.shape, parameters).value();
    group->batches.resize(trainers.groupSize);
    group->adams.assign(trainers.groupSize, kind.adam);
    return {[=] {
                for (std::size_t i = 0; i < group->drawings.size(); ++i) {
                    group->drawings[i].next();
                    kind.makePrefixes(group->drawings[i].plain, group->batches[i]);
                }
                if (const auto done = group->trainer->update(group->batches, group->adams); !done)
                    throw std::runtime_error(done.error().message);
            },
            static_cast<double>(trainers.groupSize), static_cast<double>(widest) / bench::PlainBatch::kSequences};
}

/// Mean multiplications and additions of a batch's products, as a forest.
double forestFlops(Drawing drawing)
{
    constexpr int kBatches = 50;
    double sum = 0.0;
    for (int i = 0; i < kBatches; ++i)
        sum += rnn::RnnTrainer::productFlops(drawing.kind.shape, drawing.nextPrefixes());
    return sum / kBatches;
}

struct Subject
{
    bench::ZooKind kind;
    const tasks::Digits* digits = nullptr; ///< null: random tiles
    double forest = 0.0; ///< multiplications and additions of an update

    std::vector<Learner> learners(Learner (*make)(std::shared_ptr<Drawing>), int count) const
    {
        std::vector<Learner> all;
        for (int seed = 0; seed < count; ++seed)
            all.push_back(make(std::make_shared<Drawing>(kind, digits, static_cast<std::uint64_t>(seed))));
        return all;
    }
};

/// Time is of one update of one network.
void report(benchmark::State& state, const Subject& subject, const std::vector<Learner>& learners, int threads,
            double flops)
{
    static const bench::FmaPeak peak = bench::fmaPeak(availableCores());
    constexpr double kSeconds = 3.0;
    Rate measured;
    for (auto _ : state) {
        measured = rate(learners, kSeconds);
        state.SetIterationTime(1.0 / measured.updates);
    }
    const double gflops = 1e-9 * flops * measured.updates;
    state.counters["updates_a_s"] = measured.updates;
    state.counters["network_steps_a_s"]
        = measured.updates * static_cast<double>(subject.kind.steps * bench::PlainBatch::kSequences);
    state.counters["GFLOP/s"] = gflops;
    state.counters["of_FMA_peak"] = gflops / (threads > 1 ? peak.all : peak.one);
    state.counters["cores"] = measured.cores;
    state.counters["times_authors"] = measured.updates / subject.kind.authorsRate;
}

void ourTrainer(benchmark::State& state, const Subject& subject, int threads)
{
    const nn::SingleThreaded products; // a BLAS with threads of its own beside ATen's is twenty times slower
    report(state, subject, subject.learners(&ours, threads), threads, subject.forest);
}

void batchedProducts(benchmark::State& state, const Subject& subject, int threads)
{
    const nn::SingleThreaded products;
    at::set_num_threads(threads);
    const Learner group = batched(subject.kind, subject.digits);
    report(state, subject, {group}, threads, group.share * subject.kind.plainFlops());
}

/// `loops` of them side by side, each with `threads`.
void libTorch(benchmark::State& state, const Subject& subject, int loops, int threads)
{
    const nn::SingleThreaded products;
    at::set_num_threads(threads);
    report(state, subject, subject.learners(&autograd, loops), loops * threads, subject.kind.plainFlops());
}

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    tasks::Digits digits;
    if (const char* folder = std::getenv("RNNSCOPE_BENCH_MNIST")) { // NOLINT(concurrency-mt-unsafe): nothing sets it
        auto read = tasks::readMnist(folder);
        if (!read) {
            fmt::print(stderr, "{}\n", read.error().message);
            return 1;
        }
        digits = std::move(*read);
    }
    const int threads = availableCores();
    const auto all = fmt::format("{}_threads", threads);
    for (const bench::ZooKind& kind : {bench::formalLanguages(), bench::sequentialMnist()}) {
        Subject subject {.kind = kind, .digits = std::getenv("RNNSCOPE_BENCH_MNIST") != nullptr ? &digits : nullptr};
        subject.forest = forestFlops(Drawing(kind, subject.digits, 0));
        const auto add = [&](const std::string& name, auto function, auto... what) {
            benchmark::RegisterBenchmark((kind.name + "/" + name).c_str(), function, subject, what...)
                ->Unit(benchmark::kMicrosecond)
                ->UseManualTime()
                ->Iterations(1);
        };
        add("ours/1_thread", &ourTrainer, 1);
        add("ours/" + all, &ourTrainer, threads);
        add("batched_products/" + all, &batchedProducts, threads);
        add("LibTorch_loop/1_thread", &libTorch, 1, 1);
        add("LibTorch_loop/" + all, &libTorch, 1, threads);
        add("LibTorch_loops_side_by_side/" + all, &libTorch, threads, 1);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
