#include "ui/panels/network_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/load_section.h"
#include "ui/panels/network_view.h"

#include <QVBoxLayout>

namespace rnnscope::ui {

NetworkPanel::NetworkPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_view(new NetworkView(this))
    , m_load(new LoadSection)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_load);
    connect(&m_selection, &Selection::changed, this, [this] { refresh(); });
    connect(&m_session, &Session::embeddedChanged, this, [this] { refresh(); });
    connect(&m_session, &Session::currentChanged, this, [this] { refresh(); });
    connect(m_view, &NetworkView::activated, this, [this](std::size_t row) { m_selection.select(row); });
    refresh();
}

void NetworkPanel::refresh()
{
    const auto embedded = m_session.embedded();
    const auto current = m_selection.current();
    m_view->showNetworks(embedded, m_selection.ids(), current);
    std::optional<weights::LoadReport> report;
    if (embedded && current && *current < embedded->zoo->size && m_selection.ids().size() == 1) {
        const auto place = placeOf(*embedded, *current);
        if (const auto* found = m_session.loadReport(place.embedded.zoo, place.row))
            report = *found;
    }
    m_load->showReport(report);
}

void NetworkPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_view->render(painter, size, light);
}

} // namespace rnnscope::ui
