#include "ui/panels/activity_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/plots/heat_map_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kGap = 28; // between two layers

/// Units as rows; colours symmetric around zero.
HeatMap heatMapOf(const Activity& activity, const std::vector<float>& states, std::size_t sequence, std::size_t layer,
                  bool sorted)
{
    const auto values = activity.of(states, sequence, layer);
    const bool hidden = &states == &activity.hidden;
    HeatMap map;
    map.title = QObject::tr("Layer %1").arg(layer + 1);
    map.subtitle = hidden ? QObject::tr("hidden state") : QObject::tr("cell state");
    map.columns = activity.steps;
    map.map = ColourMap::Diverging;
    std::vector<std::size_t> order = unitsByVariance(values, activity.units);
    if (!sorted)
        std::sort(order.begin(), order.end());
    float largest = 0.0F;
    for (const std::size_t unit : order) {
        map.rows << QString::number(unit);
        const auto row = values.subspan(unit * activity.steps, activity.steps);
        map.values.insert(map.values.end(), row.begin(), row.end());
        for (const float value : row)
            if (std::isfinite(value))
                largest = std::max(largest, std::abs(value));
    }
    map.high = hidden ? 1.0 : std::max(1.0, std::ceil(static_cast<double>(largest)));
    map.low = -map.high;
    return map;
}

} // namespace

ActivityPanel::ActivityPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_chooser(new QComboBox)
    , m_sorted(new QCheckBox(tr("&Most varying units first")))
    , m_message(new QLabel)
    , m_layout(new QHBoxLayout)
{
    build();
    connect(&m_session, &Session::activityReady, this,
            [this](std::size_t row, const std::shared_ptr<const Activity>& activity) {
                if (row != m_selection.current())
                    return;
                m_activity = activity;
                showStates();
            });
    connect(&m_session, &Session::embeddedChanged, this, &ActivityPanel::follow);
    connect(&m_session, &Session::currentChanged, this, &ActivityPanel::follow);
    connect(&m_selection, &Selection::changed, this, &ActivityPanel::follow);
    connect(m_chooser, &QComboBox::currentIndexChanged, this, &ActivityPanel::showStates);
    connect(m_sorted, &QCheckBox::toggled, this, &ActivityPanel::showStates);
    follow();
}

void ActivityPanel::build()
{
    m_chooser->setObjectName(QStringLiteral("stateChooser"));
    m_chooser->setAccessibleName(tr("State"));
    m_chooser->addItems({tr("Hidden state"), tr("Cell state")});
    m_sorted->setObjectName(QStringLiteral("sortUnits"));
    m_sorted->setChecked(true);
    m_message->setObjectName(QStringLiteral("activityMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    m_layout->setSpacing(kGap);
    auto* top = new QHBoxLayout;
    top->addWidget(m_chooser);
    top->addWidget(m_sorted);
    top->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, 8, kMargin, 8);
    layout->addLayout(top);
    layout->addLayout(m_layout, 1);
    layout->addWidget(m_message, 1);
}

/// What is shown stays until the states of the network selected now have come, unless none will.
void ActivityPanel::follow()
{
    const auto checkpoint = m_session.currentCheckpoint();
    if (!m_selection.current() || !m_session.embedded())
        showMessage(tr("Click a point on the map to see the hidden states of that network"));
    else if (checkpoint && !checkpoint->config.probing())
        showMessage(tr("This encoder asks no questions; choose a probing encoder to see what goes on inside a network "
                       "that is asked"));
}

QString ActivityPanel::message() const
{
    return m_activity ? QString() : m_message->text();
}

void ActivityPanel::showMessage(const QString& text)
{
    m_activity.reset();
    m_message->setText(text);
    m_message->show();
    m_chooser->hide();
    m_sorted->hide();
    for (auto* map : m_maps)
        map->hide();
}

void ActivityPanel::showStates()
{
    if (!m_activity)
        return;
    m_message->hide();
    m_sorted->show();
    m_chooser->setVisible(!m_activity->cell.empty());
    while (m_maps.size() < m_activity->layers) {
        auto* map = m_maps.emplace_back(new HeatMapView);
        m_layout->addWidget(map);
        connect(map, &HeatMapView::cursorMoved, this, [this](int step) {
            setCursor(step);
            Q_EMIT cursorMoved(step);
        });
    }
    const bool cells = m_chooser->currentIndex() == 1 && !m_activity->cell.empty();
    const auto& states = cells ? m_activity->cell : m_activity->hidden;
    const std::size_t sequence = std::min(m_sequence, m_activity->parallel - 1);
    for (std::size_t layer = 0; layer < m_maps.size(); ++layer) {
        m_maps[layer]->setVisible(layer < m_activity->layers);
        if (layer < m_activity->layers)
            m_maps[layer]->setData(heatMapOf(*m_activity, states, sequence, layer, m_sorted->isChecked()));
    }
}

/// The layers beside each other.
void ActivityPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF page {QPointF(), QSizeF(size)};
    painter.fillRect(page, theme.panel);
    if (!m_activity)
        return;
    const auto layers = static_cast<double>(m_activity->layers);
    const QRectF area = page.adjusted(kMargin, 8, -kMargin, -8);
    const double width = (area.width() - (layers - 1) * kGap) / layers;
    for (std::size_t layer = 0; layer < m_activity->layers; ++layer) {
        const double left = area.left() + static_cast<double>(layer) * (width + kGap);
        paintHeatMap(painter, m_maps[layer]->data(), {left, area.top(), width, area.height()}, theme, font(),
                     m_maps[layer]->cursor());
    }
}

void ActivityPanel::setSequence(std::size_t sequence)
{
    m_sequence = sequence;
    showStates();
}

void ActivityPanel::setCursor(int step)
{
    for (auto* map : m_maps)
        map->setCursor(step);
}

} // namespace rnnscope::ui
