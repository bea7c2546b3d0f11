#include "ui/panels/side_map.h"

#include "core/projection/procrustes.h"
#include "ui/models/labels.h"
#include "ui/models/selection.h"
#include "ui/panels/elided.h"
#include "ui/panels/property_text.h"
#include "ui/plots/map_view.h"
#include "ui/plots/text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace rnnscope::ui {

SideMap::SideMap(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_encoders(new ElidedComboBox)
    , m_kinds(new ElidedComboBox)
    , m_view(new MapView(selection))
    , m_head(new ElidedLabel)
    , m_movers(new QListWidget)
{
    build();
    connect(&m_session, &Session::filesChanged, this, &SideMap::followEncoders);
    connect(&m_session, &Session::currentChanged, this, &SideMap::followEncoders);
    connect(&m_session, &Session::embeddedChanged, this, &SideMap::followNetworks);
    connect(&m_session.layout(), &MapLayout::changed, this, &SideMap::place); // who has moved
    connect(&m_layout, &MapLayout::changed, this, &SideMap::place);
    connect(&m_layout, &MapLayout::failed, &m_session, &Session::failed);
    connect(m_encoders, &QComboBox::activated, this,
            [this](int index) { setCheckpoint(m_choices[static_cast<std::size_t>(index)]); });
    connect(m_kinds, &QComboBox::activated, this,
            [this](int index) { setKind(projection::kMapKinds[static_cast<std::size_t>(index)]); });
    followEncoders();
}

void SideMap::build()
{
    constexpr int kMargin = 8;
    constexpr int kSide = 12;
    constexpr int kLines = 5;
    constexpr int kNarrowest = 72;
    setObjectName(QStringLiteral("sideMap"));
    m_encoders->setObjectName(QStringLiteral("sideEncoder"));
    m_encoders->setAccessibleName(tr("Encoder of this map"));
    m_kinds->setObjectName(QStringLiteral("sideProjection"));
    m_kinds->setAccessibleName(tr("Projection of this map"));
    for (auto* chooser : {m_encoders, m_kinds})
        chooser->setMinimumWidth(kNarrowest);
    for (const auto kind : projection::kMapKinds)
        m_kinds->addItem(title(kind));
    auto* close = new QToolButton;
    close->setObjectName(QStringLiteral("closeMap"));
    close->setText(QStringLiteral("×"));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close this map"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &SideMap::closed);
    m_view->setObjectName(QStringLiteral("sideMapView"));
    m_view->setAccessibleName(tr("Map of networks by another encoder or projection"));
    m_view->setLegend(MapView::Legend::LeftOut); // that of the map beside it says it all
    m_head->setForegroundRole(QPalette::PlaceholderText);
    m_head->setContentsMargins(kSide, 4, kSide, 4);
    m_movers->setObjectName(QStringLiteral("movers"));
    m_movers->setAccessibleName(tr("Networks that move most"));
    m_movers->setToolTip(
        tr("From the map on the left to this one, once they lie on top of each other as well as they can; "
           "in radii of the map. Click one to select it"));
    m_movers->setFrameShape(QFrame::NoFrame);
    m_movers->setFixedHeight(kLines * (fontMetrics().height() + 4));
    connect(m_movers, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { m_selection.select(item->data(Qt::UserRole).toULongLong()); });
    connect(m_movers, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { m_selection.select(item->data(Qt::UserRole).toULongLong()); });
    auto* top = new QHBoxLayout;
    top->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    top->addWidget(m_encoders, 1);
    top->addWidget(m_kinds);
    top->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_head);
    layout->addWidget(m_movers);
}

/// Keeps its encoder where that still fits, else takes another of the same kind, else the one after the current one.
void SideMap::followEncoders()
{
    m_choices = m_session.fittingCheckpoints();
    const QSignalBlocker quiet(m_encoders);
    m_encoders->clear();
    for (const auto& each : m_choices)
        m_encoders->addItem(checkpointLabel(*each, m_session.checkpoints()));
    auto at = std::find(m_choices.begin(), m_choices.end(), m_checkpoint);
    if (at == m_choices.end() && m_checkpoint)
        at = std::ranges::find_if(m_choices,
                                  [this](const auto& each) { return each->config.kind == m_checkpoint->config.kind; });
    if (at == m_choices.end() && !m_choices.empty()) {
        const auto current = std::find(m_choices.begin(), m_choices.end(), m_session.currentCheckpoint());
        at = m_choices.end() - current > 1 ? current + 1 : m_choices.begin();
    }
    m_encoders->setCurrentIndex(static_cast<int>(at - m_choices.begin()));
    setCheckpoint(at != m_choices.end() ? *at : nullptr);
}

void SideMap::setCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    if (checkpoint == m_checkpoint)
        return;
    m_checkpoint = checkpoint;
    const auto at = std::find(m_choices.begin(), m_choices.end(), checkpoint);
    if (at != m_choices.end())
        m_encoders->setCurrentIndex(static_cast<int>(at - m_choices.begin()));
    m_shown.reset();
    followNetworks();
}

void SideMap::setKind(projection::MapKind kind)
{
    const auto at = std::find(projection::kMapKinds.begin(), projection::kMapKinds.end(), kind);
    m_kinds->setCurrentIndex(static_cast<int>(at - projection::kMapKinds.begin()));
    m_layout.setKind(kind);
}

/// While the map is still being embedded its networks are not embedded here, too: that would take from it.
void SideMap::followNetworks()
{
    const auto shown = m_session.embedded();
    if (shown == m_shown && m_other)
        return;
    m_shown = shown;
    const auto request = ++m_request;
    if (!shown || !shown->complete || !m_checkpoint) {
        m_other.reset();
        m_layout.follow(nullptr);
        return place();
    }
    m_session.embedBy(m_checkpoint, this, [this, request](std::shared_ptr<const EmbeddedZoo> other) {
        if (request != m_request)
            return;
        m_other = std::move(other);
        m_layout.follow(m_other);
        place();
    });
    if (!m_other)
        place();
}

/// By the rows of the map beside this one.
void SideMap::place()
{
    const auto map = m_layout.map();
    m_view->setPlaceholder(m_checkpoint ? tr("Embedding…") : tr("No open encoder fits these networks"));
    if (!m_shown || !m_other || !map || map->rows != m_other->zoo->size) {
        m_view->setPoints({});
        m_movers->clear();
        m_head->clear();
        return;
    }
    constexpr float kNowhere = std::numeric_limits<float>::quiet_NaN();
    Matrix own(m_shown->zoo->size, 2);
    std::vector<QPointF> points(own.rows);
    for (std::size_t row = 0; row < own.rows; ++row) {
        const auto there = placeOf(*m_shown, row);
        const auto here = rowOnMap(*m_other, there.embedded.zoo.get(), there.row);
        for (std::size_t axis = 0; axis < 2; ++axis)
            own(row, axis) = here ? (*map)(*here, axis) : kNowhere;
        points[row] = QPointF(own(row, 0), own(row, 1));
    }
    const auto kind = m_layout.shownKind();
    m_view->setAxisTitles(axisTitle(kind, 1, m_other->explained[0]), axisTitle(kind, 2, m_other->explained[1]));
    m_view->setPoints(std::move(points));
    listMovers(own);
    Q_EMIT placed();
}

void SideMap::listMovers(const Matrix& own)
{
    const auto left = m_session.layout().map();
    m_movers->clear();
    m_head->clear();
    if (!left || left->rows != own.rows)
        return;
    const auto moved = projection::movements(*left, own);
    std::vector<std::pair<double, std::size_t>> most;
    for (std::size_t row = 0; row < moved.size(); ++row)
        if (std::isfinite(moved[row]))
            most.emplace_back(moved[row], row);
    const auto count = std::min(kMovers, most.size());
    std::partial_sort(most.begin(), most.begin() + static_cast<std::ptrdiff_t>(count), most.end(), std::greater<>());
    for (std::size_t i = 0; i < count; ++i) {
        const auto& [distance, row] = most[i];
        auto* item = new QListWidgetItem(
            QStringLiteral("%1   %2").arg(shortNumber(distance, 2), networkName(placeOf(*m_shown, row))));
        item->setData(Qt::UserRole, static_cast<qulonglong>(row));
        m_movers->addItem(item);
    }
    m_head->setText(tr("Move most, in radii of the map"));
}

} // namespace rnnscope::ui
