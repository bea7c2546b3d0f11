#include "ui/models/session.h"

#include "ui/models/embedding_job.h"
#include "ui/models/session_private.h"

#include <QTimer>

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
    for (auto* runner : {&m_d->opening, &m_d->computing}) {
        connect(runner, &JobRunner::progressed, this, &Session::workChanged);
        connect(runner, &JobRunner::noted, this, &Session::noted);
        connect(runner, &JobRunner::idle, this, [this] { m_d->tellIdle(); });
    }
    m_d->connectTraining();
}

Session::~Session() = default;

void Session::loadEngine()
{
    const auto load = [compute = m_d->compute](JobContext& context) -> Result<QString> {
        context.begin("Loading the engine", 1);
        const auto loaded = compute->engine();
        if (!loaded)
            return forward(loaded);
        const auto devices = (*loaded)->devices();
        return devices.empty() ? QString() : QString::fromStdString(devices.front().description);
    };
    m_d->computing.run(this, {}, load, [this](const Result<QString>& device) {
        if (device)
            Q_EMIT deviceChanged(*device);
        else
            m_d->report(device.error());
    });
}

const std::vector<std::shared_ptr<const zoo::Zoo>>& Session::zoos() const
{
    return m_d->zoos;
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
    return m_d->zoo ? m_d->fitting(m_d->zoo) : std::vector<std::shared_ptr<const zoo::Checkpoint>> {};
}

std::shared_ptr<const EmbeddedZoo> Session::embedded() const
{
    return m_d->embedded;
}

bool Session::busy() const
{
    return m_d->opening.busy() || m_d->computing.busy();
}

void Session::open(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    std::vector<std::filesystem::path> files;
    for (const auto& path : paths)
        files.emplace_back(path.toStdString());
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
    if (!m_d->isOpen(zoo) || (zoo == m_d->zoo && (m_d->embedded || m_d->embedJob != 0)))
        return;
    m_d->show(zoo, m_d->preferred(zoo));
}

void Session::setCurrentCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    if (!m_d->zoo || !checkpoint)
        return;
    if (checkpoint == m_d->checkpoint && (m_d->embedded || m_d->embedJob != 0))
        return;
    const auto fits = m_d->fitting(m_d->zoo);
    if (std::find(fits.begin(), fits.end(), checkpoint) == fits.end())
        return m_d->explainUnfit(*checkpoint);
    m_d->show(m_d->zoo, checkpoint);
}

void Session::close(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    if (!m_d->isOpen(zoo))
        return;
    auto& zoos = m_d->zoos;
    const auto at = std::find(zoos.begin(), zoos.end(), zoo);
    const auto index = static_cast<std::size_t>(at - zoos.begin());
    const auto closed = zoo; // `zoo` may refer to the entry that goes
    zoos.erase(at);
    m_d->forgetZoo(closed);
    Q_EMIT filesChanged();
    if (closed != m_d->zoo)
        return;
    const auto next = zoos.empty() ? nullptr : zoos[std::min(index, zoos.size() - 1)];
    m_d->show(next, next ? m_d->preferred(next) : nullptr);
}

void Session::cancel()
{
    if (!busy() && m_d->training.active())
        return m_d->training.cancel();
    m_d->opening.stopAll();
    m_d->computing.stop(m_d->embedJob); // traces are over at once and leave nothing half done
}

EvaluationRun& Session::evaluation()
{
    return m_d->evaluating;
}

Training& Session::training()
{
    return m_d->training;
}

void Session::requestTrace(std::size_t row)
{
    m_d->dropTrace();
    const auto zoo = m_d->zoo;
    const auto checkpoint = m_d->checkpoint;
    if (!zoo || !checkpoint || row >= zoo->size)
        return;
    if (!checkpoint->config.probing()) {
        QTimer::singleShot(0, this, [this, row] { Q_EMIT traceReady(row, std::make_shared<engine::Traces>()); });
        return;
    }
    using Answer = Result<std::shared_ptr<engine::Traces>>;
    const auto work = [compute = m_d->compute, zoo, checkpoint, row](JobContext& context) -> Answer {
        const auto encoder = compute->encoder(checkpoint);
        if (!encoder)
            return forward(encoder);
        return trace(*zoo, **encoder, row, context);
    };
    m_d->traceJob = m_d->computing.run(this, {}, work, [this, row](const Answer& answer) {
        m_d->traceJob = 0;
        if (answer)
            Q_EMIT traceReady(row, *answer);
        else
            m_d->report(answer.error());
    });
}

} // namespace rnnscope::ui
