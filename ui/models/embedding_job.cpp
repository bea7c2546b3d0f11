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

Result<void> embedMember(std::size_t index, engine::Encoder& encoder, Gathering& gathering, ComputeState& state,
                         JobContext& context)
{
    const auto zoo = gathering.member(index).zoo;
    const bool alone = gathering.count() == 1 && !gathering.member(index).dropped;
    auto result = *gathering.member(index).part;
    const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
        if (auto taken = takeBlock(std::move(block), result); !taken)
            return taken;
        if (result.done < zoo->size && gathering.due()) {
            if (alone)
                placeOnMap(result);
            gathering.take(index, std::make_shared<const EmbeddedZoo>(result));
            gathering.publish();
        }
        return {};
    };
    if (auto encoded = encoder.encode(*zoo, {}, sink, context, context.stop()); !encoded)
        return encoded;
    if (context.stop().stop_requested())
        return cancelled("embedding " + printable(zoo->name));
    placeOnMap(result);
    predictAll(result, context);
    trustAll(result, context);
    splitByRun(result, state, context);
    result.complete = true;
    gathering.take(index, std::make_shared<const EmbeddedZoo>(std::move(result)));
    return {};
}

} // namespace

Result<std::shared_ptr<const EmbeddedZoo>> embed(const EmbeddingTask& task, ComputeState& state, JobContext& context)
{
    std::size_t missing = 0;
    for (const auto& member : task.members)
        missing += member.part ? 0 : member.zoo->size;
    context.begin("Embedding", std::max<std::size_t>(missing, 1));
    Gathering gathering(task);
    for (std::size_t i = 0; i < task.members.size(); ++i) {
        if (task.members[i].part)
            continue;
        const auto encoder = state.encoder(task.checkpoint);
        if (!encoder)
            return forward(encoder);
        task.device((*encoder)->device());
        if (auto done = embedMember(i, **encoder, gathering, state, context); !done)
            return forward(done);
        task.keep(gathering.member(i).part);
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
