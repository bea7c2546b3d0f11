#include "ui/main_window.h"
#include "ui/models/point_channels.h"
#include "ui/models/session.h"
#include "ui/panels/side_map.h"
#include "ui/plots/map_view.h"

#include <QSplitter>

#include <algorithm>

namespace rnnscope::ui {

void MainWindow::addSideMap()
{
    if (m_sides.size() == kMostSides)
        return;
    auto* side = new SideMap(m_session, m_selection);
    side->view().setHoverText([this](std::size_t row) { return hoverText(row); });
    side->view().setTool(m_map->tool());
    connect(m_map, &MapView::toolChanged, side, [this, side] { side->view().setTool(m_map->tool()); });
    connect(&side->view(), &MapView::categoryClicked, this, &MainWindow::toggleCategory);
    connect(side, &SideMap::placed, this, &MainWindow::dressSides);
    connect(side, &SideMap::closed, this, [this, side] { removeSideMap(side); });
    for (const auto& each : m_session.fittingCheckpoints()) // one that no map shows yet
        if (each != m_session.currentCheckpoint()
            && std::ranges::none_of(m_sides, [&](const SideMap* other) { return other->checkpoint() == each; })) {
            side->setCheckpoint(each);
            break;
        }
    m_sides.push_back(side);
    m_maps->addWidget(side);
    m_maps->setSizes(QList<int>(m_maps->count(), m_maps->width())); // all alike
    dressSides();
}

void MainWindow::removeSideMap(SideMap* side)
{
    std::erase(m_sides, side);
    side->hide();
    side->deleteLater(); // it may be its own button that was pressed
}

/// Colours, sizes, shapes and filters are those of the map.
void MainWindow::dressSides()
{
    const auto embedded = m_session.embedded();
    for (auto* side : m_sides) {
        auto& view = side->view();
        view.setColour(m_map->colour());
        view.setShown(m_filter.active() ? m_filter.shown() : std::vector<std::uint8_t> {});
        view.setSizes(embedded && !m_size.isEmpty() ? sizeChannel(*embedded, m_size) : SizeChannel {});
        view.setShapes(embedded && !m_shape.isEmpty() ? shapeChannel(*embedded, m_shape) : ShapeChannel {});
    }
}

} // namespace rnnscope::ui
