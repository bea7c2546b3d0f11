#include "ui/main_window.h"
#include "ui/models/autosave.h"
#include "ui/models/history.h"
#include "ui/models/map_layout.h"
#include "ui/models/session.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/side_map.h"
#include "ui/plots/map_view.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>
#include <unistd.h>

namespace rnnscope::ui {

namespace {

QString pathOf(const zoo::Zoo& zoo)
{
    return QString::fromStdString(zoo.path.string());
}

/// Of those open, dropped files too; null when there is none.
std::shared_ptr<const zoo::Zoo> zooAt(const Session& session, const QString& path)
{
    for (const auto& each : session.zoos())
        if (pathOf(*each) == path)
            return each;
    for (const auto& each : session.dropped())
        if (pathOf(*each.zoo) == path)
            return each.zoo;
    return nullptr;
}

std::shared_ptr<const zoo::Checkpoint> checkpointAt(const Session& session, const QString& path)
{
    for (const auto& each : session.checkpoints())
        if (QString::fromStdString(each->path.string()) == path)
            return each;
    return nullptr;
}

Workspace::Network networkAt(const EmbeddedZoo& shown, std::size_t row)
{
    const auto place = placeOf(shown, row);
    return {pathOf(*place.embedded.zoo), place.row};
}

} // namespace

void MainWindow::startAutosave()
{
    if (m_options.autosaveFolder.isEmpty())
        return;
    m_autosave = std::make_unique<Autosave>(m_options.autosaveFolder.toStdString(), static_cast<long>(::getpid()));
    constexpr int kInterval = 5000; // ms
    m_autosaveTimer.setInterval(kInterval);
    connect(&m_autosaveTimer, &QTimer::timeout, this, [this] {
        if (!m_pending) // half of one that is being opened is worse than none
            (void)m_autosave->save(workspace());
    });
    m_autosaveTimer.start();
}

bool MainWindow::restoreLost()
{
    auto lost = m_autosave ? m_autosave->takeLost() : std::nullopt;
    if (!lost || lost->files.isEmpty())
        return false;
    restoreWorkspace(*lost);
    m_messages->showNote(tr("The last program did not end well. This is what it showed"));
    return true;
}

Workspace MainWindow::workspace() const
{
    Workspace made;
    made.files = m_session.openedPaths();
    if (const auto zoo = m_session.currentZoo())
        made.zoo = pathOf(*zoo);
    if (const auto checkpoint = m_session.currentCheckpoint())
        made.checkpoint = QString::fromStdString(checkpoint->path.string());
    for (const auto& each : m_session.zoos())
        if (m_session.isHidden(each))
            made.hidden << pathOf(*each);
    made.map = m_session.layout().kind();
    for (const auto* side : m_sides)
        if (const auto reader = side->checkpoint())
            made.sides.push_back({QString::fromStdString(reader->path.string()), side->kind()});
    made.colour = m_colour;
    made.size = m_size;
    made.shape = m_shape;
    made.clip = m_map->colour().clip;
    if (const auto pose = m_map->pose())
        made.pose = {pose->first, pose->second};
    made.filter = m_filter.state();
    if (const auto shown = m_session.embedded()) {
        for (const auto id : m_selection.ids())
            if (id < shown->zoo->size)
                made.selected.push_back(networkAt(*shown, id));
        if (const auto current = m_selection.current(); current && *current < shown->zoo->size)
            made.current = networkAt(*shown, *current);
    }
    for (const auto* tab : m_tabs)
        if (!tab->isHidden() && !tab->visibleRegion().isEmpty())
            made.tab = tab->objectName().chopped(4); // without "Dock"
    made.geometry = saveGeometry();
    made.layout = saveState(kLayoutVersion);
    return made;
}

void MainWindow::openWorkspace(const QString& path)
{
    const auto read = readWorkspace(path.toStdString());
    if (!read)
        return showError(read.error());
    m_workspacePath = path;
    remember({path});
    restoreWorkspace(*read);
}

void MainWindow::restoreWorkspace(const Workspace& wanted)
{
    m_pending.reset();
    m_session.closeAll();
    m_selection.clear();
    m_filter.clear();
    if (!wanted.geometry.isEmpty() && m_options.persistent)
        restoreGeometry(wanted.geometry);
    if (!wanted.layout.isEmpty())
        restoreState(wanted.layout, kLayoutVersion);
    setProjection(wanted.map);
    while (!m_sides.empty())
        removeSideMap(m_sides.back());
    m_pending = wanted;
    m_session.open(wanted.files);
    goOnRestoring();
}

void MainWindow::goOnRestoring()
{
    QMetaObject::invokeMethod(
        this, [this] { applyPending(); }, Qt::QueuedConnection); // not in the middle of what has changed
}

/// As far as it has been opened and embedded by now.
void MainWindow::applyPending()
{
    if (!m_pending)
        return;
    if (const auto zoo = zooAt(m_session, m_pending->zoo); zoo && zoo != m_session.currentZoo())
        return m_session.setCurrentZoo(zoo); // and comes back
    const auto reader = checkpointAt(m_session, m_pending->checkpoint);
    if (reader && reader != m_session.currentCheckpoint()) {
        m_session.setCurrentCheckpoint(reader);
        if (reader == m_session.currentCheckpoint())
            return;
    }
    for (const auto& path : m_pending->hidden)
        if (const auto zoo = zooAt(m_session, path); zoo && !m_session.isHidden(zoo))
            return m_session.hide(zoo);
    const auto shown = m_session.embedded();
    const bool there = shown && shown->complete && (!reader || shown->checkpoint == reader);
    if (!there && m_session.busy())
        return;
    if (there && !m_pendingShown)
        applyToMap(*shown);
    if (m_session.busy())
        return;
    if (m_pending->pose && m_session.layout().shownKind() == m_pending->map)
        m_map->setPose(m_pending->pose->centre, m_pending->pose->scale);
    m_pending.reset();
    m_pendingShown = false;
    m_history->forget();
}

void MainWindow::applyToMap(const EmbeddedZoo& shown)
{
    m_pendingShown = true;
    setColour(m_pending->colour);
    setPointSize(m_pending->size);
    setPointShape(m_pending->shape);
    m_map->setClip(m_pending->clip);
    m_filter.setState(m_pending->filter);
    for (const auto& side : m_pending->sides)
        if (const auto reader = checkpointAt(m_session, side.checkpoint); reader && m_sides.size() < kMostSides) {
            addSideMap();
            m_sides.back()->setCheckpoint(reader);
            m_sides.back()->setKind(side.map);
        }
    const auto idOf = [&](const Workspace::Network& network) {
        const auto zoo = zooAt(m_session, network.zoo);
        return zoo && network.row < zoo->size ? rowOnMap(shown, zoo.get(), network.row) : std::nullopt;
    };
    std::vector<Selection::Id> ids;
    for (const auto& network : m_pending->selected)
        if (const auto id = idOf(network))
            ids.push_back(*id);
    m_selection.set(std::move(ids), m_pending->current ? idOf(*m_pending->current) : std::nullopt);
    showTab(m_pending->tab);
}

void MainWindow::chooseWorkspace()
{
    const auto path = QFileDialog::getOpenFileName(this, tr("Open Workspace"), {}, tr("Workspaces (*.rnnscope)"));
    if (!path.isEmpty())
        openWorkspace(path);
}

void MainWindow::saveWorkspace()
{
    if (m_workspacePath.isEmpty())
        return saveWorkspaceAs();
    saveWorkspaceTo(m_workspacePath);
}

void MainWindow::saveWorkspaceAs()
{
    auto path = QFileDialog::getSaveFileName(this, tr("Save Workspace"), QStringLiteral("workspace.rnnscope"),
                                             tr("Workspaces (*.rnnscope)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".rnnscope");
    saveWorkspaceTo(path);
}

void MainWindow::saveWorkspaceTo(const QString& path)
{
    if (const auto written = writeWorkspace(workspace(), path.toStdString()); !written)
        return showError(written.error());
    m_workspacePath = path;
    remember({path});
    m_messages->showNote(tr("Saved %1").arg(QFileInfo(path).fileName()));
}

} // namespace rnnscope::ui
