#pragma once

#include "core/nn/emulator.h"
#include "core/nn/module.h"

#include <torch/optim/adamw.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rnnscope::bench {

enum class Path {
    Threads, ///< as training does: examples shared out to threads, single-threaded products
    Plain, ///< one graph over the whole batch, ATen's own threads
};

/// One emulation training step on random networks (LSTM 2x32, 6 in and out) and sequences of 41 steps.
class Step
{
public:
    static constexpr std::int64_t kBatch = 64;

    Step(zoo::EncoderKind kind, const std::string& preset, int threads, Path path);
    /// Encoder, emulator, loss, backward pass, clipping, AdamW. Returns the loss.
    double run();
    /// Only the part until the gradients stand.
    double gradients();
    void optimise();
    /// Multiplications and additions of all matrix products of the step as PyTorch's own operators do it.
    double flops();

    at::Tensor embedding(std::int64_t first, std::int64_t count);
    at::Tensor loss(const at::Tensor& embedded, std::int64_t first, std::int64_t count);

private:
    int m_threads;
    Path m_path;
    zoo::EncoderConfig m_config;
    std::shared_ptr<nn::EncoderModule> m_encoder;
    std::shared_ptr<nn::Emulator> m_emulator;
    std::vector<at::Tensor> m_all;
    std::unique_ptr<torch::optim::AdamW> m_optimizer;
    at::Tensor m_parameters;
    at::Tensor m_inputs;
    at::Tensor m_logits;
};

/// Median seconds of `work`, repeated for about `seconds` after a warm-up.
double medianSeconds(double seconds, const std::function<void()>& work);
/// 1e9 multiplications and additions a second of [m, k] x [k, n] on `threads` threads at once.
double sgemmGflops(std::int64_t m, std::int64_t k, std::int64_t n, int threads);

} // namespace rnnscope::bench
