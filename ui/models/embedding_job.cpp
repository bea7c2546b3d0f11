#include "ui/models/embedding_job.h"

#include "core/projection/pca.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr std::chrono::milliseconds kPublishInterval {100};
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

EmbeddedZoo emptyResult(const EmbeddingTask& task)
{
    EmbeddedZoo result;
    result.zoo = task.zoo;
    result.checkpoint = task.checkpoint;
    const auto dimension = static_cast<std::size_t>(task.checkpoint->config.embeddingSize);
    result.embedding = Matrix(task.zoo->size, dimension, kMissing);
    result.splits.assign(task.zoo->size, zoo::Split::Unknown);
    return result;
}

Result<void> take(engine::EncodedBlock&& block, EmbeddedZoo& result)
{
    const auto& rows = block.embedding;
    if (rows.columns != result.embedding.columns || block.first + rows.rows > result.embedding.rows)
        return fail(Errc::ShapeMismatch, "the engine returned embeddings of an unexpected size");
    std::copy(rows.values.begin(), rows.values.end(), result.embedding.row(block.first).begin());
    result.failed.insert(result.failed.end(), block.failed.begin(), block.failed.end());
    result.done = std::max(result.done, block.first + rows.rows);
    return {};
}

void place(EmbeddedZoo& result)
{
    const auto pca = projection::fitPca(result.embedding);
    result.map = projection::project(pca, result.embedding);
    result.explained[0] = pca.explained[0];
    result.explained[1] = pca.explained[1];
}

void splitByRun(EmbeddedZoo& result, ComputeState& state, JobContext& context)
{
    const auto* run = result.zoo->property("run");
    if (run == nullptr || !result.checkpoint->training || result.checkpoint->zooFingerprint.empty())
        return;
    const auto print = state.fingerprint(result.zoo);
    if (!print)
        return context.note("The splits are unknown: " + print.error().message);
    for (std::size_t row = 0; row < result.splits.size() && row < run->rows(); ++row)
        if (std::isfinite(run->value(row)))
            result.splits[row]
                = zoo::splitOf(*result.checkpoint, *print, static_cast<std::int64_t>(std::llround(run->value(row))));
}

void predictAll(EmbeddedZoo& result, JobContext& context)
{
    for (const auto& head : result.checkpoint->heads) {
        auto prediction = prediction::predict(head, result.embedding);
        if (prediction)
            result.predictions.push_back(std::move(*prediction));
        else
            context.note(prediction.error().message);
    }
}

} // namespace

Result<std::shared_ptr<const EmbeddedZoo>> embed(const EmbeddingTask& task, ComputeState& state, JobContext& context)
{
    context.begin("Embedding", task.zoo->size);
    const auto encoder = state.encoder(task.checkpoint);
    if (!encoder)
        return forward(encoder);
    task.device((*encoder)->device());

    auto result = emptyResult(task);
    auto last = std::chrono::steady_clock::time_point {};
    const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
        if (auto taken = take(std::move(block), result); !taken)
            return taken;
        const auto now = std::chrono::steady_clock::now();
        if (result.done < task.zoo->size && now - last >= kPublishInterval) {
            last = now;
            place(result);
            task.publish(std::make_shared<const EmbeddedZoo>(result));
        }
        return {};
    };
    if (auto encoded = (*encoder)->encode(*task.zoo, {}, sink, context, context.stop()); !encoded)
        return forward(encoded);
    if (context.stop().stop_requested())
        return cancelled("embedding " + task.zoo->name);

    place(result);
    predictAll(result, context);
    splitByRun(result, state, context);
    result.complete = true;
    return std::make_shared<const EmbeddedZoo>(std::move(result));
}

Result<std::shared_ptr<engine::Traces>> trace(const zoo::Zoo& zoo, engine::Encoder& encoder, std::size_t row,
                                              JobContext& context)
{
    auto traces = std::make_shared<engine::Traces>();
    const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
        *traces = std::move(block.traces);
        return {};
    };
    NoProgress quiet;
    const engine::EncodeOptions options {.traces = true, .first = row, .count = 1, .batch = 1};
    if (auto encoded = encoder.encode(zoo, options, sink, quiet, context.stop()); !encoded)
        return forward(encoded);
    return traces;
}

} // namespace rnnscope::ui
