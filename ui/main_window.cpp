#include "ui/main_window.h"

#include "ui/application_style.h"
#include "ui/drop_overlay.h"
#include "ui/models/autosave.h"
#include "ui/models/file_questions.h"
#include "ui/models/hints.h"
#include "ui/models/history.h"
#include "ui/models/labels.h"
#include "ui/models/map_layout.h"
#include "ui/models/selection_keeper.h"
#include "ui/models/session.h"
#include "ui/models/training.h"
#include "ui/panels/behaviour_panel.h"
#include "ui/panels/evaluation_panel.h"
#include "ui/panels/files_panel.h"
#include "ui/panels/filter_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/network_panel.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/question_bar.h"
#include "ui/panels/training_panel.h"
#include "ui/panels/trajectory_panel.h"
#include "ui/plots/map_view.h"
#include "ui/status_strip.h"

#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kLeftWidth = 250;
constexpr int kRightWidth = 364; // four letters' tasks, actual and predicted, with their marks
constexpr int kBottomHeight = 250;
constexpr int kFilesHeight = 300;
constexpr int kNetworkHeight = 600;
constexpr int kTrajectoryHeight = 190;
constexpr int kFiltersHeight = 480;

QStringList localFiles(const QMimeData& data)
{
    QStringList files;
    for (const auto& url : data.urls())
        if (url.isLocalFile())
            files << url.toLocalFile();
    return files;
}

/// Scrolls where there is not enough room.
QScrollArea* scrolled(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus); // what is in it has the focus, and is scrolled to
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return area;
}

} // namespace

MainWindow::MainWindow(Session& session, ApplicationStyle& style, MainWindowOptions options, QWidget* parent)
    : QMainWindow(parent)
    , m_session(session)
    , m_style(style)
    , m_options(std::move(options))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("RNNScope"));
    setAcceptDrops(true);
    setMinimumSize(960, 600);
    resize(1440, 900);
    if (m_options.hints)
        m_hints = new Hints(m_options.persistent ? Hints::Memory::Settings : Hints::Memory::Window, this);
    buildKeeper();
    buildCentre();
    buildDocks();
    buildHistory();
    setStatusBar(new StatusStrip(m_session, this));
    buildMenus();
    buildToolBar();
    m_overlay = new DropOverlay(this);
    connectSession();
    connectHints();
    restore();
    refreshIcons();
    refreshCurrent();
    startAutosave();
}

MainWindow::~MainWindow()
{
    disconnect(&m_session, nullptr, this, nullptr);
    disconnect(&m_session.training(), nullptr, this, nullptr);
    disconnect(&m_session.layout(), nullptr, this, nullptr);
    disconnect(&m_session.questions(), nullptr, this, nullptr);
    for (auto* tab : m_tabs) // they hide when the window goes, and say so
        disconnect(tab, nullptr, this, nullptr);
}

/// Before all views, so that they see the selection of the map that is shown.
void MainWindow::buildKeeper()
{
    m_keeper = new SelectionKeeper(m_session, m_selection, this);
    connect(
        m_keeper, &SelectionKeeper::selectedArrival, this, [this](std::size_t row) { m_map->reveal(row); },
        Qt::QueuedConnection); // when the map has it
}

void MainWindow::buildHistory()
{
    const auto read = [this, selected = std::make_shared<const std::vector<Selection::Id>>()]() mutable -> ViewState {
        if (*selected != m_selection.ids()) // many steps share one
            selected = std::make_shared<const std::vector<Selection::Id>>(m_selection.ids());
        return {.selected = selected,
                .current = m_selection.current(),
                .filter = m_filter.state(),
                .colour = m_colour,
                .size = m_size,
                .shape = m_shape,
                .clip = m_map->colour().clip,
                .map = m_session.layout().kind(),
                .checkpoint = m_session.currentCheckpoint()};
    };
    const auto apply = [this](const ViewState& state) {
        m_filter.setState(state.filter);
        if (state.checkpoint && state.checkpoint != m_session.currentCheckpoint())
            m_session.setCurrentCheckpoint(state.checkpoint);
        setProjection(state.map);
        setColour(state.colour);
        m_map->setClip(state.clip);
        setPointSize(state.size);
        setPointShape(state.shape);
        m_selection.set(*state.selected, state.current);
    };
    m_history = new History(read, apply, this);
    const auto note = [this] { m_history->note(); };
    connect(&m_selection, &Selection::changed, m_history, note);
    connect(&m_filter, &Filter::changed, m_history, note);
    connect(&m_session, &Session::currentChanged, m_history, note);
    connect(&m_session.layout(), &MapLayout::changed, m_history, note);
    connect(m_map, &MapView::clipChanged, m_history, note);
}

void MainWindow::buildCentre()
{
    auto* centre = new QWidget;
    m_messages = new MessageBar;
    m_questions = new QuestionBar;
    m_map = new MapView(m_selection);
    m_map->setObjectName(QStringLiteral("map"));
    m_map->setAccessibleName(tr("Map of networks"));
    m_map->setHoverText([this](std::size_t row) { return hoverText(row); });
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
    layout->addWidget(m_questions);
    m_maps = new QSplitter;
    m_maps->setObjectName(QStringLiteral("maps"));
    m_maps->setHandleWidth(1);
    m_maps->setChildrenCollapsible(false);
    m_maps->addWidget(hinted(QStringLiteral("map"), m_map));
    layout->addWidget(m_maps, 1);
    setCentralWidget(centre);
}

void MainWindow::buildDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
    auto* files = new FilesPanel(m_session);
    connect(files, &FilesPanel::droppedChosen, m_keeper, &SelectionKeeper::selectFirstOf);
    m_network = new NetworkPanel(m_session, m_selection);
    m_probing = new ProbingPanel(m_session, m_selection);
    auto* left = addDock(QStringLiteral("files"), tr("Zoos and files"), scrolled(files), Qt::LeftDockWidgetArea);
    auto* filters
        = addDock(QStringLiteral("filters"), tr("Filters"), new FilterPanel(m_filter), Qt::LeftDockWidgetArea);
    auto* right = addDock(QStringLiteral("network"), tr("Network"), m_network, Qt::RightDockWidgetArea);
    m_trajectory = new TrajectoryPanel(m_filter, m_selection);
    connect(m_trajectory, &TrajectoryPanel::changed, this, &MainWindow::showPaths);
    auto* trajectory
        = addDock(QStringLiteral("trajectory"), tr("Training trajectory"), m_trajectory, Qt::RightDockWidgetArea);
    auto* bottom = addDock(QStringLiteral("probing"), tr("Probing"), m_probing, Qt::BottomDockWidgetArea);
    m_tabs.push_back(bottom);
    buildTabs();
    resizeDocks({left, right}, {kLeftWidth, kRightWidth}, Qt::Horizontal);
    resizeDocks({bottom}, {kBottomHeight}, Qt::Vertical);
    resizeDocks({left, filters}, {kFilesHeight, kFiltersHeight}, Qt::Vertical);
    resizeDocks({right, trajectory}, {kNetworkHeight, kTrajectoryHeight}, Qt::Vertical);
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::filesChanged, this, &MainWindow::refreshEncoders);
    connect(&m_session, &Session::currentChanged, this, &MainWindow::refreshCurrent);
    connect(&m_session, &Session::embeddedChanged, this, &MainWindow::refreshMap);
    connect(&m_session.layout(), &MapLayout::changed, this, &MainWindow::refreshLayout);
    for (const auto signal : {&Session::filesChanged, &Session::currentChanged, &Session::embeddedChanged})
        connect(&m_session, signal, this, &MainWindow::goOnRestoring);
    connect(&m_session, &Session::workChanged, this, [this](const QString&, std::size_t, std::size_t total) {
        if (total == 0)
            goOnRestoring();
    });
    connect(&m_session, &Session::workChanged, this, [this] { m_map->setPlaceholder(placeholder()); });
    connect(&m_session, &Session::failed, m_messages, &MessageBar::showError);
    connect(&m_session, &Session::noted, m_messages, &MessageBar::showNote);
    connect(&m_selection, &Selection::changed, this, &MainWindow::refreshActions);
    connect(&m_filter, &Filter::changed, this, &MainWindow::applyFilter);
    connect(m_map, &MapView::categoryClicked, this, &MainWindow::toggleCategory);
    connect(m_map, &MapView::emptyClicked, this, &MainWindow::choosePlace);
    connect(&m_selection, &Selection::changed, this, [this] {
        if (m_selection.current())
            leavePlace();
    });
    connectTraining();
    connectQuestions();
}

void MainWindow::openFiles(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    QStringList files;
    for (const auto& path : paths)
        if (path.endsWith(QStringLiteral(".rnnscope"), Qt::CaseInsensitive))
            openWorkspace(path);
        else
            files << path;
    remember(files);
    m_session.open(files);
}

bool MainWindow::busy() const
{
    return m_session.busy() || m_jobs.busy() || m_behaviour->busy();
}

void MainWindow::openDemo()
{
    if (!m_options.demoFolder.isEmpty())
        m_session.open({m_options.demoFolder});
}

void MainWindow::refreshCurrent()
{
    const auto zoo = m_session.currentZoo();
    setWindowTitle(zoo ? tr("%1 – RNNScope").arg(plainText(zoo->name)) : QStringLiteral("RNNScope"));
    refreshEncoders();
    refreshMap();
    refreshActions();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (localFiles(*event->mimeData()).isEmpty())
        return;
    event->acceptProposedAction();
    m_overlay->cover();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*)
{
    m_overlay->hide();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    m_overlay->hide();
    event->acceptProposedAction();
    openFiles(localFiles(*event->mimeData()));
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_tools != nullptr)
        refreshIcons();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_options.persistent) {
        QSettings settings;
        settings.setValue(QStringLiteral("geometry"), saveGeometry());
        settings.setValue(QStringLiteral("layout"), saveState(kLayoutVersion));
        settings.setValue(QStringLiteral("projection"), static_cast<int>(m_session.layout().kind()));
        settings.setValue(QStringLiteral("theme"), static_cast<int>(m_style.choice()));
        settings.setValue(QStringLiteral("recent"), m_recent);
    }
    if (m_autosave) {
        m_autosaveTimer.stop();
        m_autosave->discard();
    }
    m_session.training().shutDown();
    m_session.cancel();
    QMainWindow::closeEvent(event);
}

void MainWindow::restore()
{
    if (!m_options.persistent)
        return;
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("layout")).toByteArray(), kLayoutVersion);
    const auto projection = settings.value(QStringLiteral("projection")).toInt();
    if (projection >= 0 && projection < static_cast<int>(projection::kMapKinds.size()))
        setProjection(static_cast<projection::MapKind>(projection));
    m_recent = settings.value(QStringLiteral("recent")).toStringList();
    m_figureSettings.read(settings);
    fillRecent();
}

void MainWindow::remember(const QStringList& paths)
{
    constexpr qsizetype kMostRecent = 10;
    for (const auto& path : paths) {
        m_recent.removeAll(path);
        m_recent.prepend(path);
    }
    m_recent = m_recent.mid(0, kMostRecent);
    fillRecent();
}

} // namespace rnnscope::ui
