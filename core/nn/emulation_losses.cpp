#include "core/nn/emulation_losses.h"

#include "core/nn/devices.h"
#include "core/nn/emulator.h"
#include "core/nn/losses.h"
#include "core/nn/module.h"
#include "core/nn/shards.h"
#include "core/nn/training_data.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/where.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <atomic>
#include <limits>

namespace rnnscope::nn {

namespace {

/// Sequences at once on each thread: their states and gates take some 20 MB.
constexpr std::size_t kSequencesAtOnce = 128;

/// Encoder and emulator of a checkpoint, in evaluation mode on a device.
struct Imitation
{
    const zoo::EncoderConfig& config;
    std::shared_ptr<EncoderModule> encoder;
    std::shared_ptr<Emulator> emulator;
    Criterion criterion;
    c10::Device device;
};

Result<Imitation> loadImitation(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint, Criterion criterion,
                                c10::Device device)
{
    auto encoder = loadEncoderModule(checkpoint.config, checkpoint.encoder);
    if (!encoder)
        return forward(encoder);
    auto emulator = std::make_shared<Emulator>(checkpoint.emulatorConfig, checkpoint.config.embeddingSize,
                                               zoo.architecture.inputSize, zoo.architecture.outputSize);
    if (auto loaded = loadState(*emulator, checkpoint.emulator); !loaded)
        return fail(loaded.error().code, "the emulator's " + loaded.error().message);
    emulator->eval();
    (*encoder)->to(device);
    emulator->to(device);
    return Imitation {checkpoint.config, *std::move(encoder), std::move(emulator), criterion, device};
}

/// `wanted` of the recorded sequences, evenly spread.
std::vector<std::size_t> spread(std::size_t wanted, std::size_t recorded)
{
    const std::size_t count = std::clamp<std::size_t>(wanted, 1, recorded);
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < count; ++i)
        chosen.push_back(i * recorded / count);
    return chosen;
}

/// Mean losses of networks [first, first + out.size()).
Result<void> measure(const zoo::Zoo& zoo, const Imitation& model, std::span<const std::size_t> sequences,
                     std::size_t first, std::span<double> out)
{
    const c10::InferenceMode inference;
    const auto networks = static_cast<std::int64_t>(out.size());
    const auto each = static_cast<std::int64_t>(sequences.size());
    std::vector<Example> once;
    std::vector<Example> examples;
    for (std::size_t row = first; row < first + out.size(); ++row) {
        once.push_back({row, 0});
        for (const std::size_t sequence : sequences)
            examples.push_back({row, sequence});
    }
    const auto weights = readBatch(zoo, once, Reads::Networks);
    if (!weights)
        return forward(weights);
    const auto rollouts = readBatch(zoo, examples, Reads::Rollouts);
    if (!rollouts)
        return forward(rollouts);
    const at::Tensor usable = at::isfinite(weights->parameters).all(1);
    const at::Tensor parameters = at::where(usable.unsqueeze(1), weights->parameters, 0.0F).to(model.device);
    const at::Tensor raw = model.encoder->forward(parameters, zoo.architecture);
    const at::Tensor embedding = (model.config.normalize ? normalized(raw) : raw).repeat_interleave(each, 0);
    const TrainingBatch batch = rollouts->to(model.device);
    const at::Tensor all
        = losses(model.criterion, model.emulator->forward(embedding, batch.inputs), batch.logits, batch.nextTokens);
    const at::Tensor means = all.unflatten(0, {networks, each}).to(at::kCPU, at::kDouble).mean(1);
    for (std::int64_t i = 0; i < networks; ++i)
        out[static_cast<std::size_t>(i)]
            = usable[i].item<bool>() ? means[i].item<double>() : std::numeric_limits<double>::quiet_NaN();
    return {};
}

Result<std::vector<double>> measureAll(const zoo::Zoo& zoo, const Imitation& model,
                                       std::span<const std::size_t> sequences, Progress& progress,
                                       const std::stop_token& stop)
{
    const auto threads = static_cast<std::size_t>(model.device.is_cpu() ? at::get_num_threads() : 1);
    const std::size_t block = std::max<std::size_t>(1, kSequencesAtOnce / sequences.size());
    std::vector<double> all(zoo.size);
    progress.begin(fmt::format("emulating {}", zoo.name), zoo.size);
    for (std::size_t first = 0; first < zoo.size; first += block * threads) {
        if (stop.stop_requested())
            return cancelled("emulating");
        const std::size_t count = std::min(block * threads, zoo.size - first);
        std::vector<Result<void>> done(threads);
        forShards(static_cast<std::int64_t>(count), static_cast<int>(threads),
                  [&](std::int64_t start, std::int64_t size, int shard) {
                      const std::size_t row = first + static_cast<std::size_t>(start);
                      done[static_cast<std::size_t>(shard)]
                          = measure(zoo, model, sequences, row, {all.data() + row, static_cast<std::size_t>(size)});
                  });
        for (const Result<void>& one : done)
            if (!one)
                return forward(one);
        progress.update(first + count);
    }
    return all;
}

} // namespace

Result<std::vector<double>> emulationLosses(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint,
                                            const engine::EmulationOptions& options, c10::Device device,
                                            Progress& progress, const std::stop_token& stop)
{
    if (checkpoint.emulator.empty())
        return fail(Errc::NotFound, checkpoint.title() + " has no emulator, so its emulation loss is not known");
    if (auto recorded = checkTrainable(zoo); !recorded)
        return forward(recorded);
    if (auto fits = zoo::checkFits(checkpoint.config, zoo.architecture); !fits)
        return forward(fits);
    const auto criterion = criterionFromName(options.criterion);
    if (!criterion)
        return forward(criterion);
    try {
        const auto model = loadImitation(zoo, checkpoint, *criterion, device);
        if (!model)
            return forward(model);
        return measureAll(zoo, *model, spread(options.sequences, zoo.rollouts->shape().sequences), progress, stop);
    } catch (const std::exception& error) {
        return fail(isOutOfMemory(error) ? Errc::Device : Errc::BadValue, "emulation failed: " + firstLine(error),
                    error.what());
    }
}

} // namespace rnnscope::nn
