#include "ui/panels/probing_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/comparison_view.h"
#include "ui/panels/probing_view.h"
#include "ui/panels/property_text.h"
#include "ui/plots/text.h"

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

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
    Request wanted {comparedIds(m_selection), {}, nullptr, zoo::TaskFamily::Custom};
    if (!shown || wanted.rows.empty() || wanted.rows.back() >= shown->zoo->size) {
        m_request = {};
        m_view->showMessage(
            QStringLiteral("Click a point on the map to see what that network is asked and what it answers"));
        return;
    }
    for (const std::size_t row : wanted.rows)
        wanted.zoos.push_back(placeOf(*shown, row).embedded.zoo);
    wanted.checkpoint = shown->checkpoint;
    wanted.family = shown->zoo->family;
    if (wanted == m_request) {
        if (m_view->comparison()->isVisibleTo(this))
            showAnswers(); // of more or fewer that are selected
        return;
    }
    const Request before = std::exchange(m_request, wanted);
    m_answers.assign(wanted.rows.size(), nullptr);
    const zoo::EncoderConfig& config = wanted.checkpoint->config;
    if (!config.probing()) {
        const std::string_view name = zoo::title(config.kind);
        m_view->showMessage(
            QStringLiteral("%1 reads the weights and asks no questions; choose a probing encoder to see "
                           "probes and answers")
                .arg(QString::fromUtf8(name)));
        return;
    }
    const bool learns = before.checkpoint && before.checkpoint->path.empty() && wanted.checkpoint->path.empty();
    if (before.zoos.empty() || before.zoos.front() != wanted.zoos.front()
        || (before.checkpoint != wanted.checkpoint && !learns))
        m_view->showMessage(
            QStringLiteral("Asking the network …")); // else the last answers stay until the new ones come
    m_session.requestTraces(wanted.rows);
}

void ProbingPanel::receive(std::size_t row, const std::shared_ptr<const engine::Traces>& traces)
{
    const auto at = std::find(m_request.rows.begin(), m_request.rows.end(), row);
    if (at == m_request.rows.end() || !m_request.checkpoint->config.probing() || !traces)
        return;
    m_answers[static_cast<std::size_t>(at - m_request.rows.begin())] = traces;
    showAnswers();
}

/// When all have come.
void ProbingPanel::showAnswers()
{
    if (std::find(m_answers.begin(), m_answers.end(), nullptr) != m_answers.end())
        return;
    const auto isFinite = [](float value) { return std::isfinite(value); };
    std::vector<std::size_t> finite;
    for (std::size_t i = 0; i < m_answers.size(); ++i)
        if (std::any_of(m_answers[i]->outputs.begin(), m_answers[i]->outputs.end(), isFinite))
            finite.push_back(i);
    const bool softmaxProbes = m_request.checkpoint->config.softmaxProbes;
    if (finite.empty())
        m_view->showMessage(m_answers.size() == 1
                                ? QStringLiteral("This network gave no answers: its weights are not finite")
                                : QStringLiteral("These networks gave no answers: their weights are not finite"));
    else if (m_answers.size() == 1)
        m_view->showTrace(m_request.family, softmaxProbes, m_answers.front());
    else
        compareAnswers(finite);
}

/// `finite`: those of m_answers that can be shown.
void ProbingPanel::compareAnswers(const std::vector<std::size_t>& finite)
{
    const auto shown = m_session.embedded();
    std::vector<NamedTraces> networks;
    for (const std::size_t i : finite)
        networks.push_back({networkName(placeOf(*shown, m_request.rows[i])), m_answers[i]});
    QStringList notes;
    if (m_selection.ids().size() > m_answers.size())
        notes << QStringLiteral("%1 of the %2 selected networks")
                     .arg(m_answers.size())
                     .arg(groupedNumber(static_cast<qlonglong>(m_selection.ids().size())));
    if (finite.size() < m_answers.size())
        notes << QStringLiteral("%1 without answers: weights are not finite").arg(m_answers.size() - finite.size());
    m_view->showTraces(m_request.family, m_request.checkpoint->config.softmaxProbes, std::move(networks),
                       notes.join(QStringLiteral(" · ")));
}

void ProbingPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_view->render(painter, size, light);
}

} // namespace rnnscope::ui
