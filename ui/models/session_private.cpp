#include "ui/models/session_private.h"

#include "ui/models/embedding_job.h"
#include "ui/models/labels.h"

#include <algorithm>
#include <system_error>

namespace rnnscope::ui {

namespace {

bool samePath(const std::filesystem::path& a, const std::filesystem::path& b)
{
    std::error_code error;
    return a == b || std::filesystem::equivalent(a, b, error);
}

/// The entry of `known` with the path of `candidate`, or the candidate, which is then added.
template <typename T>
std::shared_ptr<const T> addUnlessKnown(std::vector<std::shared_ptr<const T>>& known,
                                        const std::shared_ptr<const T>& candidate)
{
    const auto at
        = std::find_if(known.begin(), known.end(), [&](const auto& k) { return samePath(k->path, candidate->path); });
    if (at != known.end())
        return *at;
    known.push_back(candidate);
    return candidate;
}

} // namespace

Session::Private::Private(Session& session, EngineLoader loader)
    : q(session)
    , compute(std::make_shared<ComputeState>(std::move(loader)))
{
}

bool Session::Private::isOpen(const ZooPtr& candidate) const
{
    return candidate && std::find(zoos.begin(), zoos.end(), candidate) != zoos.end();
}

std::vector<Session::Private::CheckpointPtr> Session::Private::fitting(const ZooPtr& candidate) const
{
    std::vector<CheckpointPtr> fits;
    for (const auto& each : checkpoints)
        if (zoo::checkFits(each->config, candidate->architecture))
            fits.push_back(each);
    return fits;
}

Session::Private::CheckpointPtr Session::Private::preferred(const ZooPtr& candidate) const
{
    if (const auto remembered = chosen.find(candidate); remembered != chosen.end())
        return remembered->second;
    const auto fits = fitting(candidate);
    if (fits.empty())
        return nullptr;
    const auto interactive = std::find_if(fits.begin(), fits.end(), [](const CheckpointPtr& each) {
        return each->config.kind == zoo::EncoderKind::InteractiveProbing;
    });
    return interactive != fits.end() ? *interactive : fits.front();
}

void Session::Private::take(const Opened& opened)
{
    std::vector<ZooPtr> newZoos;
    std::vector<CheckpointPtr> newCheckpoints;
    addNew(opened, newZoos, newCheckpoints);
    if (!newZoos.empty() || !newCheckpoints.empty())
        Q_EMIT q.filesChanged();
    if (!newZoos.empty()) {
        const auto readable = std::find_if(newZoos.begin(), newZoos.end(),
                                           [this](const ZooPtr& each) { return !fitting(each).empty(); });
        q.setCurrentZoo(readable != newZoos.end() ? *readable : newZoos.front());
    } else if (!newCheckpoints.empty()) {
        adopt(newCheckpoints);
    }
    for (const auto& error : opened.errors)
        report(error);
    for (const auto& each : newCheckpoints)
        if (each->resume)
            Q_EMIT q.unfinishedOpened(each);
}

void Session::Private::addNew(const Opened& opened, std::vector<ZooPtr>& newZoos,
                              std::vector<CheckpointPtr>& newCheckpoints)
{
    for (const auto& each : opened.zoos)
        newZoos.push_back(addUnlessKnown(zoos, each));
    for (const auto& each : opened.checkpoints)
        newCheckpoints.push_back(addUnlessKnown(checkpoints, each));
}

/// Checkpoints that came without a zoo: the first that fits is used, else the reason is given.
void Session::Private::adopt(const std::vector<CheckpointPtr>& newCheckpoints)
{
    if (!zoo) {
        Q_EMIT q.noted(QStringLiteral("Open a zoo as well: an encoder alone shows nothing"));
        return;
    }
    const auto fits = fitting(zoo);
    const auto used = std::find_if(newCheckpoints.begin(), newCheckpoints.end(), [&](const CheckpointPtr& each) {
        return std::find(fits.begin(), fits.end(), each) != fits.end();
    });
    if (used != newCheckpoints.end())
        return q.setCurrentCheckpoint(*used);
    for (const auto& each : newCheckpoints)
        explainUnfit(*each);
}

void Session::Private::explainUnfit(const zoo::Checkpoint& unfit)
{
    const auto reason = zoo::checkFits(unfit.config, zoo->architecture);
    QStringList readable;
    for (const auto& each : zoos)
        if (zoo::checkFits(unfit.config, each->architecture))
            readable << QString::fromStdString(each->name);
    auto message = QStringLiteral("%1 does not fit %2: %3")
                       .arg(QString::fromStdString(unfit.title()), QString::fromStdString(zoo->name),
                            reason ? QString() : QString::fromStdString(reason.error().message));
    if (!readable.isEmpty())
        message += QStringLiteral("; it fits %1").arg(readable.join(QStringLiteral(", ")));
    Q_EMIT q.failed(message, QString::fromStdString(unfit.path.string()));
}

void Session::Private::show(const ZooPtr& newZoo, const CheckpointPtr& newCheckpoint)
{
    dropWork();
    zoo = newZoo;
    checkpoint = newCheckpoint;
    if (zoo && checkpoint)
        chosen[zoo] = checkpoint;
    const auto known = cache.find({zoo, checkpoint});
    embedded = known != cache.end() ? known->second : nullptr;
    if (embedded)
        lastComplete = embedded;
    Q_EMIT q.currentChanged();
    Q_EMIT q.embeddedChanged();
    if (zoo && checkpoint && !embedded)
        startEmbedding();
}

void Session::Private::startEmbedding()
{
    const Pair pair {zoo, checkpoint};
    const auto work = [this, pair, state = compute](JobContext& context) {
        EmbeddingTask task {.zoo = pair.first, .checkpoint = pair.second, .publish = {}, .device = {}};
        task.publish = [this, &context](std::shared_ptr<const EmbeddedZoo> snapshot) {
            context.post([this, snapshot = std::move(snapshot)] { setEmbedded(snapshot); });
        };
        task.device = [this, &context](const engine::DeviceInfo& device) {
            const auto text = QString::fromStdString(device.description);
            context.post([this, text] { Q_EMIT q.deviceChanged(text); });
        };
        return embed(task, *state, context);
    };
    embedJob = computing.run(&q, QStringLiteral("Embedding %1").arg(QString::fromStdString(zoo->name)), work,
                             [this, pair](const auto& result) { finishEmbedding(pair, result); });
}

void Session::Private::finishEmbedding(const Pair& pair, const Result<std::shared_ptr<const EmbeddedZoo>>& result)
{
    embedJob = 0;
    if (!result) {
        report(result.error());
        return fallBack();
    }
    cache[pair] = *result;
    lastComplete = *result;
    setEmbedded(*result);
    if (!(*result)->failed.empty())
        Q_EMIT q.noted(failedRowsNote((*result)->failed));
}

/// Nothing half done stays: back to the last complete state, if its zoo is still open.
void Session::Private::fallBack()
{
    if (!lastComplete || !isOpen(lastComplete->zoo)) {
        if (zoo)
            chosen.erase(zoo);
        return setEmbedded(nullptr);
    }
    if (lastComplete->zoo != zoo || lastComplete->checkpoint != checkpoint)
        show(lastComplete->zoo, lastComplete->checkpoint);
}

void Session::Private::setEmbedded(std::shared_ptr<const EmbeddedZoo> snapshot)
{
    embedded = std::move(snapshot);
    Q_EMIT q.embeddedChanged();
}

void Session::Private::dropTrace()
{
    if (const auto id = std::exchange(traceJob, 0); id != 0)
        computing.drop(id);
}

void Session::Private::dropWork()
{
    dropTrace();
    if (const auto id = std::exchange(embedJob, 0); id != 0)
        computing.drop(id);
}

void Session::Private::report(const Error& error)
{
    if (error.code == Errc::Cancelled)
        return;
    Q_EMIT q.failed(QString::fromStdString(error.message), QString::fromStdString(error.detail));
}

void Session::Private::forgetZoo(const ZooPtr& closed)
{
    chosen.erase(closed);
    std::erase_if(cache, [&](const auto& entry) { return entry.first.first == closed; });
    if (lastComplete && lastComplete->zoo == closed)
        lastComplete.reset();
    computing.run(
        &q, {}, [state = compute, closed](JobContext&) -> Result<int> { return state->forget(closed), 0; },
        [](const Result<int>&) {});
}

void Session::Private::tellIdle()
{
    if (!opening.busy() && !computing.busy())
        tellTraining();
}

} // namespace rnnscope::ui
