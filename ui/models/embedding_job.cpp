#include "ui/models/embedding_job.h"

#include "core/base/printable.h"
#include "ui/models/embedding_steps.h"
#include "ui/models/merged_zoo.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr std::chrono::milliseconds kPublishInterval {100};

/// The map as it fills.
class Gathering
{
public:
    Gathering(const EmbeddingTask& task)
        : m_members(task.members)
        , m_publish(task.publish)
    {
        const bool alone = m_members.size() == 1 && !m_members.front().dropped;
        m_merged = alone ? m_members.front().zoo : mergeZoos(m_members, task.checkpoint->config.family);
        for (auto& member : m_members)
            if (!member.part)
                member.part = std::make_shared<const EmbeddedZoo>(emptyEmbedding(member.zoo, task.checkpoint));
    }

    std::size_t count() const { return m_members.size(); }
    const Member& member(std::size_t index) const { return m_members[index]; }
    void take(std::size_t index, std::shared_ptr<const EmbeddedZoo> part) { m_members[index].part = std::move(part); }
    std::shared_ptr<const EmbeddedZoo> whole() const { return mergeParts(m_members, m_merged); }

    bool due() const { return std::chrono::steady_clock::now() - m_last >= kPublishInterval; }
    void publish()
    {
        m_last = std::chrono::steady_clock::now();
        m_publish(whole());
    }

private:
    std::vector<Member> m_members;
    std::shared_ptr<const zoo::Zoo> m_merged;
    std::function<void(std::shared_ptr<const EmbeddedZoo>)> m_publish;
    std::chrono::steady_clock::time_point m_last {};
};

/// The networks that are not embedded yet, streaming in.
Result<void> encodeMember(std::size_t index, const EmbeddingTask& task, EmbeddedZoo& result, Gathering& gathering,
                          ComputeState& state, JobContext& context)
{
    const auto encoder = state.encoder(task.checkpoint);
    if (!encoder)
        return forward(encoder);
    task.device((*encoder)->device());
    const bool alone = gathering.count() == 1 && !gathering.member(index).dropped;
    const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
        if (auto taken = takeBlock(std::move(block), result); !taken)
            return taken;
        if (result.done < result.zoo->size && gathering.due()) {
            if (alone)
                placeOnMap(result);
            gathering.take(index, std::make_shared<const EmbeddedZoo>(result));
            gathering.publish();
        }
        return {};
    };
    auto encoded = (*encoder)->encode(*result.zoo, {.first = result.done}, sink, context, context.stop());
    if (encoded && context.stop().stop_requested())
        return cancelled("embedding " + printable(result.zoo->name));
    return encoded;
}

Result<void> embedMember(std::size_t index, const EmbeddingTask& task, Gathering& gathering, ComputeState& state,
                         JobContext& context)
{
    auto result = *gathering.member(index).part;
    auto known = result.done == 0 ? state.recall(result.zoo, *task.checkpoint) : std::nullopt;
    if (known) {
        result.embedding = std::move(known->embedding);
        result.failed = std::move(known->failed);
        result.done = result.zoo->size;
    } else if (auto encoded = encodeMember(index, task, result, gathering, state, context); !encoded) {
        return encoded;
    }
    placeOnMap(result);
    gathering.take(index, std::make_shared<const EmbeddedZoo>(result));
    gathering.publish(); // the map need not wait for what heads say
    predictAll(result, context);
    trustAll(result, context);
    splitByRun(result, state, context);
    result.complete = true;
    gathering.take(index, std::make_shared<const EmbeddedZoo>(result));
    task.keep(gathering.member(index).part);
    return {};
}

} // namespace

Result<std::shared_ptr<const EmbeddedZoo>> embed(const EmbeddingTask& task, ComputeState& state, JobContext& context)
{
    std::vector<std::size_t> missing;
    for (const bool dropped : {true, false}) // somebody waits for the file that was dropped last
        for (std::size_t i = 0; i < task.members.size(); ++i)
            if (task.members[i].dropped == dropped && !(task.members[i].part && task.members[i].part->complete))
                missing.push_back(i);
    context.begin("Embedding", 1);
    Gathering gathering(task);
    for (const auto index : missing) {
        if (auto done = embedMember(index, task, gathering, state, context); !done)
            return forward(done);
        if (index != missing.back())
            gathering.publish();
    }
    return gathering.whole();
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
