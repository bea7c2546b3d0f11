#include "ui/main_window.h"
#include "ui/models/history.h"
#include "ui/models/point_channels.h"
#include "ui/models/session.h"
#include "ui/plots/map_view.h"

#include <QActionGroup>
#include <QMenu>

#include <utility>

namespace rnnscope::ui {

void MainWindow::addPointsMenu(QMenu* view)
{
    auto* points = view->addMenu(tr("P&oints"));
    points->setObjectName(QStringLiteral("pointsMenu"));
    m_sizeMenu = points->addMenu(tr("&Size by"));
    m_sizeMenu->setObjectName(QStringLiteral("sizeMenu"));
    m_shapeMenu = points->addMenu(tr("S&hape by"));
    m_shapeMenu->setObjectName(QStringLiteral("shapeMenu"));
    for (auto* menu : {m_sizeMenu, m_shapeMenu}) // looking for what can be chosen reads every property
        connect(menu, &QMenu::aboutToShow, this, &MainWindow::fillPointsMenu);
    m_needZoo.push_back(points->menuAction());
}

void MainWindow::fillPointsMenu()
{
    const auto embedded = m_session.embedded();
    const auto fill
        = [&](QMenu* menu, const QString& nothing, const QString& chosen,
              bool (*fits)(const EmbeddedZoo&, const QString&), void (MainWindow::*choose)(const QString&)) {
              menu->clear();
              auto* group = new QActionGroup(menu);
              const auto add = [&](const QString& title, const QString& id) {
                  auto* action = group->addAction(menu->addAction(title));
                  action->setCheckable(true);
                  action->setChecked(id == chosen);
                  connect(action, &QAction::triggered, this, [this, id, choose] { (this->*choose)(id); });
              };
              add(nothing, {});
              int last = -1;
              for (const auto& choice : m_choices) {
                  if (!embedded || !fits(*embedded, choice.id))
                      continue;
                  if (std::exchange(last, choice.group) != choice.group)
                      menu->addSeparator();
                  add(QString(choice.title).replace(QLatin1Char('&'), QStringLiteral("&&")), choice.id);
              }
          };
    fill(m_sizeMenu, tr("All Alike"), m_size, &sizesPoints, &MainWindow::setPointSize);
    fill(m_shapeMenu, tr("By Zoo"), m_shape, &shapesPoints, &MainWindow::setPointShape);
}

void MainWindow::setPointSize(const QString& choiceId)
{
    m_size = choiceId;
    applyPoints();
    m_history->note();
}

void MainWindow::setPointShape(const QString& choiceId)
{
    m_shape = choiceId;
    applyPoints();
    m_history->note();
}

/// What these networks do not have changes nothing, and is there again with the next that do.
void MainWindow::applyPoints()
{
    const auto embedded = m_session.embedded();
    m_map->setSizes(embedded && !m_size.isEmpty() ? sizeChannel(*embedded, m_size) : SizeChannel {});
    m_map->setShapes(embedded && !m_shape.isEmpty() ? shapeChannel(*embedded, m_shape) : ShapeChannel {});
    dressSides();
}

} // namespace rnnscope::ui
