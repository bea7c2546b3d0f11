#include "ui/panels/network_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/load_section.h"
#include "ui/panels/measure_line.h"
#include "ui/panels/network_view.h"

#include <QVBoxLayout>

#include <utility>

namespace rnnscope::ui {

NetworkPanel::NetworkPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_view(new NetworkView(this))
    , m_measure(new MeasureLine)
    , m_load(new LoadSection)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_measure);
    layout->addWidget(m_load);
    connect(&m_selection, &Selection::changed, this, [this] { refresh(); });
    connect(&m_session, &Session::embeddedChanged, this, [this] { refresh(); });
    connect(&m_session, &Session::currentChanged, this, [this] { refresh(); });
    connect(m_view, &NetworkView::activated, this, [this](std::size_t row) { m_selection.select(row); });
    refresh();
}

void NetworkPanel::refresh()
{
    Shown wanted {m_session.embedded(), m_selection.ids(), m_selection.current()};
    if (wanted == m_shown && wanted.embedded)
        return; // several signals tell of one change, and looking for neighbours takes a while
    m_shown = wanted;
    m_load->showReport(reportOf(wanted));
    m_measure->setNetworks(wanted.embedded, wanted.ids);
    m_view->showNetworks(std::move(wanted.embedded), std::move(wanted.ids), wanted.current);
}

/// Of the one network selected, when it came from a weight file.
std::optional<weights::LoadReport> NetworkPanel::reportOf(const Shown& shown) const
{
    if (!shown.embedded || !shown.current || *shown.current >= shown.embedded->zoo->size || shown.ids.size() != 1)
        return {};
    const auto place = placeOf(*shown.embedded, *shown.current);
    const auto* found = m_session.loadReport(place.embedded.zoo, place.row);
    return found != nullptr ? std::optional(*found) : std::nullopt;
}

void NetworkPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_view->render(painter, size, light);
}

} // namespace rnnscope::ui
