#include "ui/panels/network_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/network_view.h"

#include <QVBoxLayout>

#include <utility>

namespace rnnscope::ui {

NetworkPanel::NetworkPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_view(new NetworkView(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_view);
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
    m_view->showNetworks(std::move(wanted.embedded), std::move(wanted.ids), wanted.current);
}

void NetworkPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_view->render(painter, size, light);
}

} // namespace rnnscope::ui
