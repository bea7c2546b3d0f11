#include "ui/models/session.h"

#include "core/engine/loader.h"
#include "ui/models/emulators.h"
#include "ui/models/session_private.h"

#include <algorithm>

namespace rnnscope::ui {

Session::Session(QObject* parent)
    : Session(&engine::loadEngine, parent)
{
}

Session::Session(EngineLoader loader, QObject* parent)
    : QObject(parent)
    , m_d(std::make_unique<Private>(*this, std::move(loader)))
{
    for (auto* runner : {&m_d->opening, &m_d->laying, &m_d->computing}) {
        connect(runner, &JobRunner::progressed, this, &Session::workChanged);
        connect(runner, &JobRunner::noted, this, &Session::noted);
        connect(runner, &JobRunner::idle, this, [this] { m_d->tellIdle(); });
    }
    connect(&m_d->computing, &JobRunner::idle, this, [this] { m_d->remember(); });
    for (const auto signal : {&Session::currentChanged, &Session::embeddedChanged}) // before anyone asks for the map
        connect(this, signal, &m_d->layout, [this] { m_d->layout.follow(m_d->embedded); });
    connect(&m_d->layout, &MapLayout::failed, this, &Session::failed);
    m_d->connectTraining();
    m_d->connectQuestions();
}

Session::~Session() = default;

void Session::loadEngine()
{
    const auto load = [compute = m_d->compute](JobContext&) -> Result<QString> {
        const auto loaded = compute->engine();
        if (!loaded)
            return forward(loaded);
        const auto devices = (*loaded)->devices();
        return devices.empty() ? QString() : QString::fromStdString(devices.front().description);
    };
    m_d->loading.runSlice(this, load, [this](const Result<QString>& device) {
        if (device)
            Q_EMIT deviceChanged(*device);
        else
            m_d->report(device.error());
    });
}

void Session::keepEmbeddingsIn(const QString& folder)
{
    m_d->compute->keepEmbeddings({folder.toStdString(), engine::engineStamp()});
}

const std::vector<std::shared_ptr<const zoo::Zoo>>& Session::zoos() const
{
    return m_d->zoos;
}

const std::vector<WeightsOpened>& Session::dropped() const
{
    return m_d->dropped;
}

const std::vector<std::shared_ptr<const zoo::Checkpoint>>& Session::checkpoints() const
{
    return m_d->checkpoints;
}

std::shared_ptr<const zoo::Zoo> Session::currentZoo() const
{
    return m_d->zoo;
}

std::shared_ptr<const zoo::Checkpoint> Session::currentCheckpoint() const
{
    return m_d->checkpoint;
}

std::vector<std::shared_ptr<const zoo::Checkpoint>> Session::fittingCheckpoints() const
{
    if (m_d->zoo)
        return m_d->fitting(m_d->zoo);
    std::vector<std::shared_ptr<const zoo::Checkpoint>> fits;
    for (const auto& each : m_d->checkpoints)
        if (std::any_of(m_d->dropped.begin(), m_d->dropped.end(),
                        [&](const WeightsOpened& file) { return m_d->reads(each, *file.zoo).has_value(); }))
            fits.push_back(each);
    return fits;
}

std::shared_ptr<const EmbeddedZoo> Session::embedded() const
{
    return m_d->embedded;
}

std::shared_ptr<const EmbeddedZoo> Session::currentEmbedded() const
{
    const auto known = m_d->cache.find({m_d->zoo, m_d->checkpoint});
    return known != m_d->cache.end() ? known->second : nullptr;
}

bool Session::busy() const
{
    return m_d->opening.busy() || m_d->laying.busy() || m_d->computing.busy();
}

void Session::open(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    std::vector<std::filesystem::path> files;
    for (const auto& path : paths) {
        files.emplace_back(path.toStdString());
        m_d->given.removeAll(path);
        m_d->given << path;
    }
    m_d->opening.run(
        this, {}, [files](JobContext& context) { return openPaths(files, context); },
        [this](const Result<Opened>& opened) {
            if (opened)
                m_d->take(*opened);
            else
                m_d->report(opened.error());
        });
}

void Session::setCurrentZoo(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    if (!m_d->isOpen(zoo))
        return;
    const bool wasHidden = m_d->hidden.erase(zoo) > 0;
    if (!wasHidden && zoo == m_d->zoo && (m_d->embedded || m_d->embedJob != 0))
        return;
    m_d->become(zoo, m_d->preferred(zoo));
    if (wasHidden)
        Q_EMIT filesChanged();
}

void Session::setCurrentCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    if (!checkpoint || (!m_d->zoo && m_d->dropped.empty()))
        return;
    if (checkpoint == m_d->checkpoint && (m_d->embedded || m_d->embedJob != 0))
        return;
    const auto fits = fittingCheckpoints();
    if (std::find(fits.begin(), fits.end(), checkpoint) == fits.end())
        return m_d->explainUnfit(*checkpoint);
    m_d->become(m_d->zoo, checkpoint);
}

void Session::show(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    if (m_d->hidden.erase(zoo) == 0)
        return;
    Q_EMIT filesChanged();
    m_d->arrange();
}

void Session::hide(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    if ((!m_d->isOpen(zoo) && !m_d->isDropped(zoo)) || !m_d->hidden.insert(zoo).second)
        return;
    Q_EMIT filesChanged();
    m_d->arrange();
}

bool Session::isHidden(const std::shared_ptr<const zoo::Zoo>& zoo) const
{
    return m_d->hidden.contains(zoo);
}

Result<void> Session::readable(const zoo::Zoo& zoo) const
{
    return m_d->reads(m_d->checkpoint, zoo);
}

std::size_t Session::number(const std::shared_ptr<const zoo::Zoo>& zoo) const
{
    return m_d->numberOf(zoo);
}

void Session::cancel()
{
    if (!busy() && m_d->training.active())
        return m_d->training.cancel();
    m_d->opening.stopAll();
    m_d->layout.cancel();
    m_d->computing.stop(m_d->otherJob);
    m_d->computing.stop(m_d->embedJob); // traces are over at once and leave nothing half done
}

MapLayout& Session::layout()
{
    return m_d->layout;
}

EvaluationRun& Session::evaluation()
{
    return m_d->evaluating;
}

Training& Session::training()
{
    return m_d->training;
}

std::shared_ptr<Emulators> Session::makeEmulators() const
{
    return std::make_shared<Emulators>([compute = m_d->compute] { return compute->engine(); });
}

} // namespace rnnscope::ui
