#include "ui/dialogs/guide.h"
#include "ui/dialogs/help_dialogs.h"
#include "ui/main_window.h"
#include "ui/models/hints.h"
#include "ui/panels/activity_panel.h"
#include "ui/panels/behaviour_panel.h"
#include "ui/panels/evaluation_panel.h"
#include "ui/panels/expression_field.h"
#include "ui/panels/hint_line.h"
#include "ui/panels/network_panel.h"
#include "ui/panels/network_view.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/probing_view.h"
#include "ui/panels/table_panel.h"
#include "ui/panels/trajectory_panel.h"
#include "ui/plots/map_view.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QEvent>
#include <QHeaderView>
#include <QMenuBar>
#include <QSlider>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace rnnscope::ui {

namespace {

struct PaneHint
{
    const char* pane;
    const char* text; ///< short: some panes are narrow
};

constexpr std::array<PaneHint, 9> kHints {
    {{"map", QT_TR_NOOP("Click a point to see its network. Drag to pan, turn the wheel to zoom, L draws a lasso")},
     {"filters", QT_TR_NOOP("Drag over bars to keep a range")},
     {"network", QT_TR_NOOP("Click one of the nearest networks to go there")},
     {"trajectory", QT_TR_NOOP("Move the slider to go through the training")},
     {"probing", QT_TR_NOOP("Click a step, or use the arrow keys: the cursor moves through all heat maps")},
     {"activity", QT_TR_NOOP("Click a step to see what goes on inside while it is asked that")},
     {"behaviour", QT_TR_NOOP("Click another point on the map to compare what it writes")},
     {"table", QT_TR_NOOP("Click a head to sort, right-click it to choose columns, Ctrl+C copies")},
     {"evaluation", QT_TR_NOOP("Choose another property above the plot")}}};

struct PaneHelp
{
    const char* dock; ///< without "Dock"
    const char* page; ///< of the guide
};

constexpr std::array<PaneHelp, 10> kPanes {{{"files", "start"},
                                            {"filters", "filters"},
                                            {"network", "network"},
                                            {"trajectory", "map"},
                                            {"probing", "probing"},
                                            {"activity", "probing"},
                                            {"behaviour", "probing"},
                                            {"table", "table"},
                                            {"training", "training"},
                                            {"evaluation", "training"}}};

} // namespace

void MainWindow::buildHelpMenu()
{
    auto* help = menuBar()->addMenu(tr("&Help"));
    addAction(help, tr("&Guide"), QKeySequence::HelpContents, &MainWindow::showGuide);
    addAction(help, tr("&Keyboard Shortcuts"), {QStringLiteral("Shift+F1")}, &MainWindow::showShortcutList);
    addAction(help, tr("&About RNNScope"), {}, &MainWindow::showAboutBox);
}

QString MainWindow::pageOfFocus() const
{
    const auto* focus = focusWidget();
    const auto holds = [focus](const QWidget* pane) { return pane == focus || (focus && pane->isAncestorOf(focus)); };
    if (holds(m_map))
        return QStringLiteral("map");
    if (holds(m_expression))
        return QStringLiteral("expressions");
    for (const auto* dock : m_docks) {
        const auto at = std::find_if(kPanes.begin(), kPanes.end(), [dock](const PaneHelp& pane) {
            return dock->objectName().chopped(4) == QLatin1String(pane.dock);
        });
        if (at != kPanes.end() && holds(dock))
            return QString::fromLatin1(at->page);
    }
    return QStringLiteral("start");
}

void MainWindow::showGuide()
{
    openGuide(pageOfFocus());
}

void MainWindow::showShortcutList()
{
    openGuide(QStringLiteral("keyboard"));
}

void MainWindow::openGuide(const QString& page)
{
    if (m_guide == nullptr)
        m_guide = new Guide(guidePages(findChildren<QAction*>()), this);
    m_guide->turnTo(page);
}

/// With its hint below, where one is wanted.
QWidget* MainWindow::hinted(const QString& pane, QWidget* content)
{
    const auto at = std::find_if(kHints.begin(), kHints.end(),
                                 [&](const PaneHint& each) { return pane == QLatin1String(each.pane); });
    if (m_hints == nullptr || at == kHints.end() || !m_hints->pending(pane))
        return content;
    auto* both = new QWidget;
    auto* layout = new QVBoxLayout(both);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(content, 1);
    layout->addWidget(new HintLine(*m_hints, pane, tr(at->text)));
    return both;
}

/// A hint is finished by doing what it says.
void MainWindow::connectHints()
{
    if (m_hints == nullptr)
        return;
    const auto finish
        = [this](const char* pane) { return [this, pane] { m_hints->finish(QString::fromLatin1(pane)); }; };
    m_map->installEventFilter(this);
    connect(&m_selection, &Selection::changed, m_hints, [this, finish] {
        if (!m_behaviour->empty() && !m_behaviour->visibleRegion().isEmpty())
            finish("behaviour")();
    });
    connect(&m_filter, &Filter::changed, m_hints, [this, finish] {
        if (m_filter.active())
            finish("filters")();
    });
    connect(m_network->findChild<NetworkView*>(), &NetworkView::activated, m_hints, finish("network"));
    connect(m_trajectory->findChild<QSlider*>(), &QSlider::valueChanged, m_hints, finish("trajectory"));
    connect(&m_probing->view(), &ProbingView::cursorMoved, m_hints, finish("probing"));
    connect(m_activity, &ActivityPanel::cursorMoved, m_hints, finish("activity"));
    connect(m_table->table()->horizontalHeader(), &QHeaderView::sortIndicatorChanged, m_hints, finish("table"));
    for (const auto* chooser : m_evaluation->findChildren<QComboBox*>())
        connect(chooser, &QComboBox::activated, m_hints, finish("evaluation"));
}

/// The window selects a network on the map by itself, so the hint there waits for the mouse.
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_map && (event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::Wheel))
        m_hints->finish(QStringLiteral("map"));
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::showAboutBox()
{
    showAbout(this);
}

} // namespace rnnscope::ui
