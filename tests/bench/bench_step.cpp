#include "bench/bench_step.h"

#include "core/nn/batch_gradient.h"
#include "core/nn/losses.h"
#include "core/nn/single_threaded.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <torch/nn/utils/clip_grad.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

namespace rnnscope::bench {

namespace {

constexpr std::int64_t kSteps = 41;

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double g_flops = 0.0; // a RecordFunction callback cannot carry more

/// 2 times the entries of the result times the length of the sums.
std::unique_ptr<at::ObserverContext> countProduct(const at::RecordFunction& function)
{
    const std::string_view name = function.name();
    const bool added = name == "aten::addmm" || name == "aten::baddbmm";
    if (!added && name != "aten::mm" && name != "aten::bmm")
        return nullptr;
    const auto& inputs = function.inputs();
    const at::Tensor& a = inputs[added ? 1 : 0].toTensor();
    const at::Tensor& b = inputs[added ? 2 : 1].toTensor();
    g_flops += 2.0 * static_cast<double>(a.numel()) * static_cast<double>(b.size(-1));
    return nullptr;
}

} // namespace

Step::Step(zoo::EncoderKind kind, const std::string& preset, int threads, Path path)
    : m_threads(threads)
    , m_path(path)
{
    torch::manual_seed(1);
    const bool paper = preset == "paper";
    const zoo::Architecture rnn {zoo::Cell::Lstm, 6, 32, 2, 6};
    m_config = paper ? zoo::paperConfig(kind, rnn, zoo::TaskFamily::FormalLanguage)
                     : zoo::compactConfig(kind, rnn, zoo::TaskFamily::FormalLanguage);
    m_encoder = nn::makeEncoderModule(m_config).value();
    const zoo::EmulatorConfig emulator {.hiddenSize = paper ? 256 : 128, .numLayers = 2, .onlyConditionBos = true};
    m_emulator = std::make_shared<nn::Emulator>(emulator, m_config.embeddingSize, rnn.inputSize, rnn.outputSize);
    m_all = m_encoder->parameters();
    const auto others = m_emulator->parameters();
    m_all.insert(m_all.end(), others.begin(), others.end());
    m_optimizer = std::make_unique<torch::optim::AdamW>(m_all, torch::optim::AdamWOptions(1e-4).weight_decay(0.01));
    m_parameters = at::randn({kBatch, static_cast<std::int64_t>(rnn.parameterCount())}) * 0.2;
    m_inputs = at::one_hot(at::randint(rnn.inputSize, {kBatch, kSteps}), rnn.inputSize).to(at::kFloat);
    m_logits = at::randn({kBatch, kSteps, rnn.outputSize});
}

at::Tensor Step::embedding(std::int64_t first, std::int64_t count)
{
    return nn::normalized(m_encoder->forward(m_parameters.narrow(0, first, count), m_config.rnn));
}

at::Tensor Step::loss(const at::Tensor& embedded, std::int64_t first, std::int64_t count)
{
    const at::Tensor emulated = m_emulator->forward(embedded, m_inputs.narrow(0, first, count));
    return nn::losses(nn::Criterion::TotalVariation, emulated, m_logits.narrow(0, first, count)).sum();
}

double Step::gradients()
{
    if (m_path == Path::Threads)
        return nn::batchGradient(m_all, kBatch, m_threads, [this](std::int64_t first, std::int64_t count, int) {
            return loss(embedding(first, count), first, count);
        });
    at::set_num_threads(m_threads);
    m_optimizer->zero_grad();
    const at::Tensor mean = loss(embedding(0, kBatch), 0, kBatch) / kBatch;
    mean.backward();
    return mean.item<double>();
}

void Step::optimise()
{
    torch::nn::utils::clip_grad_norm_(m_emulator->parameters(), 0.1);
    torch::nn::utils::clip_grad_norm_(m_encoder->parameters(), 0.1);
    m_optimizer->step();
}

double Step::run()
{
    const double value = gradients();
    optimise();
    return value;
}

double Step::flops()
{
    // Double precision takes PyTorch's operators everywhere; our own kernels would not be seen.
    const auto convert = [this](at::ScalarType type) {
        for (at::Tensor& parameter : m_all)
            parameter.set_data(parameter.data().to(type));
    };
    convert(at::kDouble);
    const at::Tensor parameters = m_parameters;
    const at::Tensor inputs = m_inputs;
    m_parameters = parameters.to(at::kDouble);
    m_inputs = inputs.to(at::kDouble);
    g_flops = 0.0;
    at::enableRecordFunction(true);
    const auto callback = at::addThreadLocalCallback(at::RecordFunctionCallback(&countProduct).needsInputs(true));
    loss(embedding(0, kBatch), 0, kBatch).backward();
    at::removeCallback(callback);
    m_encoder->zero_grad(true);
    m_emulator->zero_grad(true);
    convert(at::kFloat);
    m_parameters = parameters;
    m_inputs = inputs;
    return g_flops;
}

double medianSeconds(double seconds, const std::function<void()>& work)
{
    const auto begin = std::chrono::steady_clock::now();
    do
        work();
    while (secondsSince(begin) < 0.2 * seconds);
    std::vector<double> times;
    const auto start = std::chrono::steady_clock::now();
    while (times.size() < 3 || secondsSince(start) < seconds) {
        const auto before = std::chrono::steady_clock::now();
        work();
        times.push_back(secondsSince(before));
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

double sgemmGflops(std::int64_t m, std::int64_t k, std::int64_t n, int threads)
{
    const nn::SingleThreaded products;
    const auto measure = [&](double& gflops) {
        nn::SingleThreaded::setThisThread();
        const at::NoGradGuard frozen;
        const at::Tensor a = at::randn({m, k});
        const at::Tensor b = at::randn({k, n});
        const at::Tensor c = at::empty({m, n});
        at::Tensor out = c;
        const double seconds = medianSeconds(0.5, [&] { at::mm_out(out, a, b); });
        gflops = 2e-9 * static_cast<double>(m * k * n) / seconds;
    };
    std::vector<double> each(static_cast<std::size_t>(threads));
    {
        std::vector<std::jthread> pool;
        for (double& gflops : each)
            pool.emplace_back([&] { measure(gflops); });
    }
    double sum = 0.0;
    for (const double gflops : each)
        sum += gflops;
    return sum;
}

} // namespace rnnscope::bench
