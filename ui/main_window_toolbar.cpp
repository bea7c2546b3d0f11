#include "ui/application_style.h"
#include "ui/main_window.h"
#include "ui/models/map_layout.h"
#include "ui/models/session.h"
#include "ui/panels/elided.h"
#include "ui/panels/expression_field.h"
#include "ui/plots/map_view.h"
#include "ui/plots/text.h"

#include <QActionGroup>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>

namespace rnnscope::ui {

namespace {

QComboBox* makeChooser(const QString& name, const QString& accessibleName)
{
    constexpr int kWidest = 200;
    constexpr int kNarrowest = 72; // in a window that is
    auto* chooser = new ElidedComboBox;
    chooser->setObjectName(name);
    chooser->setAccessibleName(accessibleName);
    chooser->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    chooser->setMaximumWidth(kWidest);
    chooser->setMinimumWidth(kNarrowest);
    return chooser;
}

} // namespace

void MainWindow::buildToolBar()
{
    auto* bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize({14, 14});
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->addAction(findChild<QAction*>(QStringLiteral("open")));
    bar->addSeparator();
    buildChoosers(*bar);
    bar->addSeparator();
    m_tools = new QActionGroup(this);
    bar->addAction(addTool(QStringLiteral("pan"), tr("Pan"), {QStringLiteral("P")}, 0));
    bar->addAction(addTool(QStringLiteral("box"), tr("Box"), {QStringLiteral("B")}, 1));
    bar->addAction(addTool(QStringLiteral("lasso"), tr("Lasso"), {QStringLiteral("L")}, 2));
    bar->addAction(m_fit);
    for (auto* action : m_tools->actions() + QList<QAction*> {m_fit})
        bar->widgetForAction(action)->setProperty("withIcon", true);
    findChild<QMenu*>(QStringLiteral("viewMenu"))->insertActions(m_fit, m_tools->actions());
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_expression = new ExpressionField(m_filter);
    bar->addWidget(m_expression);
    auto* exporter = new QToolButton;
    exporter->setObjectName(QStringLiteral("exportButton"));
    exporter->setText(tr("Export…"));
    exporter->setToolTip(tr("Export a view as PDF, SVG or PNG (Ctrl+E: map)"));
    exporter->setPopupMode(QToolButton::InstantPopup);
    exporter->setMenu(findChild<QMenu*>(QStringLiteral("exportMenu")));
    bar->addWidget(exporter);

    connect(m_map, &MapView::toolChanged, this,
            [this] { m_tools->actions().at(static_cast<int>(m_map->tool()))->setChecked(true); });
}

QAction* MainWindow::addTool(const QString& icon, const QString& text, const QKeySequence& shortcut, int tool)
{
    auto* action = m_tools->addAction(text);
    action->setObjectName(icon);
    action->setCheckable(true);
    action->setChecked(static_cast<int>(m_map->tool()) == tool);
    action->setShortcut(shortcut);
    action->setIconVisibleInMenu(false);
    action->setToolTip(withShortcut(text, shortcut));
    connect(action, &QAction::triggered, this, [this, tool] { m_map->setTool(static_cast<MapView::Tool>(tool)); });
    return action;
}

void MainWindow::refreshIcons()
{
    const auto theme = m_style.theme();
    for (auto* action : m_tools->actions())
        action->setIcon(themedIcon(action->objectName(), theme.text, theme.accent));
    m_fit->setIcon(themedIcon(QStringLiteral("fit"), theme.text, theme.accent));
    m_fit->setIconVisibleInMenu(false);
}

void MainWindow::buildChoosers(QToolBar& bar)
{
    m_encoders = makeChooser(QStringLiteral("encoderChooser"), tr("Encoder"));
    m_projections = makeChooser(QStringLiteral("projectionChooser"), tr("Projection"));
    m_colours = makeChooser(QStringLiteral("colourChooser"), tr("Colour by"));
    m_encoders->setToolTip(tr("Encoder that makes the map (Ctrl+1, Ctrl+2, …)"));
    m_projections->setToolTip(tr("How the map shows the embeddings in a plane (M)"));
    m_colours->setToolTip(tr("What the points are coloured by (C, Shift+C)"));
    for (const auto kind : projection::kMapKinds)
        m_projections->addItem(title(kind), static_cast<int>(kind));
    constexpr int kMaps = 84;
    constexpr int kEncoders = 176;
    m_projections->setMinimumWidth(kMaps);
    m_encoders->setMinimumWidth(kEncoders);
    bar.addWidget(new QLabel(tr("Encoder")));
    bar.addWidget(m_encoders);
    bar.addWidget(new QLabel(tr("Map")));
    bar.addWidget(m_projections);
    bar.addWidget(new QLabel(tr("Colour")));
    bar.addWidget(m_colours);
    connect(m_encoders, &QComboBox::activated, this, [this](int index) {
        const auto fits = m_session.fittingCheckpoints();
        if (index >= 0 && static_cast<std::size_t>(index) < fits.size())
            m_session.setCurrentCheckpoint(fits[static_cast<std::size_t>(index)]);
    });
    connect(m_colours, &QComboBox::activated, this,
            [this](int index) { setColour(m_colours->itemData(index).toString()); });
    connect(m_projections, &QComboBox::activated, this, [this](int index) {
        setProjection(static_cast<projection::MapKind>(m_projections->itemData(index).toInt()));
    });
}

} // namespace rnnscope::ui
