#include "core/base/printable.h"
#include "ui/models/labels.h"
#include "ui/models/opening.h"
#include "ui/models/refusals.h"
#include "ui/models/session_private.h"

#include <algorithm>
#include <system_error>
#include <utility>

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

/// From the same weight files, maybe with other weights by now.
bool sameFiles(const zoo::Zoo& a, const zoo::Zoo& b)
{
    const auto* filesOfA = a.property("file");
    const auto* filesOfB = b.property("file");
    return a.path == b.path && a.architecture == b.architecture && filesOfA != nullptr && filesOfB != nullptr
        && filesOfA->labels == filesOfB->labels;
}

} // namespace

void Session::Private::take(const Opened& opened)
{
    std::vector<ZooPtr> newZoos;
    std::vector<CheckpointPtr> newCheckpoints;
    addNew(opened, newZoos, newCheckpoints);
    const bool anyWeights = std::any_of(opened.weights.begin(), opened.weights.end(),
                                        [](const weights::WeightZoos& each) { return !each.zoos.empty(); });
    if (!newZoos.empty() || !newCheckpoints.empty())
        Q_EMIT q.filesChanged();
    if (!newZoos.empty())
        choose(newZoos);
    else if (!newCheckpoints.empty() && (zoo || !anyWeights))
        adopt(newCheckpoints);
    addWeights(opened.weights, opened.errors);
    for (const auto& state : opened.encoderStates)
        Q_EMIT q.encoderStateFound(QString::fromStdString(state.string()));
    for (const auto& each : newCheckpoints)
        if (each->resume)
            Q_EMIT q.unfinishedOpened(each);
}

void Session::Private::addNew(const Opened& opened, std::vector<ZooPtr>& newZoos,
                              std::vector<CheckpointPtr>& newCheckpoints)
{
    for (const auto& each : opened.zoos) {
        newZoos.push_back(addUnlessKnown(zoos, each));
        giveNumber(newZoos.back());
    }
    for (const auto& each : opened.checkpoints)
        newCheckpoints.push_back(addUnlessKnown(checkpoints, each));
}

void Session::Private::giveNumber(const ZooPtr& fresh)
{
    if (numbers.contains(fresh))
        return;
    std::size_t number = 0;
    while (std::any_of(numbers.begin(), numbers.end(), [&](const auto& each) { return each.second == number; }))
        ++number;
    numbers[fresh] = number;
}

/// One of the new zoos becomes the current one: one that joins the map, else one that another encoder reads. Where none
/// can be read the map stays, unless it is empty.
void Session::Private::choose(const std::vector<ZooPtr>& newZoos)
{
    const auto joining = std::find_if(newZoos.begin(), newZoos.end(),
                                      [this](const ZooPtr& each) { return reads(checkpoint, *each).has_value(); });
    const auto readable
        = std::find_if(newZoos.begin(), newZoos.end(), [this](const ZooPtr& each) { return !fitting(each).empty(); });
    const bool empty = !embedded && embedJob == 0;
    if (joining == newZoos.end() && readable == newZoos.end() && !empty) {
        for (const auto& each : newZoos)
            explainUnread(*each);
        return;
    }
    const auto next = joining != newZoos.end() ? *joining : readable != newZoos.end() ? *readable : newZoos.front();
    for (const auto& each : newZoos)
        hidden.erase(each);
    if (next != zoo || !checkpoint || empty)
        become(next, preferred(next));
    else
        arrange();
    Q_EMIT q.filesChanged();
}

/// Checkpoints that came without a zoo: the first that fits is used, else the reason is given.
void Session::Private::adopt(const std::vector<CheckpointPtr>& newCheckpoints)
{
    if (!zoo && dropped.empty()) {
        Q_EMIT q.noted(QStringLiteral("Open a zoo as well: an encoder alone shows nothing"));
        return;
    }
    const auto fits = q.fittingCheckpoints();
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
    const auto& candidate = zoo ? *zoo : *dropped.front().zoo;
    const auto reason = zoo::checkFits(unfit.config, candidate.architecture);
    QStringList readable;
    for (const auto& each : zoos)
        if (zoo::checkFits(unfit.config, each->architecture))
            readable << plainText(each->name);
    auto message = QStringLiteral("%1 does not fit %2: %3")
                       .arg(QString::fromStdString(unfit.title()), plainText(candidate.name),
                            reason ? QString() : QString::fromStdString(reason.error().message));
    if (!readable.isEmpty())
        message += QStringLiteral("; it fits %1").arg(readable.join(QStringLiteral(", ")));
    Q_EMIT q.failed(message, QString::fromStdString(unfit.path.string()));
}

void Session::addWeights(const weights::WeightZoos& loaded)
{
    m_d->addWeights({loaded}, {});
}

/// What is wrong with the files of one opening is one message.
void Session::Private::addWeights(const std::vector<weights::WeightZoos>& batches, std::vector<Error> errors)
{
    std::vector<weights::LoadReport> loaded;
    std::map<std::filesystem::path, std::vector<weights::Refused>> refused; // by their labels
    for (const auto& each : batches) {
        takeWeights(byZoo(each));
        auto& alike = refused[each.labels];
        alike.insert(alike.end(), each.refused.begin(), each.refused.end());
        loaded.insert(loaded.end(), each.reports.begin(), each.reports.end());
    }
    if (!loaded.empty())
        Q_EMIT q.weightsLoaded(loaded);
    if (const auto sick = notFinite(loaded))
        Q_EMIT q.failed(sick->message, sick->detail);
    for (const auto& [labels, files] : refused)
        addRefused(files, labels, errors);
    if (errors.empty())
        return;
    const auto [message, detail] = summarise(errors);
    Q_EMIT q.failed(message, detail);
}

/// What was refused joins `errors`; what only needs a choice is asked about.
void Session::Private::addRefused(const std::vector<weights::Refused>& refused, const std::filesystem::path& labels,
                                  std::vector<Error>& errors)
{
    for (const auto& each : refused)
        if (each.error.code != Errc::NeedsChoice)
            errors.push_back(each.error);
    if (refused.empty())
        return;
    asking.ask(refused, labels);
    Q_EMIT q.weightsRefused(refused);
}

void Session::Private::takeWeights(const std::vector<WeightsOpened>& loaded)
{
    std::vector<ZooPtr> newZoos;
    std::vector<ZooPtr> arrivals;
    for (const auto& each : loaded) {
        const bool isStar = each.zoo->size <= kMostStars;
        (isStar ? arrivals : newZoos).push_back(each.zoo);
        replaceSameFiles(*each.zoo);
        if (isStar)
            dropped.push_back(each);
        else
            zoos.push_back(each.zoo);
        giveNumber(each.zoo);
        reports[each.zoo] = each.reports;
    }
    if (loaded.empty())
        return;
    Q_EMIT q.filesChanged();
    if (!newZoos.empty())
        choose(newZoos);
    if (!arrivals.empty())
        place(arrivals);
}

void Session::Private::replaceSameFiles(const zoo::Zoo& fresh)
{
    std::vector<ZooPtr> old;
    for (const auto& each : dropped)
        if (sameFiles(*each.zoo, fresh))
            old.push_back(each.zoo);
    for (const auto& each : zoos)
        if (sameFiles(*each, fresh))
            old.push_back(each);
    for (const auto& each : old)
        q.close(each);
}

/// Dropped files join the map. What its encoder cannot read brings another one, if that reads the current zoo, too.
void Session::Private::place(const std::vector<ZooPtr>& arrivals)
{
    for (const auto& each : arrivals) {
        if (reads(checkpoint, *each))
            continue;
        auto fits = fitting(each);
        if (zoo)
            std::erase_if(fits, [this](const CheckpointPtr& fit) { return !reads(fit, *zoo); });
        const auto best = preferred(each);
        if (fits.empty())
            explainUnread(*each);
        else
            become(zoo, std::find(fits.begin(), fits.end(), best) != fits.end() ? best : fits.front());
    }
    arrange();
    const auto shown = std::find_if(arrivals.begin(), arrivals.end(),
                                    [this](const ZooPtr& each) { return reads(checkpoint, *each).has_value(); });
    if (shown != arrivals.end())
        Q_EMIT q.arrived(*shown);
}

/// Why it is not on the map, and by what it could be.
void Session::Private::explainUnread(const zoo::Zoo& candidate)
{
    QStringList fits;
    for (const auto& each : checkpoints)
        if (reads(each, candidate))
            fits << checkpointLabel(*each, checkpoints);
    const auto reason = reads(checkpoint, candidate);
    auto message = QStringLiteral("%1 is not on the map: ").arg(plainText(candidate.name));
    if (!reason && checkpoint)
        message += QString::fromStdString(reason.error().message);
    else
        message += QStringLiteral("no open encoder reads %1")
                       .arg(QString::fromStdString(candidate.architecture.description()));
    if (!fits.isEmpty())
        message += QStringLiteral("; it fits %1").arg(fits.join(QStringLiteral(", ")));
    Q_EMIT q.failed(message, QString::fromStdString(printable(candidate.path.string(), kLongestPath)));
}

void Session::close(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    const auto closed = zoo; // `zoo` may refer to the entry that goes
    auto& zoos = m_d->zoos;
    const auto at = std::find(zoos.begin(), zoos.end(), closed);
    const auto index = static_cast<std::size_t>(at - zoos.begin());
    if (at != zoos.end())
        zoos.erase(at);
    else if (std::erase_if(m_d->dropped, [&](const WeightsOpened& each) { return each.zoo == closed; }) == 0)
        return;
    m_d->forgetZoo(closed);
    Q_EMIT filesChanged();
    if (closed == m_d->zoo) {
        const auto next = zoos.empty() ? nullptr : zoos[std::min(index, zoos.size() - 1)];
        return m_d->become(next, next ? m_d->preferred(next) : m_d->readerOfDropped());
    }
    if (m_d->zoo || m_d->readerOfDropped())
        return m_d->arrange();
    m_d->become(nullptr, nullptr);
}

void Session::closeAll()
{
    m_d->opening.stopAll();
    m_d->dropWork();
    while (!m_d->dropped.empty())
        close(m_d->dropped.back().zoo);
    while (!m_d->zoos.empty())
        close(m_d->zoos.back());
    for (const auto& each : std::exchange(m_d->checkpoints, {})) {
        if (each == m_d->learning)
            m_d->checkpoints.push_back(each);
        else
            m_d->forgetCheckpoint(each);
    }
    m_d->given.clear();
    Q_EMIT filesChanged();
    m_d->become(nullptr, nullptr);
}

QStringList Session::openedPaths() const
{
    std::vector<std::filesystem::path> open;
    for (const auto& each : m_d->zoos)
        open.push_back(each->path);
    for (const auto& each : m_d->checkpoints)
        open.push_back(each->path);
    for (const auto& each : m_d->dropped)
        open.push_back(each.zoo->path);
    QStringList paths;
    for (const auto& path : m_d->given) {
        const auto within = [start = path.toStdString()](const std::filesystem::path& file) {
            const auto text = file.string();
            return text == start || text.starts_with(start + '/');
        };
        if (std::any_of(open.begin(), open.end(), within))
            paths << path;
    }
    return paths;
}

/// Without a zoo the dropped files are what is shown.
Session::Private::CheckpointPtr Session::Private::readerOfDropped() const
{
    for (const auto& each : dropped)
        if (auto reader = preferred(each.zoo))
            return reader;
    return nullptr;
}

void Session::Private::forgetZoo(const ZooPtr& closed)
{
    std::erase_if(permuted, [&](const PermutedCopies& each) { return each.zoo == closed; });
    chosen.erase(closed);
    hidden.erase(closed);
    numbers.erase(closed);
    reports.erase(closed);
    std::erase_if(cache, [&](const auto& entry) { return entry.first.first == closed; });
    if (lastComplete) {
        const auto shown = zoosOf(*lastComplete);
        if (std::find(shown.begin(), shown.end(), closed) != shown.end())
            lastComplete.reset();
    }
    computing.run(
        &q, {}, [state = compute, closed](JobContext&) -> Result<int> { return state->forget(closed), 0; },
        [](const Result<int>&) {});
}

} // namespace rnnscope::ui
