#include "core/nn/batched_trainer.h"

#include "core/nn/batching.h"
#include "core/nn/devices.h"
#include "core/nn/group_gradient.h"
#include "core/nn/padded_batch.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/div.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/accumulate.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace rnnscope::nn {

namespace {

std::int64_t signedSize(std::size_t size)
{
    return static_cast<std::int64_t>(size);
}

zoo::Architecture architectureOf(const rnn::Shape& shape)
{
    using enum rnn::Cell;
    const auto cell = shape.cell == Lstm ? zoo::Cell::Lstm
        : shape.cell == Gru              ? zoo::Cell::Gru
        : shape.cell == RnnTanh          ? zoo::Cell::RnnTanh
                                         : zoo::Cell::RnnRelu;
    const auto size = [](std::size_t n) { return static_cast<int>(n); };
    return {cell,      size(shape.inputSize), size(shape.hiddenSize), size(shape.numLayers), size(shape.outputSize),
            shape.bias};
}

/// What AdamW multiplies with at one step of one network, worked out on the CPU in double.
enum Factor { kKeep, kFirstShare, kSecondShare, kRootCorrection, kEpsilon, kRate, kFactors };

void factorsOf(const rnn::AdamW& adam, double steps, float* to)
{
    const double beta1 = adam.beta1, beta2 = adam.beta2, rate = adam.learningRate;
    to[kKeep] = static_cast<float>(1.0 - rate * adam.weightDecay);
    to[kFirstShare] = static_cast<float>(1.0 - beta1);
    to[kSecondShare] = static_cast<float>(1.0 - beta2);
    to[kRootCorrection] = static_cast<float>(std::sqrt(1.0 - std::pow(beta2, steps)));
    to[kEpsilon] = adam.epsilon;
    to[kRate] = static_cast<float>(rate / (1.0 - std::pow(beta1, steps)));
}

class BatchedTrainer final : public rnn::GroupTrainer
{
public:
    BatchedTrainer(const rnn::Shape& shape, std::span<const float> parameters, c10::Device device, std::size_t slice)
        : m_shape(shape)
        , m_architecture(architectureOf(shape))
        , m_device(device)
        , m_size(parameters.size() / shape.parameterCount())
        , m_slice(std::clamp<std::size_t>(slice, 1, m_size))
    {
        const auto count = signedSize(shape.parameterCount());
        const at::Tensor given
            = at::from_blob(const_cast<float*>(parameters.data()), {signedSize(m_size), count}); // NOLINT: it is read
        m_parameters = given.to(device, at::kFloat, false, true);
        m_first = at::zeros_like(m_parameters);
        m_second = at::zeros_like(m_parameters);
        m_gradient = at::zeros_like(m_parameters);
    }

    std::size_t size() const override { return m_size; }
    Result<void> update(std::span<const rnn::PrefixBatch> batches, std::span<const rnn::AdamW> optimisers) override;
    Result<void> read(std::size_t i, std::span<float> parameters) override;

private:
    struct Uploaded
    {
        GroupBatch batch;
        at::Tensor factors; ///< [G, kFactors]
    };

    Uploaded upload(std::span<const rnn::PrefixBatch> batches, const PaddedSize& size,
                    std::span<const rnn::AdamW> optimisers) const;
    void step(const at::Tensor& factors);

    rnn::Shape m_shape;
    zoo::Architecture m_architecture;
    c10::Device m_device;
    std::size_t m_size;
    std::size_t m_slice;
    std::size_t m_steps = 0;
    at::Tensor m_parameters; ///< [G, P], as the others
    at::Tensor m_first; ///< moments
    at::Tensor m_second;
    at::Tensor m_gradient;
};

BatchedTrainer::Uploaded BatchedTrainer::upload(std::span<const rnn::PrefixBatch> batches, const PaddedSize& size,
                                                std::span<const rnn::AdamW> optimisers) const
{
    // The allocator of pinned memory does not hand it out again before the copy is done.
    const auto options = at::TensorOptions(at::kFloat).pinned_memory(m_device.is_cuda());
    const at::Tensor host = at::empty({signedSize(size.inputs() + size.targets() + m_size * kFactors)}, options);
    const std::span<float> all(host.data_ptr<float>(), static_cast<std::size_t>(host.numel()));
    pad(batches, size, all.first(size.inputs()), all.subspan(size.inputs(), size.targets()));
    float* factors = all.data() + size.inputs() + size.targets();
    for (const rnn::AdamW& adam : optimisers) {
        factorsOf(adam, static_cast<double>(m_steps + 1), factors);
        factors += kFactors;
    }
    const at::Tensor device = host.to(m_device, /*non_blocking=*/true);
    std::int64_t next = 0;
    const auto take = [&](at::IntArrayRef shape) {
        const std::int64_t count = c10::multiply_integers(shape);
        return device.narrow(0, std::exchange(next, next + count), count).view(shape);
    };
    const auto networks = signedSize(m_size), steps = signedSize(size.steps), sequences = signedSize(size.sequences);
    Uploaded uploaded;
    if (size.tokens)
        uploaded.batch.tokens = take({networks, steps, sequences});
    else
        uploaded.batch.features = take({networks, steps, sequences, signedSize(size.width)});
    uploaded.batch.targets = take({networks, steps, sequences, signedSize(size.classes)});
    uploaded.factors = take({networks, kFactors});
    return uploaded;
}

/// Loshchilov and Hutter 2019, as torch.optim.AdamW computes it. In place: memory cannot run out half way.
void BatchedTrainer::step(const at::Tensor& factors)
{
    const auto factor = [&](Factor which) { return factors.narrow(1, which, 1); };
    m_parameters.mul_(factor(kKeep));
    m_first.lerp_(m_gradient, factor(kFirstShare));
    m_second.lerp_(m_gradient.square_(), factor(kSecondShare));
    at::Tensor& change = m_gradient;
    at::sqrt_out(change, m_second).div_(factor(kRootCorrection)).add_(factor(kEpsilon));
    at::div_out(change, m_first, change);
    m_parameters.addcmul_(change, factor(kRate), -1);
    ++m_steps;
}

Result<void> BatchedTrainer::update(std::span<const rnn::PrefixBatch> batches, std::span<const rnn::AdamW> optimisers)
{
    if (batches.size() != m_size || optimisers.size() != m_size)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} batches and {} optimisers for a group of {} networks", batches.size(),
                                optimisers.size(), m_size));
    const auto size = paddedSize(batches, m_shape);
    if (!size)
        return forward(size);
    try {
        const c10::InferenceMode inference;
        const Uploaded uploaded = upload(batches, *size, optimisers);
        inSlices(m_size, m_slice, [&](std::size_t first, std::size_t count) {
            const auto part
                = [&](const at::Tensor& all) { return all.narrow(0, signedSize(first), signedSize(count)); };
            groupGradient(m_architecture, part(m_parameters),
                          uploaded.batch.narrow(signedSize(first), signedSize(count)), part(m_gradient));
        });
        step(uploaded.factors);
        return {};
    } catch (const std::exception& error) {
        return fail(Errc::Device,
                    isOutOfMemory(error)
                        ? fmt::format("{} has too little memory for a training batch of {} steps and {} sequences",
                                      m_device.str(), size->steps, size->sequences)
                        : fmt::format("training on {} failed: {}", m_device.str(), firstLine(error)),
                    error.what());
    }
}

Result<void> BatchedTrainer::read(std::size_t i, std::span<float> parameters)
{
    try {
        const c10::InferenceMode inference;
        const at::Tensor row = m_parameters[signedSize(i)].to(at::kCPU);
        std::copy_n(row.data_ptr<float>(), parameters.size(), parameters.begin());
        return {};
    } catch (const std::exception& error) {
        return fail(Errc::Device,
                    fmt::format("network {} could not be read from {}: {}", i, m_device.str(), firstLine(error)),
                    error.what());
    }
}

} // namespace

rnn::TrainerKind batchedTrainers(c10::Device device, const BatchedTrainerOptions& options)
{
    constexpr std::size_t kGpuGroup = 512, kCpuGroup = 64, kCpuSlice = 8;
    std::size_t slice = options.slice;
    if (slice == 0)
        slice = device.is_cpu() ? kCpuSlice : std::numeric_limits<std::size_t>::max();
    const auto make = [device, slice](const rnn::Shape& shape,
                                      std::span<const float> parameters) -> Result<std::unique_ptr<rnn::GroupTrainer>> {
        const std::size_t count = shape.parameterCount();
        if (parameters.empty() || parameters.size() % count != 0)
            return fail(
                Errc::ShapeMismatch,
                fmt::format("{} parameters are not a whole number of networks with {}", parameters.size(), count));
        try {
            const c10::InferenceMode inference;
            return std::make_unique<BatchedTrainer>(shape, parameters, device, slice);
        } catch (const std::exception& error) {
            return fail(Errc::Device,
                        fmt::format("{} networks could not be put on {}: {}", parameters.size() / count, device.str(),
                                    firstLine(error)),
                        error.what());
        }
    };
    return {.groupSize = options.groupSize > 0 ? options.groupSize
                : device.is_cpu()              ? kCpuGroup
                                               : kGpuGroup,
            .groupsAtOnce = 1,
            .make = make};
}

} // namespace rnnscope::nn
