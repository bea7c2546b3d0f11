#include "ui/main_window.h"
#include "ui/panels/activity_panel.h"
#include "ui/panels/behaviour_panel.h"
#include "ui/panels/evaluation_panel.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/probing_view.h"
#include "ui/panels/table_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/plots/map_view.h"

#include <QDockWidget>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace rnnscope::ui {

namespace {

constexpr QMargins kHeadMargins {12, 10, 12, 6};

/// A small muted section head instead of a title bar with buttons; the dock can still be dragged by it.
QWidget* dockTitle(const QString& text)
{
    auto* title = new QWidget;
    title->setObjectName(QStringLiteral("dockTitle"));
    title->setAttribute(Qt::WA_StyledBackground);
    auto* label = new QLabel(text.toUpper());
    label->setObjectName(QStringLiteral("sectionHead"));
    auto font = label->font();
    font.setPointSizeF(font.pointSizeF() * 0.85);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    label->setFont(font);
    auto* layout = new QVBoxLayout(title);
    layout->setContentsMargins(kHeadMargins);
    layout->addWidget(label);
    return title;
}

/// Makes a dock's head take no room, or shows it again.
void setHeadShown(QDockWidget& dock, bool shown)
{
    auto* head = dock.titleBarWidget();
    head->layout()->setContentsMargins(shown ? kHeadMargins : QMargins());
    head->findChild<QLabel*>()->setVisible(shown);
}

} // namespace

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name + QStringLiteral("Dock"));
    dock->setTitleBarWidget(dockTitle(title));
    content->setAccessibleName(title);
    dock->setWidget(hinted(name, content));
    addDockWidget(area, dock);
    m_docks.push_back(dock);
    return dock;
}

void MainWindow::buildTabs()
{
    setTabPosition(Qt::BottomDockWidgetArea, QTabWidget::North);
    m_activity = new ActivityPanel(m_session, m_selection);
    connect(&m_probing->view(), &ProbingView::cursorMoved, m_activity, &ActivityPanel::setCursor);
    connect(&m_probing->view(), &ProbingView::sequenceChosen, m_activity, &ActivityPanel::setSequence);
    connect(m_activity, &ActivityPanel::cursorMoved, &m_probing->view(), &ProbingView::moveCursor);
    m_tabs.push_back(addDock(QStringLiteral("activity"), tr("Activity"), m_activity, Qt::BottomDockWidgetArea));
    m_behaviour = new BehaviourPanel(m_session, m_selection);
    m_tabs.push_back(addDock(QStringLiteral("behaviour"), tr("Behaviour"), m_behaviour, Qt::BottomDockWidgetArea));
    connect(m_tabs.back(), &QDockWidget::visibilityChanged, m_behaviour, &BehaviourPanel::setSeen);
    m_table = new TablePanel(m_filter, m_selection);
    connect(m_table, &TablePanel::activated, this, [this](std::size_t row) { m_map->reveal(row); });
    m_tabs.push_back(addDock(QStringLiteral("table"), tr("Table"), m_table, Qt::BottomDockWidgetArea));
    m_training = new TrainingPanel(m_session);
    m_tabs.push_back(addDock(QStringLiteral("training"), tr("Training"), m_training, Qt::BottomDockWidgetArea));
    m_evaluation = new EvaluationPanel(m_session, m_selection);
    m_tabs.push_back(addDock(QStringLiteral("evaluation"), tr("Evaluation"), m_evaluation, Qt::BottomDockWidgetArea));
    for (auto* tab : m_tabs) {
        if (tab != m_tabs.front()) {
            tabifyDockWidget(m_tabs.front(), tab);
            if (tab->isAncestorOf(m_training) || tab->isAncestorOf(m_evaluation))
                tab->hide(); // until there is something to show
        }
        connect(tab, &QDockWidget::visibilityChanged, this, &MainWindow::refreshTabs);
        connect(tab, &QDockWidget::dockLocationChanged, this, &MainWindow::refreshTabs);
        connect(tab, &QDockWidget::topLevelChanged, this, &MainWindow::refreshTabs);
    }
    m_tabs.front()->raise();
}

void MainWindow::refreshTabs()
{
    for (auto* tab : m_tabs) {
        const auto others = tabifiedDockWidgets(tab); // hidden ones, too
        const bool shared
            = std::any_of(others.begin(), others.end(), [](const auto* each) { return !each->isHidden(); });
        setHeadShown(*tab, tab->isFloating() || !shared);
    }
}

bool MainWindow::showTab(const QString& name)
{
    auto* dock = findChild<QDockWidget*>(name + QStringLiteral("Dock"));
    if (dock == nullptr)
        return false;
    dock->show();
    dock->raise();
    return true;
}

} // namespace rnnscope::ui
