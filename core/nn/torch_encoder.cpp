#include "core/nn/torch_encoder.h"

#include "core/nn/batching.h"
#include "core/nn/devices.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
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

/// Local rows with weights that are not finite; they are zeroed so that they cannot disturb the others.
std::vector<std::size_t> takeOutBadRows(Matrix& weights)
{
    std::vector<std::size_t> bad;
    for (std::size_t i = 0; i < weights.rows; ++i) {
        const auto row = weights.row(i);
        if (std::all_of(row.begin(), row.end(), [](float w) { return std::isfinite(w); }))
            continue;
        std::fill(row.begin(), row.end(), 0.0F);
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
        most = 1024;
    return std::clamp<std::size_t>(budget / std::max<std::size_t>(1, bytesPerNetwork), 1, most);
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

engine::EncodedBlock TorchEncoder::forward(const zoo::Architecture& rnn, Matrix weights, std::size_t first,
                                           bool traces) const
{
    const c10::InferenceMode inference;
    const auto bad = takeOutBadRows(weights);
    const auto rows = static_cast<std::int64_t>(weights.rows);
    const at::Tensor parameters
        = at::from_blob(weights.values.data(), {rows, static_cast<std::int64_t>(weights.columns)}).to(m_device);
    ProbingTrace trace;
    const at::Tensor raw = m_module->forward(parameters, rnn, traces && m_config.probing() ? &trace : nullptr);

    engine::EncodedBlock block;
    block.first = first;
    block.raw = toMatrix(raw);
    block.embedding = m_config.normalize ? toMatrix(normalized(raw)) : block.raw;
    if (trace.inputs.defined()) {
        const auto size = [&](std::int64_t axis) { return static_cast<std::size_t>(trace.inputs.size(axis)); };
        block.traces.steps = size(1);
        block.traces.parallel = size(2);
        block.traces.inputSize = size(3);
        block.traces.outputSize = static_cast<std::size_t>(trace.outputs.size(3));
        block.traces.inputs = toVector(trace.inputs);
        block.traces.outputs = toVector(trace.outputs);
    }
    for (const std::size_t row : bad) {
        block.failed.push_back(first + row);
        for (auto* values : {&block.raw.values, &block.embedding.values, &block.traces.inputs, &block.traces.outputs})
            blank(*values, weights.rows, row);
    }
    return block;
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

    const auto attempt = [&](std::size_t first, std::size_t count) -> Result<void> {
        if (stop.stop_requested())
            return cancelled("embedding");
        Matrix weights(count, columns);
        if (auto read = zoo.parameters->read(first, count, weights.values); !read)
            return read;
        auto done = sink(forward(zoo.architecture, std::move(weights), first, options.traces));
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
    return runInBatches(options.first, last, batch, progress, attempt, fallBack);
}

} // namespace rnnscope::nn
