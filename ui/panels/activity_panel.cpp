#include "ui/panels/activity_panel.h"

#include "ui/models/labels.h"
#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/activity_plots.h"
#include "ui/panels/property_text.h"
#include "ui/plots/heat_map_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kGap = 24; // between two maps

/// Two snapshots of one network.
bool ofOneRun(const NetworkPlace& a, const NetworkPlace& b)
{
    const auto* run = a.embedded.zoo->property("run");
    return a.embedded.zoo == b.embedded.zoo && run != nullptr && run->rows() > std::max(a.row, b.row)
        && run->value(a.row) == run->value(b.row);
}

/// Offers `items` with their data, and what was chosen before if it is among them. Without a signal.
void refill(QComboBox& chooser, const std::vector<std::pair<QString, int>>& items)
{
    const QSignalBlocker quiet(chooser);
    const auto before = chooser.currentData();
    chooser.clear();
    for (const auto& [text, data] : items)
        chooser.addItem(text, data);
    chooser.setCurrentIndex(std::max(chooser.findData(before), 0));
}

} // namespace

ActivityPanel::ActivityPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_chooser(new QComboBox)
    , m_layer(new QComboBox)
    , m_sorted(new QCheckBox(tr("&Most varying units first")))
    , m_note(new QLabel)
    , m_message(new QLabel)
    , m_layout(new QHBoxLayout)
{
    build();
    connect(&m_session, &Session::activityReady, this, &ActivityPanel::receive);
    connect(&m_session, &Session::embeddedChanged, this, &ActivityPanel::follow);
    connect(&m_session, &Session::currentChanged, this, &ActivityPanel::follow);
    connect(&m_selection, &Selection::changed, this, &ActivityPanel::follow);
    connect(m_chooser, &QComboBox::currentIndexChanged, this, &ActivityPanel::showStates);
    connect(m_layer, &QComboBox::currentIndexChanged, this, &ActivityPanel::showStates);
    connect(m_sorted, &QCheckBox::toggled, this, &ActivityPanel::showStates);
    follow();
}

void ActivityPanel::build()
{
    m_chooser->setObjectName(QStringLiteral("stateChooser"));
    m_chooser->setAccessibleName(tr("State or gate"));
    m_layer->setObjectName(QStringLiteral("layerChooser"));
    m_layer->setAccessibleName(tr("Layer"));
    m_sorted->setObjectName(QStringLiteral("sortUnits"));
    m_sorted->setChecked(true);
    m_note->setObjectName(QStringLiteral("activityNote"));
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_message->setObjectName(QStringLiteral("activityMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    m_layout->setSpacing(kGap);
    auto* top = new QHBoxLayout;
    for (QWidget* each : std::initializer_list<QWidget*> {m_chooser, m_layer, m_sorted})
        top->addWidget(each);
    top->addWidget(m_note, 1);
    top->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, 8, kMargin, 8);
    layout->addLayout(top);
    layout->addLayout(m_layout, 1);
    layout->addWidget(m_message, 1);
}

/// What is shown stays until the states of the networks selected now have come, unless none will.
void ActivityPanel::follow()
{
    const auto checkpoint = m_session.currentCheckpoint();
    if (!m_selection.current() || !m_session.embedded())
        showMessage(tr("Click a point on the map to see the hidden states of that network"));
    else if (checkpoint && !checkpoint->config.probing())
        showMessage(tr("This encoder asks no questions; choose a probing encoder to see what goes on inside a network "
                       "that is asked"));
    else
        showStates();
}

QString ActivityPanel::message() const
{
    return m_message->isHidden() ? QString() : m_message->text();
}

void ActivityPanel::showMessage(const QString& text)
{
    m_known.clear();
    m_message->setText(text);
    m_message->show();
    for (QWidget* each : std::initializer_list<QWidget*> {m_chooser, m_layer, m_sorted, m_note})
        each->hide();
    for (auto* map : m_maps)
        map->hide();
}

/// Of the map; more than two would be too small to be read.
std::vector<std::size_t> ActivityPanel::rows() const
{
    if (m_selection.ids().size() == 2)
        return m_selection.ids();
    return m_selection.current() ? std::vector {*m_selection.current()} : std::vector<std::size_t> {};
}

void ActivityPanel::receive(std::size_t row, const Known& activity)
{
    const auto asked = comparedIds(m_selection);
    std::erase_if(m_known,
                  [&](const auto& each) { return std::find(asked.begin(), asked.end(), each.first) == asked.end(); });
    m_known[row] = activity;
    showStates();
}

/// Every state that one of them has; layers of the deepest where there are two.
void ActivityPanel::offerChoices(const std::vector<Known>& shown)
{
    std::vector<std::pair<QString, int>> states;
    std::size_t layers = 0;
    for (const auto& each : shown) {
        layers = std::max(layers, each->layers);
        for (const StateKind kind : stateKinds(each->of)) {
            const std::pair item {stateTitle(kind), static_cast<int>(kind)};
            if (std::find(states.begin(), states.end(), item) == states.end())
                states.push_back(item);
        }
    }
    refill(*m_chooser, states);
    std::vector<std::pair<QString, int>> numbers;
    for (std::size_t layer = 0; layer < layers; ++layer)
        numbers.emplace_back(tr("Layer %1").arg(layer + 1), static_cast<int>(layer));
    refill(*m_layer, numbers);
    m_chooser->setVisible(states.size() > 1);
    m_layer->setVisible(shown.size() > 1 && layers > 1);
}

/// Whether they have yet to come.
bool ActivityPanel::askForGates(const std::vector<Known>& shown)
{
    const auto kind = static_cast<StateKind>(m_chooser->currentData().toInt());
    const bool missing = isGate(kind) && std::any_of(shown.begin(), shown.end(), [&](const Known& each) {
                             const auto kinds = stateKinds(each->of);
                             return each->gates.empty() && std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
                         });
    if (missing)
        m_session.requestGates(rows());
    return missing;
}

void ActivityPanel::showStates()
{
    std::vector<Known> shown;
    for (const std::size_t row : rows())
        if (const auto known = m_known.find(row); known != m_known.end())
            shown.push_back(known->second);
    if (shown.empty() || shown.size() < rows().size())
        return;
    offerChoices(shown);
    if (askForGates(shown))
        return;
    m_message->hide();
    m_sorted->show();
    showMaps(mapsOf(shown));
}

std::vector<HeatMap> ActivityPanel::mapsOf(const std::vector<Known>& shown)
{
    ActivityTopic topic {.kind = static_cast<StateKind>(m_chooser->currentData().toInt()),
                         .sequence = std::min(m_sequence, shown.front()->parallel - 1),
                         .sorted = m_sorted->isChecked(),
                         .layer = static_cast<std::size_t>(m_layer->currentData().toInt())};
    m_note->setVisible(shown.size() > 1);
    if (shown.size() == 1)
        return layerMaps(*shown.front(), topic);
    const auto embedded = m_session.embedded();
    const auto first = placeOf(*embedded, rows().front());
    const auto second = placeOf(*embedded, rows().back());
    topic.sameRun = ofOneRun(first, second);
    m_note->setText(topic.sameRun ? tr("Snapshots of one run: units in the order of the first")
                                  : tr("Two runs: their units have no common order"));
    return comparedMaps({networkName(first), *shown.front()}, {networkName(second), *shown.back()}, topic);
}

void ActivityPanel::showMaps(std::vector<HeatMap> maps)
{
    while (m_maps.size() < maps.size()) {
        auto* map = m_maps.emplace_back(new HeatMapView);
        m_layout->addWidget(map);
        connect(map, &HeatMapView::cursorMoved, this, [this](int step) {
            setCursor(step);
            Q_EMIT cursorMoved(step);
        });
    }
    maps.resize(m_maps.size());
    const int cursor = m_cursor; // which maps that come and go would move
    for (std::size_t i = 0; i < maps.size(); ++i) {
        m_maps[i]->setVisible(!maps[i].empty());
        m_maps[i]->setData(std::move(maps[i]));
        m_maps[i]->setCursor(cursor);
    }
}

/// The maps beside each other.
void ActivityPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF page {QPointF(), QSizeF(size)};
    painter.fillRect(page, theme.panel);
    std::vector<const HeatMapView*> shown;
    std::ranges::copy_if(m_maps, std::back_inserter(shown), [](const auto* map) { return !map->isHidden(); });
    if (shown.empty())
        return;
    const auto count = static_cast<double>(shown.size());
    const QRectF area = page.adjusted(kMargin, 8, -kMargin, -8);
    const double width = (area.width() - (count - 1) * kGap) / count;
    double left = area.left();
    for (const auto* map : shown) {
        paintHeatMap(painter, map->data(), {left, area.top(), width, area.height()}, theme, font(), map->cursor());
        left += width + kGap;
    }
}

void ActivityPanel::setSequence(std::size_t sequence)
{
    m_sequence = sequence;
    showStates();
}

void ActivityPanel::setCursor(int step)
{
    m_cursor = step;
    for (auto* map : m_maps)
        map->setCursor(step);
}

} // namespace rnnscope::ui
