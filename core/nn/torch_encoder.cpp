#include "core/nn/torch_encoder.h"

#include "core/base/cpu_features.h"
#include "core/nn/batching.h"
#include "core/nn/devices.h"
#include "core/nn/freed_memory.h"
#include "core/nn/products.h"
#include "core/nn/shards.h"
#include "core/nn/staged_rows.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

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

/// Of encoders whose time goes into linear(). Those that probe and DWSNet have products of their own, which are faster
/// in float32 than LibTorch's in bfloat16.
bool gainsByHalfProducts(zoo::EncoderKind kind)
{
    return kind == zoo::EncoderKind::Flat || kind == zoo::EncoderKind::ParameterTransformer;
}

/// Precision that is asked for, or float32 and a note that says why.
engine::Precision possiblePrecision(engine::Precision asked, zoo::EncoderKind kind, c10::Device device,
                                    Progress& progress)
{
    if (asked == engine::Precision::Float32)
        return asked;
    if (!gainsByHalfProducts(kind))
        progress.note(fmt::format("{} gains nothing by bf16 and stays in fp32", zoo::title(kind)));
    else if (device.is_cpu() && !cpuFeatures().bf16)
        progress.note("this processor has no bf16 products: going on in fp32");
    else
        return asked;
    return engine::Precision::Float32;
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
        if (device.is_cpu())
            (*module)->pack();
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

void TorchEncoder::encodeStretch(const Batch& batch, std::size_t offset, std::span<float> weights,
                                 Stretch& stretch) const
{
    const std::size_t columns = batch.zoo.architecture.parameterCount();
    const std::size_t rows = weights.size() / columns;
    stretch.read = batch.zoo.parameters->read(batch.first + offset, rows, weights);
    if (!stretch.read)
        return;
    stretch.bad = takeOutBadRows(weights, columns);
    for (std::size_t& row : stretch.bad)
        row += offset;
    embed(batch, at::from_blob(weights.data(), {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)}),
          stretch);
}

void TorchEncoder::embed(const Batch& batch, const at::Tensor& parameters, Stretch& stretch) const
{
    const c10::InferenceMode inference;
    const ProductPrecision precision(batch.precision);
    stretch.raw = m_module->forward(parameters, batch.zoo.architecture,
                                    batch.traces && m_config.probing() ? &stretch.trace : nullptr);
}

engine::EncodedBlock TorchEncoder::blockOf(const Batch& batch, const std::vector<Stretch>& stretches) const
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
    block.first = batch.first;
    block.precision = batch.precision;
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
            block.failed.push_back(batch.first + row);
            for (auto* values :
                 {&block.raw.values, &block.embedding.values, &block.traces.inputs, &block.traces.outputs})
                blank(*values, block.raw.rows, row);
        }
    return block;
}

/// A stretch of the networks a thread, which is faster than one after the other with products on all.
Result<engine::EncodedBlock> TorchEncoder::encodeOnCpu(const Batch& batch, std::span<float> weights) const
{
    const std::size_t columns = batch.zoo.architecture.parameterCount();
    const auto threads = static_cast<std::size_t>(std::max(1, at::get_num_threads()));
    std::vector<Stretch> stretches(std::min(batch.count, threads));
    if (stretches.size() == 1)
        encodeStretch(batch, 0, weights, stretches.front());
    else
        forShards(static_cast<std::int64_t>(batch.count), static_cast<int>(threads),
                  [&](std::int64_t begin, std::int64_t count, int shard) {
                      const auto offset = static_cast<std::size_t>(begin);
                      const auto some = static_cast<std::size_t>(count);
                      encodeStretch(batch, offset, weights.subspan(offset * columns, some * columns),
                                    stretches[static_cast<std::size_t>(shard)]);
                  });
    for (const Stretch& stretch : stretches)
        if (!stretch.read)
            return ::rnnscope::forward(stretch.read);
    return blockOf(batch, stretches);
}

Result<engine::EncodedBlock> TorchEncoder::encodeOnGpu(const Batch& batch, StagedRows& staged, std::size_t next) const
{
    auto rows = staged.take(batch.first, batch.count);
    if (!rows)
        return ::rnnscope::forward(rows);
    std::vector<Stretch> stretches(1);
    stretches.front().bad = std::move(rows->bad);
    embed(batch, rows->weights, stretches.front()); // returns before the GPU is done
    if (next > 0)
        staged.readAhead(batch.first + batch.count, next);
    return blockOf(batch, stretches);
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

    const engine::Precision precision = possiblePrecision(options.precision, m_config.kind, m_device, progress);
    std::optional<StagedRows> staged;
    if (m_device.is_cuda())
        staged.emplace(zoo, m_device);
    std::vector<float> memory; // kept from batch to batch: fresh pages cost as much as the arithmetic
    const auto attempt = [&](std::size_t first, std::size_t count) -> Result<void> {
        if (stop.stop_requested())
            return cancelled("embedding");
        const Batch one {zoo, first, count, precision, options.traces};
        Result<engine::EncodedBlock> block;
        if (staged) {
            block = encodeOnGpu(one, *staged, std::min(count, last - first - count));
        } else {
            memory.resize(std::max(memory.size(), count * columns));
            block = encodeOnCpu(one, std::span(memory).first(count * columns));
        }
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
        m_module->pack();
        staged.reset();
        return true;
    };
    auto done = runInBatches(options.first, last, batch, progress, attempt, fallBack);
    m_module->releaseBuffers(); // 250 MB for a probing encoder: more than all the rest of the program
    std::vector<float>().swap(memory);
    returnFreedMemory();
    return done;
}

} // namespace rnnscope::nn
