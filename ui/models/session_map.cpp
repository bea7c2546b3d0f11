#include "ui/models/embedding_job.h"
#include "ui/models/labels.h"
#include "ui/models/session_private.h"

#include <algorithm>

namespace rnnscope::ui {

namespace {

bool ready(const Member& member)
{
    return member.part && member.part->complete;
}

} // namespace

/// What is known of a zoo: all, or what is on the map so far.
std::shared_ptr<const EmbeddedZoo> Session::Private::partOf(const ZooPtr& candidate) const
{
    if (const auto known = cache.find({candidate, checkpoint}); known != cache.end())
        return known->second;
    if (!embedded || embedded->checkpoint != checkpoint)
        return nullptr;
    if (embedded->members.empty())
        return embedded->zoo == candidate ? embedded : nullptr;
    for (const auto& member : embedded->members)
        if (member.zoo == candidate)
            return member.part;
    return nullptr;
}

/// What is to be on the map, with the parts that are embedded already.
std::vector<Member> Session::Private::wanted() const
{
    std::vector<Member> members;
    std::size_t rows = 0;
    const auto add = [&](const ZooPtr& candidate, bool isStar) {
        if (hidden.contains(candidate) || !reads(checkpoint, *candidate))
            return;
        members.push_back({.zoo = candidate,
                           .number = numberOf(candidate),
                           .dropped = isStar,
                           .first = rows,
                           .part = partOf(candidate)});
        rows += candidate->size;
    };
    for (const auto& each : zoos)
        add(each, false);
    for (const auto& each : dropped)
        add(each.zoo, true);
    return members;
}

/// Changes the current zoo or checkpoint.
void Session::Private::become(const ZooPtr& newZoo, const CheckpointPtr& newCheckpoint)
{
    zoo = newZoo;
    checkpoint = newCheckpoint;
    if (zoo && checkpoint)
        chosen[zoo] = checkpoint;
    if (embedded && embedded->checkpoint != checkpoint) {
        dropWork();
        dropTrace();
        embedded = nullptr;
    }
    prepare();
    Q_EMIT q.currentChanged();
    Q_EMIT q.embeddedChanged();
}

/// Puts on the map what belongs there now. What is there stays until something better has come.
void Session::Private::arrange()
{
    prepare();
    Q_EMIT q.embeddedChanged();
}

void Session::Private::prepare()
{
    auto members = wanted();
    std::vector<ZooPtr> names;
    for (const auto& member : members)
        names.push_back(member.zoo);
    if (embedJob != 0 && embedding == names && embeddingBy == checkpoint)
        return;
    if (embedded && embedded->complete && embedJob == 0 && zoosOf(*embedded) == names)
        return;
    dropWork();
    const auto ready = atHand(members);
    if (ready || members.empty())
        settle(ready);
    else
        startEmbedding(std::move(members));
}

/// The map of these when nothing has to be computed for it.
std::shared_ptr<const EmbeddedZoo> Session::Private::atHand(const std::vector<Member>& members) const
{
    if (members.size() == 1 && !members.front().dropped)
        return ready(members.front()) ? members.front().part : nullptr;
    if (members.empty() || !lastComplete || lastComplete->checkpoint != checkpoint
        || lastComplete->members.size() != members.size())
        return nullptr;
    const bool same = std::equal(members.begin(), members.end(), lastComplete->members.begin(),
                                 [](const Member& a, const Member& b) { return ready(a) && a.part == b.part; });
    return same ? lastComplete : nullptr;
}

void Session::Private::startEmbedding(std::vector<Member> members)
{
    embedding.clear();
    embeddingBy = checkpoint;
    std::vector<QString> missing;
    for (const auto& member : members) {
        embedding.push_back(member.zoo);
        if (!ready(member))
            missing.push_back(plainText(member.zoo->name));
    }
    const auto title = missing.empty() ? QStringLiteral("Arranging the map")
        : missing.size() == 1          ? QStringLiteral("Embedding %1").arg(missing.front())
                                       : QStringLiteral("Embedding %1 zoos").arg(missing.size());
    const auto work = [this, members = std::move(members), reader = checkpoint, state = compute](JobContext& context) {
        EmbeddingTask task {.members = members, .checkpoint = reader, .publish = {}, .keep = {}, .device = {}};
        task.publish = [this, &context](std::shared_ptr<const EmbeddedZoo> snapshot) {
            context.post([this, snapshot = std::move(snapshot)] { setEmbedded(snapshot); });
        };
        task.keep = [this, &context](std::shared_ptr<const EmbeddedZoo> part) {
            context.post([this, part = std::move(part)] { keep(part); });
        };
        task.device = [this, &context](const engine::DeviceInfo& device) {
            const auto text = QString::fromStdString(device.description);
            context.post([this, text] { Q_EMIT q.deviceChanged(text); });
        };
        return embed(task, *state, context);
    };
    embedJob = computing.run(&q, title, work, [this](const auto& result) { finishEmbedding(result); });
}

void Session::Private::keep(const std::shared_ptr<const EmbeddedZoo>& part)
{
    cache[{part->zoo, part->checkpoint}] = part;
    unsaved.push_back(part);
    if (!part->failed.empty() && !isDropped(part->zoo)) // dropped files were named when they were opened
        Q_EMIT q.noted(failedRowsNote(part->failed));
}

/// On disk, for the next start of the program. That it cannot be written is no harm.
void Session::Private::remember()
{
    for (const auto& part : std::exchange(unsaved, {})) {
        const auto work = [part, state = compute](JobContext&) -> Result<void> {
            return state->remember(part->zoo, *part->checkpoint,
                                   {.embedding = part->embedding, .failed = part->failed});
        };
        if (isOpen(part->zoo) || isDropped(part->zoo))
            computing.runSlice(&q, work, [](const Result<void>&) {});
    }
}

void Session::Private::finishEmbedding(const Result<std::shared_ptr<const EmbeddedZoo>>& result)
{
    embedJob = 0;
    embedding.clear();
    if (!result) {
        report(result.error());
        return fallBack();
    }
    settle(*result);
    Q_EMIT q.embeddedChanged();
}

/// Nothing half done stays: back to the last complete state if all of it is still open, else to the zoos that are
/// embedded. What is not embedded is hidden, or it would be begun again at once.
void Session::Private::fallBack()
{
    const auto known = [this](const ZooPtr& each) { return isOpen(each) || isDropped(each); };
    if (lastComplete && lastComplete->checkpoint != checkpoint) {
        const auto before = zoosOf(*lastComplete);
        if (std::all_of(before.begin(), before.end(), known)) {
            zoo = isOpen(lastZoo) ? lastZoo : nullptr;
            checkpoint = lastComplete->checkpoint;
            embedded = nullptr;
        }
    }
    const auto members = wanted();
    ZooPtr first;
    for (const auto& each : members)
        if (ready(each) && !each.dropped && !first)
            first = each.zoo;
    if (std::none_of(members.begin(), members.end(), &ready)) {
        chosen.erase(zoo);
        embedded = nullptr;
        Q_EMIT q.currentChanged();
        Q_EMIT q.embeddedChanged();
        return;
    }
    for (const auto& each : members)
        if (!ready(each))
            hidden.insert(each.zoo);
    if (hidden.contains(zoo))
        zoo = isOpen(lastZoo) && reads(checkpoint, *lastZoo) ? lastZoo : first;
    Q_EMIT q.filesChanged();
    become(zoo, checkpoint);
}

/// A complete map, or null: there is nothing to show.
void Session::Private::settle(const std::shared_ptr<const EmbeddedZoo>& whole)
{
    embedded = whole;
    if (!whole)
        return;
    lastComplete = whole;
    lastZoo = zoo;
}

void Session::Private::setEmbedded(std::shared_ptr<const EmbeddedZoo> snapshot)
{
    embedded = std::move(snapshot);
    Q_EMIT q.embeddedChanged();
}

void Session::Private::dropWork()
{
    embedding.clear();
    if (const auto id = std::exchange(embedJob, 0); id != 0)
        computing.drop(id);
}

} // namespace rnnscope::ui
