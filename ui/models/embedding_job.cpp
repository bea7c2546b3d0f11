#include "ui/models/embedding_job.h"

#include "ui/models/embedding_steps.h"

#include <chrono>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr std::chrono::milliseconds kPublishInterval {100};

} // namespace

Result<std::shared_ptr<const EmbeddedZoo>> embed(const EmbeddingTask& task, ComputeState& state, JobContext& context)
{
    context.begin("Embedding", task.zoo->size);
    const auto encoder = state.encoder(task.checkpoint);
    if (!encoder)
        return forward(encoder);
    task.device((*encoder)->device());

    auto result = emptyEmbedding(task.zoo, task.checkpoint);
    auto last = std::chrono::steady_clock::time_point {};
    const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
        if (auto taken = takeBlock(std::move(block), result); !taken)
            return taken;
        const auto now = std::chrono::steady_clock::now();
        if (result.done < task.zoo->size && now - last >= kPublishInterval) {
            last = now;
            placeOnMap(result);
            task.publish(std::make_shared<const EmbeddedZoo>(result));
        }
        return {};
    };
    if (auto encoded = (*encoder)->encode(*task.zoo, {}, sink, context, context.stop()); !encoded)
        return forward(encoded);
    if (context.stop().stop_requested())
        return cancelled("embedding " + task.zoo->name);

    placeOnMap(result);
    predictAll(result, context);
    trustAll(result, context);
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
