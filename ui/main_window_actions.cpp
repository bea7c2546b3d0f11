#include "ui/application_style.h"
#include "ui/main_window.h"
#include "ui/models/history.h"
#include "ui/models/labels.h"
#include "ui/models/session.h"
#include "ui/panels/expression_field.h"
#include "ui/plots/map_view.h"
#include "ui/plots/text.h"

#include <QActionGroup>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QSettings>
#include <QSignalBlocker>
#include <QTextDocument>

#include <algorithm>
#include <array>

namespace rnnscope::ui {

QAction* MainWindow::addAction(QMenu* menu, const QString& text, const QKeySequence& shortcut,
                               void (MainWindow::*slot)())
{
    auto* action = menu->addAction(text, this, slot);
    action->setShortcut(shortcut);
    action->setToolTip(withShortcut(text, shortcut));
    return action;
}

void MainWindow::buildMenus()
{
    auto* name = new QLabel(QStringLiteral("RNNScope"));
    name->setObjectName(QStringLiteral("appName"));
    menuBar()->setCornerWidget(name, Qt::TopLeftCorner);
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildSelectMenu();
    m_encoderMenu = menuBar()->addMenu(tr("&Encoder"));
    fillEncoderMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu()
{
    auto* file = menuBar()->addMenu(tr("&File"));
    file->setObjectName(QStringLiteral("fileMenu"));
    addAction(file, tr("&Open…"), QKeySequence::Open, &MainWindow::chooseFiles)->setObjectName(QStringLiteral("open"));
    addAction(file, tr("Open &Folder…"), {QStringLiteral("Ctrl+Shift+O")}, &MainWindow::chooseFolder);
    if (!m_options.demoFolder.isEmpty())
        addAction(file, tr("Open &Demo"), {QStringLiteral("Ctrl+D")}, &MainWindow::openDemo);
    m_recentMenu = file->addMenu(tr("Open &Recent"));
    fillRecent();
    file->addSeparator();
    addAction(file, tr("Open &Workspace…"), {QStringLiteral("Ctrl+Alt+O")}, &MainWindow::chooseWorkspace);
    m_needZoo.push_back(addAction(file, tr("&Save Workspace"), QKeySequence::Save, &MainWindow::saveWorkspace));
    m_needZoo.push_back(
        addAction(file, tr("Save Workspace &As…"), {QStringLiteral("Ctrl+Alt+S")}, &MainWindow::saveWorkspaceAs));
    file->addSeparator();
    addSaveAction(file);
    buildExportMenu(file);
    file->addSeparator();
    addAction(file, tr("Cance&l Work"), {QStringLiteral("Ctrl+.")}, &MainWindow::cancelWork);
    m_needZoo.push_back(addAction(file, tr("&Close Zoo"), QKeySequence::Close, &MainWindow::closeZoo));
    auto* quit = file->addAction(tr("&Quit"), this, &QWidget::close);
    quit->setShortcut({QStringLiteral("Ctrl+Q")});
}

void MainWindow::buildEditMenu()
{
    auto* edit = menuBar()->addMenu(tr("&Edit"));
    auto* undo = m_history->stack().createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setObjectName(QStringLiteral("undo"));
    auto* redo = m_history->stack().createRedoAction(this, tr("&Redo"));
    redo->setShortcuts(QKeySequence::Redo);
    redo->setObjectName(QStringLiteral("redo"));
    edit->addActions({undo, redo});
    edit->addSeparator();
    m_needZoo.push_back(
        addAction(edit, tr("Copy &Map as Image"), {QStringLiteral("Ctrl+Shift+C")}, &MainWindow::copyMap));
}

void MainWindow::buildViewMenu()
{
    auto* view = menuBar()->addMenu(tr("&View"));
    view->setObjectName(QStringLiteral("viewMenu"));
    for (std::size_t i = 0; i < m_docks.size(); ++i) {
        auto* toggle = m_docks[i]->toggleViewAction();
        constexpr std::size_t kDigits = 9;
        if (i < kDigits)
            toggle->setShortcut({QStringLiteral("Alt+%1").arg(i + 1)});
        view->addAction(toggle);
    }
    view->addSeparator();
    m_fit = addAction(view, tr("&Fit"), {QStringLiteral("F")}, &MainWindow::fitMap);
    m_fit->setObjectName(QStringLiteral("fit"));
    m_needZoo.push_back(m_fit);
    m_needZoo.push_back(addAction(view, tr("Next &Projection"), {QStringLiteral("M")}, &MainWindow::nextProjection));
    m_needZoo.push_back(addAction(view, tr("Add &Map Beside"), {QStringLiteral("Ctrl+M")}, &MainWindow::addSideMap));
    m_needZoo.push_back(addAction(view, tr("&Next Colour"), {QStringLiteral("C")}, &MainWindow::nextColour));
    m_needZoo.push_back(
        addAction(view, tr("P&revious Colour"), {QStringLiteral("Shift+C")}, &MainWindow::previousColour));
    addPointsMenu(view);
    m_showPaths = view->addAction(tr("&Trajectories on the Map"));
    m_showPaths->setObjectName(QStringLiteral("showPaths"));
    m_showPaths->setShortcut({QStringLiteral("T")});
    m_showPaths->setCheckable(true);
    m_showPaths->setChecked(true);
    connect(m_showPaths, &QAction::toggled, this, &MainWindow::showPaths);
    m_needZoo.push_back(m_showPaths);
    view->addSeparator();
    auto* theme = view->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(theme);
    const std::array<std::pair<QString, ThemeChoice>, 3> themes {
        {{tr("&System"), ThemeChoice::System}, {tr("&Light"), ThemeChoice::Light}, {tr("&Dark"), ThemeChoice::Dark}}};
    for (const auto& [text, choice] : themes) {
        auto* action = group->addAction(theme->addAction(text));
        action->setCheckable(true);
        action->setChecked(m_style.choice() == choice);
        connect(action, &QAction::triggered, this, [this, picked = choice] { m_style.setChoice(picked); });
    }
}

void MainWindow::buildSelectMenu()
{
    auto* select = menuBar()->addMenu(tr("&Select"));
    m_needZoo.push_back(addAction(select, tr("&All"), QKeySequence::SelectAll, &MainWindow::selectAll));
    m_needNetwork.push_back(addAction(select, tr("&None"), {QStringLiteral("Ctrl+Shift+A")}, &MainWindow::selectNone));
    m_needZoo.push_back(addAction(select, tr("&Invert"), {QStringLiteral("Ctrl+I")}, &MainWindow::selectInverse));
    m_needNetwork.push_back(addAction(select, tr("&Same Run"), {QStringLiteral("Ctrl+R")}, &MainWindow::selectSameRun));
    select->addSeparator();
    auto* symmetry
        = addAction(select, tr("Check S&ymmetry"), {QStringLiteral("Ctrl+Shift+P")}, &MainWindow::checkSymmetry);
    symmetry->setToolTip(tr("Copies the selected networks with their hidden units in another order, which changes "
                            "nothing of what they do, and shows where the encoder puts the copies"));
    m_needNetwork.push_back(symmetry);
    select->addSeparator();
    m_needZoo.push_back(addAction(select, tr("&Filter"), QKeySequence::Find, &MainWindow::focusFilter));
    m_needZoo.push_back(
        addAction(select, tr("&Clear Filters"), {QStringLiteral("Ctrl+Shift+F")}, &MainWindow::clearFilter));
}

void MainWindow::fillRecent()
{
    m_recentMenu->clear();
    m_recentMenu->menuAction()->setVisible(!m_recent.isEmpty());
    for (const auto& path : m_recent) {
        auto* action
            = m_recentMenu->addAction(QFileInfo(path).fileName().replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setToolTip(Qt::convertFromPlainText(path));
        action->setStatusTip(path);
        connect(action, &QAction::triggered, this, [this, path] { openFiles({path}); });
    }
}

void MainWindow::refreshEncoders()
{
    const auto fits = m_session.fittingCheckpoints();
    const auto current = m_session.currentCheckpoint();
    const QSignalBlocker quiet(m_encoders);
    m_encoders->clear();
    for (auto* old : m_encoderMenu->actions())
        if (old->data().toBool()) // an encoder
            delete old;
    auto* group = new QActionGroup(m_encoderMenu);
    for (std::size_t i = 0; i < fits.size(); ++i) {
        const auto label = checkpointLabel(*fits[i], fits);
        m_encoders->addItem(label);
        if (fits[i] == current)
            m_encoders->setCurrentIndex(static_cast<int>(i));
        auto* action = group->addAction(m_encoderMenu->addAction(label));
        action->setData(true);
        action->setCheckable(true);
        action->setChecked(fits[i] == current);
        if (i < 9)
            action->setShortcut({QStringLiteral("Ctrl+%1").arg(i + 1)});
        connect(action, &QAction::triggered, this,
                [this, checkpoint = fits[i]] { m_session.setCurrentCheckpoint(checkpoint); });
    }
    if (!fits.empty())
        return;
    m_encoders->addItem(tr("none fits"));
    auto* none = m_encoderMenu->addAction(tr("No open encoder fits this zoo"));
    none->setData(true);
    none->setEnabled(false);
}

void MainWindow::refreshActions()
{
    const bool zoo = m_session.currentZoo() || !m_session.dropped().empty();
    for (auto* action : m_needZoo)
        action->setEnabled(zoo);
    for (auto* action : m_needNetwork)
        action->setEnabled(m_selection.current().has_value());
}

void MainWindow::chooseFiles()
{
    openFiles(QFileDialog::getOpenFileNames(this, tr("Open zoos, weight files and encoder checkpoints"), {},
                                            tr("All files (*);;Zoos and checkpoints (*.h5 *.hdf5)")));
}

void MainWindow::chooseFolder()
{
    if (const auto folder = QFileDialog::getExistingDirectory(this, tr("Open a folder")); !folder.isEmpty())
        openFiles({folder});
}

void MainWindow::closeZoo()
{
    m_session.close(m_session.currentZoo());
}

void MainWindow::cancelWork()
{
    m_session.cancel();
}

void MainWindow::selectAll()
{
    std::vector<Selection::Id> ids;
    for (std::size_t row = 0; row < m_filter.count(); ++row)
        if (m_filter.shows(row))
            ids.push_back(row);
    m_selection.set(std::move(ids));
}

void MainWindow::selectNone()
{
    m_selection.clear();
}

void MainWindow::selectInverse()
{
    std::vector<Selection::Id> ids;
    for (std::size_t row = 0; row < m_filter.count(); ++row)
        if (m_filter.shows(row) && !m_selection.contains(row))
            ids.push_back(row);
    m_selection.set(std::move(ids));
}

void MainWindow::focusFilter()
{
    m_expression->setFocus(Qt::ShortcutFocusReason);
    m_expression->selectAll();
}

void MainWindow::clearFilter()
{
    m_filter.clear();
}

void MainWindow::selectSameRun()
{
    const auto shown = m_session.embedded();
    const auto row = m_selection.current();
    if (!shown || !row || *row >= shown->zoo->size)
        return;
    const auto place = placeOf(*shown, *row);
    auto rows = sameRun(*place.embedded.zoo, place.row);
    for (auto& each : rows)
        each += *row - place.row;
    m_selection.set(std::move(rows));
}

void MainWindow::fitMap()
{
    m_map->fit();
}

void MainWindow::nextColour()
{
    stepColour(1);
}

void MainWindow::previousColour()
{
    stepColour(-1);
}

void MainWindow::stepColour(int by)
{
    const auto at = std::find_if(m_choices.begin(), m_choices.end(),
                                 [this](const FieldChoice& each) { return each.id == m_colour; });
    if (at == m_choices.end())
        return;
    const auto count = static_cast<std::ptrdiff_t>(m_choices.size());
    const auto next = ((at - m_choices.begin()) + by + count) % count;
    setColour(m_choices[static_cast<std::size_t>(next)].id);
}

} // namespace rnnscope::ui
