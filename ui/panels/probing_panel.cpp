#include "ui/panels/probing_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/probing_view.h"

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

ProbingPanel::ProbingPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_view(new ProbingView(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_view);
    connect(&m_selection, &Selection::changed, this, [this] { refresh(); });
    connect(&m_session, &Session::currentChanged, this, [this] { refresh(); });
    connect(&m_session, &Session::embeddedChanged, this, [this] { refresh(); });
    connect(&m_session, &Session::traceReady, this,
            [this](std::size_t row, const std::shared_ptr<const engine::Traces>& traces) { receive(row, traces); });
    refresh();
}

void ProbingPanel::refresh()
{
    const auto shown = m_session.embedded();
    const auto row = m_selection.current();
    if (!shown || !row || *row >= shown->zoo->size) {
        m_request = {};
        m_view->showMessage(
            QStringLiteral("Click a point on the map to see what that network is asked and what it answers"));
        return;
    }
    const Request wanted {row, placeOf(*shown, *row).embedded.zoo, shown->checkpoint, shown->zoo->family};
    if (wanted == m_request)
        return;
    const Request before = m_request;
    m_request = wanted;
    const zoo::EncoderConfig& config = wanted.checkpoint->config;
    if (!config.probing()) {
        const std::string_view name = zoo::title(config.kind);
        m_view->showMessage(
            QStringLiteral("%1 reads the weights and asks no questions; choose a probing encoder to see "
                           "probes and answers")
                .arg(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))));
        return;
    }
    const bool learns = before.checkpoint && before.checkpoint->path.empty() && wanted.checkpoint->path.empty();
    if (before.zoo != wanted.zoo || (before.checkpoint != wanted.checkpoint && !learns))
        m_view->showMessage(
            QStringLiteral("Asking the network …")); // else the last answers stay until the new ones come
    m_session.requestTrace(*row);
}

void ProbingPanel::receive(std::size_t row, const std::shared_ptr<const engine::Traces>& traces)
{
    if (!m_request.row || row != *m_request.row || !m_request.checkpoint || !m_request.checkpoint->config.probing())
        return;
    const auto isFinite = [](float value) { return std::isfinite(value); };
    if (!traces || !std::any_of(traces->outputs.begin(), traces->outputs.end(), isFinite))
        m_view->showMessage(QStringLiteral("This network gave no answers: its weights are not finite"));
    else
        m_view->showTrace(m_request.family, m_request.checkpoint->config.softmaxProbes, traces);
}

void ProbingPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_view->render(painter, size, light);
}

} // namespace rnnscope::ui
