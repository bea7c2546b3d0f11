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

#include <CLI/CLI.hpp>
#include <barrier>
#include <chrono>
#include <ctime>
#include <numeric>
#include <thread>

// How many networks a second learn from one batch: ours on one and on all threads, the batched trainer on the CPU
// device, and a LibTorch autograd loop as the authors' script has it. The batches' drawing is part of every update.

namespace {

using namespace rnnscope;

struct Options
{
    std::string mnist;
    int threads = availableCores();
    double seconds = 3.0;
};

/// One thread's work: each call is `updates` updates of a network.
struct Learner
{
    std::function<void()> update;
    double updates = 1.0;
    double share
        = 1.0; ///< of the plain batch's products: the batched trainer has as many sequences as the widest forest
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

void measure(const bench::ZooKind& kind, const Options& options, const tasks::Digits* digits,
             const bench::FmaPeak& peak)
{
    const auto drawing = [&](std::size_t seed) { return std::make_shared<Drawing>(kind, digits, seed); };
    const auto several = [&](auto learner, int count) {
        std::vector<Learner> learners;
        for (int i = 0; i < count; ++i)
            learners.push_back(learner(drawing(static_cast<std::size_t>(i))));
        return learners;
    };
    const double forest = forestFlops(*drawing(0)), plain = kind.plainFlops();
    fmt::print("\n{}: LSTM {}x{}, {} steps, 32 sequences; products {:.1f} MFLOP an update as a forest of prefixes, "
               "{:.1f} as a plain batch\n",
               kind.name, kind.shape.numLayers, kind.shape.hiddenSize, kind.steps, 1e-6 * forest, 1e-6 * plain);
    fmt::print("{:<38} {:>9} {:>6} {:>12} {:>9} {:>8} {:>8}\n", "", "updates/s", "cores", "net-steps/s", "GFLOP/s",
               "of peak", "plain");
    const auto print = [&](const std::string& what, const Rate& measured, double flops, double ofPeak) {
        const double done = 1e-9 * flops * measured.updates;
        fmt::print("{:<38} {:>9.1f} {:>6.3f} {:>12.4g} {:>9.1f} {:>7.1f}% {:>8.1f}\n", what, measured.updates,
                   measured.cores, measured.updates * static_cast<double>(kind.steps * bench::PlainBatch::kSequences),
                   done, 100.0 * done / ofPeak, 1e-9 * plain * measured.updates);
        return measured.updates;
    };
    const int threads = options.threads;
    const double seconds = options.seconds;
    const auto all = fmt::format("{} threads", threads);
    const nn::SingleThreaded products; // a BLAS with threads of its own beside ATen's is twenty times slower
    print("ours, 1 thread", rate(several(ours, 1), seconds), forest, peak.one);
    const double best = print("ours, " + all, rate(several(ours, threads), seconds), forest, peak.all);
    at::set_num_threads(threads);
    const Learner group = batched(kind, digits);
    print("batched products, CPU device, " + all, rate({group}, seconds), group.share * plain, peak.all);
    at::set_num_threads(1);
    const double one = print("LibTorch autograd, 1 thread", rate(several(autograd, 1), seconds), plain, peak.one);
    at::set_num_threads(threads);
    const double more = print("LibTorch autograd, " + all, rate(several(autograd, 1), seconds), plain, peak.all);
    const double side = print(fmt::format("LibTorch autograd, {} networks at once", threads),
                              rate(several(autograd, threads), seconds), plain, peak.all);
    fmt::print("ours on {} is {:.1f} times LibTorch's loop (best of 1 and {}), {:.1f} times {} such loops side by "
               "side, {:.1f} times the authors' {:.0f} a second on another machine\n",
               all, best / std::max(one, more), all, best / side, threads, best / kind.authorsRate, kind.authorsRate);
}

} // namespace

int main(int argc, char** argv)
{
    bench::restartPrepared(argv);
    Options options;
    CLI::App program("Network updates a second of making a zoo");
    program.add_option("--mnist", options.mnist, "folder with the IDX files; random tiles without");
    program.add_option("--threads", options.threads);
    program.add_option("--seconds", options.seconds, "of each measurement");
    CLI11_PARSE(program, argc, argv);
    tasks::Digits digits;
    if (!options.mnist.empty()) {
        auto read = tasks::readMnist(options.mnist);
        if (!read)
            return program.exit(CLI::ValidationError(read.error().message));
        digits = std::move(*read);
    }
    const bench::FmaPeak peak = bench::fmaPeak(options.threads);
    fmt::print("float32 FMA peak ({}): {:.0f} GFLOP/s on 1 thread, {:.0f} on {}\n", peak.instructions, peak.one,
               peak.all, options.threads);
    for (const bench::ZooKind& kind : {bench::formalLanguages(), bench::sequentialMnist()})
        measure(kind, options, options.mnist.empty() ? nullptr : &digits, peak);
    return 0;
}
