#pragma once

#include "core/projection/map_kind.h"
#include "ui/dialogs/figure.h"
#include "ui/jobs/job.h"
#include "ui/models/fields.h"
#include "ui/models/filter.h"
#include "ui/models/selection.h"
#include "ui/models/workspace.h"

#include <QMainWindow>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

class QAction;
class QActionGroup;
class QComboBox;
class QDockWidget;
class QMenu;
class QPointF;
class QSettings;
class QSize;
class QSplitter;
class QToolBar;

namespace rnnscope::ui {

class ActivityPanel;
class ApplicationStyle;
class Autosave;
class BehaviourPanel;
class DropOverlay;
class EvaluationPanel;
class ExpressionField;
class FilesPanel;
class Guide;
class Hints;
class History;
class MapView;
class MessageBar;
class NetworkPanel;
class ProbingPanel;
class QuestionBar;
class SelectionKeeper;
class SideMap;
class Session;
class TablePanel;
class TrainingPanel;
class TrajectoryPanel;
struct SymmetryFinding;

enum class Exportable { Map, Network, Probing, Activity, Behaviour, Trajectory, Training, Evaluation, Table };

struct MainWindowOptions
{
    bool persistent = true; ///< restore and save layout, theme and recent files; off in tests and snapshots
    QString demoFolder; ///< where the demo lies; empty: no demo
    QString autosaveFolder {}; ///< where the window keeps what it shows, for after a crash; empty: nowhere
    bool hints = false; ///< a line in each pane that says what to do there, until it is done
};

/// The one window: files and filters on the left, map in the centre, network on the right, probing below.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Session& session, ApplicationStyle& style, MainWindowOptions options, QWidget* parent = nullptr);
    ~MainWindow() override;

    Selection& selection() { return m_selection; }
    Filter& filter() { return m_filter; }
    /// What a crash of an earlier program has left; false when there is nothing.
    bool restoreLost();
    Workspace workspace() const;
    /// Shows it instead of all that is open; what cannot be found any more is left out.
    void restoreWorkspace(const Workspace& wanted);
    void openWorkspace(const QString& path);
    void saveWorkspaceTo(const QString& path);
    /// Opens files, workspaces among them, and remembers them as recent.
    void openFiles(const QStringList& paths);
    void openDemo();
    void setColour(const QString& choiceId);
    void setPointSize(const QString& choiceId); ///< empty: all are alike
    void setPointShape(const QString& choiceId); ///< empty: of the zoos
    void setProjection(projection::MapKind kind);
    bool busy() const; ///< the session, the window itself, or a panel that works by itself
    /// Brings a bottom tab to the front: "probing", "activity", "behaviour", "table", "training", "evaluation".
    /// False when there is none of that name.
    bool showTab(const QString& name);
    /// One view as it is now as PDF, SVG or PNG, or CSV where it has numbers, by the ending of `path`. Failures go to
    /// the message bar; while busy() the file may not be there yet.
    void exportTo(Exportable view, const QString& path, const ExportOptions& options);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildKeeper();
    void buildHistory();
    void buildCentre();
    void buildDocks();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    void buildTabs();
    void refreshTabs(); ///< a dock that shares its place has a tab instead of a head
    void connectSession();

    // main_window_actions.cpp
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildSelectMenu();
    QAction* addAction(QMenu* menu, const QString& text, const QKeySequence& shortcut, void (MainWindow::*slot)());
    void fillRecent();
    void chooseFiles();
    void chooseFolder();
    void closeZoo();
    void selectAll();
    void selectNone();
    void selectInverse();
    void selectSameRun();
    void focusFilter();
    void clearFilter();
    void fitMap();
    void nextColour();
    void previousColour();
    void stepColour(int by);
    void cancelWork();

    // main_window_files.cpp
    void connectQuestions();
    void addSaveAction(QMenu* menu);
    void askToSave();

    // main_window_training.cpp
    void connectTraining();
    void fillEncoderMenu();
    void askTraining();
    void goOnTraining(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    void offerToGoOn(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    void showEvaluation();

    // main_window_export.cpp
    void buildExportMenu(QMenu* file);
    std::vector<Figure> figures() const; ///< all but the table
    void askExport(const QString& view);
    void exportMap();
    void exportAll();
    void exportNetworks();
    struct FigureTask;
    FigureTask taskOf(const FigureFile& file, const ExportOptions& options, const FigureLook& look) const;
    void write(const std::vector<FigureTask>& tasks, const std::function<void(const QStringList&)>& done);
    void writeFigures(const std::vector<FigureFile>& files);
    void showError(const Error& error);
    void writeTable(const QString& path);
    bool writeNumbers(Exportable view, const QString& path); ///< CSV
    void copyMap();

    // main_window_help.cpp
    void buildHelpMenu();
    void showGuide();
    void showShortcutList();
    void openGuide(const QString& page);
    QString pageOfFocus() const;
    QWidget* hinted(const QString& pane, QWidget* content);
    void connectHints();
    void showAboutBox();

    // main_window_toolbar.cpp
    void buildToolBar();
    void buildChoosers(QToolBar& bar);
    QAction* addTool(const QString& icon, const QString& text, const QKeySequence& shortcut, int tool);
    void refreshIcons();

    // main_window_map.cpp
    void refreshColours();
    void refreshMap();
    void placePoints();
    void showPaths();
    QString hoverText(std::size_t row) const; ///< the card of a point on any map
    void refreshLayout();
    void nextProjection();
    void addSideMap();
    void removeSideMap(SideMap* side);
    void dressSides();
    void checkSymmetry();
    void tellSymmetry();
    void showSymmetry(const SymmetryFinding& found);
    void choosePlace(const QPointF& place);
    void leavePlace();
    void selectRepresentative(const EmbeddedZoo& shown);
    void applyColour();
    void applyFilter();
    void toggleCategory(const QString& category, bool alone);
    QString placeholder() const;

    // main_window_points.cpp
    void addPointsMenu(QMenu* view);
    void fillPointsMenu();
    void applyPoints();

    void refreshCurrent(); ///< zoo or checkpoint changed
    void refreshEncoders();
    void refreshActions();

    // main_window_workspace.cpp
    void startAutosave();
    void goOnRestoring();
    void applyPending();
    void applyToMap(const EmbeddedZoo& shown);
    void chooseWorkspace();
    void saveWorkspace();
    void saveWorkspaceAs();

    void restore();
    void remember(const QStringList& paths);

    static constexpr std::size_t kMostSides = 3;
    static constexpr int kLayoutVersion = 5; ///< another one when docks come or go

    Session& m_session;
    ApplicationStyle& m_style;
    MainWindowOptions m_options;
    Selection m_selection;
    Filter m_filter;
    MapView* m_map = nullptr;
    QSplitter* m_maps = nullptr; ///< the map, and those beside it
    std::vector<SideMap*> m_sides;
    MessageBar* m_messages = nullptr;
    QuestionBar* m_questions = nullptr;
    NetworkPanel* m_network = nullptr;
    ProbingPanel* m_probing = nullptr;
    ActivityPanel* m_activity = nullptr;
    BehaviourPanel* m_behaviour = nullptr;
    TrainingPanel* m_training = nullptr;
    EvaluationPanel* m_evaluation = nullptr;
    TablePanel* m_table = nullptr;
    TrajectoryPanel* m_trajectory = nullptr;
    QAction* m_showPaths = nullptr;
    DropOverlay* m_overlay = nullptr;
    Guide* m_guide = nullptr; ///< once it was asked for
    std::vector<QDockWidget*> m_docks;
    std::vector<QDockWidget*> m_tabs; ///< those at the bottom
    QComboBox* m_encoders = nullptr;
    QComboBox* m_colours = nullptr;
    QComboBox* m_projections = nullptr;
    ExpressionField* m_expression = nullptr;
    QMenu* m_encoderMenu = nullptr;
    QAction* m_train = nullptr;
    QMenu* m_recentMenu = nullptr;
    QActionGroup* m_tools = nullptr;
    QAction* m_fit = nullptr;
    std::vector<QAction*> m_needZoo; ///< enabled while a zoo is open
    std::vector<QAction*> m_needNetwork; ///< enabled while a network is selected
    FigureSettings m_figureSettings; ///< of the last figure
    std::vector<FieldChoice> m_choices;
    QString m_colour; ///< id of the choice in use
    QString m_size; ///< the same, of the points; empty: all are alike
    QString m_shape;
    QMenu* m_sizeMenu = nullptr;
    QMenu* m_shapeMenu = nullptr;
    QStringList m_recent;
    std::unique_ptr<Autosave> m_autosave;
    QTimer m_autosaveTimer;
    QString m_workspacePath; ///< of the workspace that is open; empty: none
    std::optional<Workspace> m_pending; ///< what is still being opened
    bool m_pendingShown = false; ///< its selection and filter are on the map
    SelectionKeeper* m_keeper = nullptr;
    History* m_history = nullptr;
    Hints* m_hints = nullptr; ///< null: none wanted
    std::shared_ptr<const EmbeddedZoo> m_mapped; ///< what the map shows
    std::vector<std::shared_ptr<const zoo::Zoo>> m_rows; ///< zoos whose networks the rows of the map last were
    projection::MapKind m_shownKind = projection::MapKind::Pca; ///< how
    JobRunner::Id m_symmetryJob = 0;
    JobRunner m_jobs; ///< the last to come: it waits for its job
};

} // namespace rnnscope::ui
