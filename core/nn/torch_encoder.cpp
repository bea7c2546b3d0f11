#include "core/nn/torch_encoder.h"

#include "core/nn/batching.h"
#include "core/nn/devices.h"
#include "core/nn/freed_memory.h"
#include "core/nn/shards.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

namespace rnnscope::nn {

namespace {

constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();

std::vector<float> toVector(const at::Tensor& tensor)
{
    const at::Tensor dense = tensor.to(at::kCPU, at::kFloat).contiguous();
    return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

Matrix toMatrix(const at::Tensor& tensor)
{
    Matrix matrix;
    matrix.rows = static_cast<std::size_t>(tensor.size(0));
    matrix.columns = static_cast<std::size_t>(tensor.size(1));
    matrix.values = toVector(tensor);
    return matrix;
}

/// Without a branch, so that the compiler makes vectors of it.
bool isFinite(std::span<const float> row)
{
    constexpr std::uint32_t kExponent = 0x7f800000U; // all ones: infinite or NaN
    std::uint32_t largest = 0;
    for (const float weight : row)
        largest = std::max(largest, std::bit_cast<std::uint32_t>(weight) & kExponent);
    return largest < kExponent;
}

/// Rows with weights that are not finite; they are zeroed so that they cannot disturb the others.
std::vector<std::size_t> takeOutBadRows(std::span<float> weights, std::size_t columns)
{
    std::vector<std::size_t> bad;
    for (std::size_t i = 0; i < weights.size() / columns; ++i)
        if (const auto row = weights.subspan(i * columns, columns); !isFinite(row)) {
            std::ranges::fill(row, 0.0F);
            bad.push_back(i);
        }
    return bad;
}

/// Networks at once: what fits the budget, and no more than a batch that can be cancelled within a second.
std::size_t batchFor(zoo::EncoderKind kind, std::size_t bytesPerNetwork, std::size_t budget)
{
    std::size_t most = 256;
    if (kind == zoo::EncoderKind::ParameterTransformer)
        most = 16;
    else if (kind == zoo::EncoderKind::DwsNet)
        most = 128;
    else if (kind == zoo::EncoderKind::Flat)
        most = 512;
    return std::clamp<std::size_t>(budget / std::max<std::size_t>(1, bytesPerNetwork), 1, most);
}

/// One tensor of all stretches'.
at::Tensor joined(const std::vector<at::Tensor>& parts)
{
    return parts.size() == 1 ? parts.front() : at::cat(parts);
}

void blank(std::vector<float>& values, std::size_t rows, std::size_t row)
{
    const std::size_t width = rows == 0 ? 0 : values.size() / rows;
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(row * width), width, kNotANumber);
}

} // namespace

TorchEncoder::TorchEncoder(zoo::EncoderConfig config, std::shared_ptr<EncoderModule> module, c10::Device device)
    : m_config(std::move(config))
    , m_module(std::move(module))
    , m_device(device)
{
}

Result<std::unique_ptr<engine::Encoder>> TorchEncoder::make(const zoo::Checkpoint& checkpoint, c10::Device device)
{
    try {
        auto module = loadEncoderModule(checkpoint.config, checkpoint.encoder);
        if (!module) {
            const std::string where = checkpoint.path.empty() ? "" : checkpoint.path.string() + ": ";
            return fail(module.error().code, where + module.error().message, module.error().detail);
        }
        (*module)->to(device);
        return std::unique_ptr<engine::Encoder>(new TorchEncoder(checkpoint.config, std::move(*module), device));
    } catch (const std::exception& error) {
        return fail(Errc::Device, "the encoder could not be set up: " + firstLine(error), error.what());
    }
}

engine::DeviceInfo TorchEncoder::device() const
{
    return describe(m_device);
}

/// Networks of a batch that one thread works on, from reading to the raw embedding.
struct TorchEncoder::Stretch
{
    Result<void> read;
    std::vector<std::size_t> bad; ///< rows of the batch
    at::Tensor raw;
    ProbingTrace trace;
};

void TorchEncoder::encodeStretch(const zoo::Zoo& zoo, std::size_t first, std::size_t offset, std::span<float> weights,
                                 bool traces, Stretch& stretch) const
{
    const c10::InferenceMode inference;
    const std::size_t columns = zoo.architecture.parameterCount();
    const std::size_t rows = weights.size() / columns;
    stretch.read = zoo.parameters->read(first + offset, rows, weights);
    if (!stretch.read)
        return;
    stretch.bad = takeOutBadRows(weights, columns);
    for (std::size_t& row : stretch.bad)
        row += offset;
    const at::Tensor parameters
        = at::from_blob(weights.data(), {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)})
              .to(m_device);
    stretch.raw
        = m_module->forward(parameters, zoo.architecture, traces && m_config.probing() ? &stretch.trace : nullptr);
}

engine::EncodedBlock TorchEncoder::blockOf(std::size_t first, const std::vector<Stretch>& stretches) const
{
    const c10::InferenceMode inference;
    std::vector<at::Tensor> raw, inputs, outputs;
    for (const Stretch& stretch : stretches) {
        raw.push_back(stretch.raw);
        if (stretch.trace.inputs.defined()) {
            inputs.push_back(stretch.trace.inputs);
            outputs.push_back(stretch.trace.outputs);
        }
    }
    engine::EncodedBlock block;
    block.first = first;
    const at::Tensor whole = joined(raw);
    block.raw = toMatrix(whole);
    block.embedding = m_config.normalize ? toMatrix(normalized(whole)) : block.raw;
    if (!inputs.empty()) {
        const at::Tensor probes = joined(inputs);
        const at::Tensor answers = joined(outputs);
        const auto size = [&](std::int64_t axis) { return static_cast<std::size_t>(probes.size(axis)); };
        block.traces.steps = size(1);
        block.traces.parallel = size(2);
        block.traces.inputSize = size(3);
        block.traces.outputSize = static_cast<std::size_t>(answers.size(3));
        block.traces.inputs = toVector(probes);
        block.traces.outputs = toVector(answers);
    }
    for (const Stretch& stretch : stretches)
        for (const std::size_t row : stretch.bad) {
            block.failed.push_back(first + row);
            for (auto* values :
                 {&block.raw.values, &block.embedding.values, &block.traces.inputs, &block.traces.outputs})
                blank(*values, block.raw.rows, row);
        }
    return block;
}

/// On the CPU a stretch of the networks a thread, which is faster than one after the other with products on all.
Result<engine::EncodedBlock> TorchEncoder::encodeBatch(const zoo::Zoo& zoo, std::size_t first, std::span<float> weights,
                                                       bool traces) const
{
    const std::size_t columns = zoo.architecture.parameterCount();
    const std::size_t rows = weights.size() / columns;
    const auto threads = static_cast<std::size_t>(m_device.is_cpu() ? std::max(1, at::get_num_threads()) : 1);
    std::vector<Stretch> stretches(std::min(rows, threads));
    if (stretches.size() == 1)
        encodeStretch(zoo, first, 0, weights, traces, stretches.front());
    else
        forShards(static_cast<std::int64_t>(rows), static_cast<int>(threads),
                  [&](std::int64_t begin, std::int64_t count, int shard) {
                      const auto offset = static_cast<std::size_t>(begin);
                      const auto some = static_cast<std::size_t>(count);
                      encodeStretch(zoo, first, offset, weights.subspan(offset * columns, some * columns), traces,
                                    stretches[static_cast<std::size_t>(shard)]);
                  });
    for (const Stretch& stretch : stretches)
        if (!stretch.read)
            return ::rnnscope::forward(stretch.read);
    return blockOf(first, stretches);
}

Result<void> TorchEncoder::encode(const zoo::Zoo& zoo, const engine::EncodeOptions& options,
                                  const engine::BlockSink& sink, Progress& progress, std::stop_token stop)
{
    if (auto fits = zoo::checkFits(m_config, zoo.architecture); !fits)
        return fail(fits.error().code, fmt::format("{}: {}", zoo.path.string(), fits.error().message));
    if (options.first > zoo.size)
        return fail(Errc::BadValue, fmt::format("{} has no network {}", zoo.path.string(), options.first));
    const std::size_t last = options.first + std::min(options.count, zoo.size - options.first);
    const std::size_t columns = zoo.architecture.parameterCount();
    const std::size_t batch = options.batch > 0
        ? options.batch
        : batchFor(m_config.kind, m_module->bytesPerNetwork(zoo.architecture), options.memoryBudget);
    progress.begin(fmt::format("embedding {}", zoo.name), last - options.first);

    std::vector<float> memory; // kept from batch to batch: fresh pages cost as much as the arithmetic
    const auto attempt = [&](std::size_t first, std::size_t count) -> Result<void> {
        if (stop.stop_requested())
            return cancelled("embedding");
        memory.resize(std::max(memory.size(), count * columns));
        auto block = encodeBatch(zoo, first, std::span(memory).first(count * columns), options.traces);
        if (!block)
            return ::rnnscope::forward(block);
        auto done = sink(std::move(*block));
        if (done)
            progress.update(first + count - options.first);
        return done;
    };
    const auto fallBack = [&] {
        if (m_device.is_cpu())
            return false;
        m_device = c10::Device(c10::kCPU);
        m_module->to(m_device);
        return true;
    };
    auto done = runInBatches(options.first, last, batch, progress, attempt, fallBack);
    m_module->releaseBuffers(); // 250 MB for a probing encoder: more than all the rest of the program
    std::vector<float>().swap(memory);
    returnFreedMemory();
    return done;
}

} // namespace rnnscope::nn
