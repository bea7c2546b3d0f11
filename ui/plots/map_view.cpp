#include "ui/plots/map_view.h"

#include "ui/plots/colour_maps.h"
#include "ui/plots/map_cards.h"
#include "ui/plots/map_frame.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view_private.h"
#include "ui/plots/text.h"
#include "ui/plots/zoo_marks.h"

#include <QPainter>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

MapPlot::MapPlot(QWidget* parent, Painters with)
    : QCustomPlot(parent)
    , m_painters(std::move(with))
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    setAutoAddPlottableToLegend(false);
    setBackground(Qt::NoBrush);
    axisRect()->setAutoMargins(QCP::msNone);
    axisRect()->setMargins({});
    for (QCPAxis* axis : {xAxis, yAxis})
        axis->setVisible(false);
    new PaintedLayerable(this, QStringLiteral("main"), m_painters.points); // belongs to the plot
}

void MapPlot::markDirty(MapPart part)
{
    if (part == MapPart::Everything && m_dirty != part)
        QMetaObject::invokeMethod(
            this, [this] { redraw(); }, Qt::QueuedConnection);
    m_dirty = m_dirty ? std::min(*m_dirty, part) : part;
    update();
}

/// Not only once it is painted: replotting asks for another paint event then.
void MapPlot::redraw()
{
    if (m_dirty != MapPart::Everything)
        return;
    m_dirty = MapPart::Highlights;
    replot(QCustomPlot::rpQueuedRefresh);
}

void MapPlot::paintEvent(QPaintEvent* event)
{
    if (std::exchange(m_ratio, devicePixelRatioF()) != devicePixelRatioF()) // moved to another screen
        m_dirty = MapPart::Everything;
    redraw(); // for who asks for a picture before the queue has come to it
    if (m_dirty == MapPart::Highlights)
        m_highlights = m_painters.highlights();
    m_dirty.reset();
    QCustomPlot::paintEvent(event);
    QPainter painter(this);
    m_painters.paths(painter);
    painter.drawImage(QPointF(), m_highlights);
    m_painters.overlay(painter);
}

MapView::Private::Private(MapView& owner, Selection& shared)
    : q(owner)
    , selection(shared)
    , plot(new MapPlot(
          &owner,
          {.points = [this](QPainter& painter) { paintBase(painter); },
           .paths = [this](QPainter& painter) { paintPaths(painter, scene, view); },
           .highlights = [this] { return highlightRaster.highlights(scene, view, plot->devicePixelRatioF(), drawnAs); },
           .overlay = [this](QPainter& painter) { paintOverlay(painter); }}))
{
    readTheme();
}

void MapView::Private::readTheme()
{
    theme = currentTheme();
    scene.outline = theme.panel;
    scene.ring = theme.text;
    scene.accent = theme.accent;
    colourPoints();
}

void MapView::Private::fitInto(MapTransform& transform, const QSizeF& room) const
{
    const QRectF bounds = all->bounds();
    constexpr double kMargin = 44.0; // pixels; leaves room for titles
    const double width = std::max(room.width() - 2 * kMargin, room.width() / 3);
    const double height = std::max(room.height() - 2 * kMargin, room.height() / 3);
    const double across = bounds.width() > 0 ? width / bounds.width() : 0.0;
    const double along = bounds.height() > 0 ? height / bounds.height() : 0.0;
    transform.scale = across > 0 && along > 0 ? std::min(across, along) : std::max(across, along);
    if (!std::isfinite(transform.scale) || transform.scale <= 0)
        transform.scale = 100.0; // nothing, or all in one place
    const QSizeF rest = (transform.size - room) / 2 / transform.scale;
    transform.centre = bounds.center() + QPointF(rest.width(), -rest.height());
}

void MapView::Private::fitTo(MapTransform& transform) const
{
    fitInto(transform, transform.size);
    if (legendDrawn == Legend::LeftOut)
        return;
    const QRectF card = legendParts(QRectF(QPointF(), transform.size), legend(), q.font()).card;
    if (all->inside(QRectF(transform.toData(card.bottomLeft()), transform.toData(card.topRight()))).empty())
        return;
    MapTransform above = transform;
    MapTransform beside = transform;
    fitInto(above, {transform.size.width(), card.top()});
    fitInto(beside, {card.left(), transform.size.height()});
    transform = above.scale >= beside.scale ? above : beside;
}

void MapView::Private::viewChanged()
{
    const QPointF lowerLeft = view.toData({0, view.size.height()});
    const QPointF upperRight = view.toData({view.size.width(), 0});
    plot->xAxis->setRange(lowerLeft.x(), upperRight.x());
    plot->yAxis->setRange(lowerLeft.y(), upperRight.y());
    plot->markDirty(MapPart::Everything);
}

MapView::MapView(Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_d(std::make_unique<Private>(*this, selection))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(240, 180);
    setAccessibleName(QStringLiteral("Map of networks"));
    connect(&selection, &Selection::changed, this, [this] { m_d->readSelection(); });
    connect(&selection, &Selection::hoverChanged, this, [this] { m_d->plot->markDirty(MapPart::Overlay); });
}

MapView::~MapView()
{
    delete m_d->plot; // its layers look at the scene
}

void MapView::setPaths(std::vector<std::vector<std::size_t>> paths)
{
    m_d->paths = std::move(paths);
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setLegend(Legend legend)
{
    m_d->legendDrawn = legend;
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setShapeLegend(std::vector<ShapeEntry> entries)
{
    m_d->shapeLegend = std::move(entries);
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setAxisTitles(const QString& x, const QString& y)
{
    m_d->xTitle = x;
    m_d->yTitle = y;
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setHiddenCategories(const QStringList& categories)
{
    m_d->hiddenCategories = categories;
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setNote(const QString& text)
{
    m_d->note = text;
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setCross(std::optional<QPointF> place)
{
    m_d->cross = place;
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::setPlaceholder(const QString& text)
{
    m_d->placeholder = text;
    m_d->plot->markDirty(MapPart::Overlay);
}

bool MapView::exportsImage() const
{
    return m_d->scene.positions.size() > kVectorPoints;
}

void MapView::setHoverText(std::function<QString(std::size_t)> text)
{
    m_d->hoverText = std::move(text);
}

void MapView::setTool(Tool tool)
{
    if (tool == m_d->tool)
        return;
    m_d->tool = tool;
    m_d->setCursorShape();
    Q_EMIT toolChanged();
}

MapView::Tool MapView::tool() const
{
    return m_d->tool;
}

void MapView::fit()
{
    m_d->userMoved = false;
    m_d->fitTo(m_d->view);
    m_d->viewChanged();
}

std::optional<std::pair<QPointF, double>> MapView::pose() const
{
    return m_d->userMoved ? std::optional(std::pair {m_d->view.centre, m_d->view.scale}) : std::nullopt;
}

void MapView::setPose(const QPointF& centre, double scale)
{
    m_d->view.centre = centre;
    m_d->view.scale = scale;
    m_d->userMoved = true;
    m_d->viewChanged();
}

void MapView::setClip(std::optional<std::pair<double, double>> clip)
{
    m_d->clipColours(clip);
}

void MapView::reveal(std::size_t id)
{
    if (id < m_d->scene.positions.size() && drawable(m_d->scene.positions[id]))
        m_d->reveal(id);
}

QPointF MapView::pixelOf(std::size_t id) const
{
    return m_d->view.toPixel(m_d->scene.positions.at(id));
}

QPointF MapView::dataAt(const QPointF& pixel) const
{
    return m_d->view.toData(pixel);
}

bool MapView::empty() const
{
    return m_d->all->count() == 0;
}

void MapView::render(QPainter& painter, const QSize& size, bool lightBackground, Legend legend)
{
    const Theme theme = lightBackground ? lightTheme() : darkTheme();
    MapTransform transform = m_d->view;
    transform.size = size;
    if (m_d->userMoved)
        transform.scale *= std::min(size.width() / m_d->view.size.width(), size.height() / m_d->view.size.height());
    else if (legend == Legend::Drawn)
        m_d->fitTo(transform);
    else
        m_d->fitInto(transform, transform.size);
    PointScene scene = m_d->scene;
    scene.outline = theme.panel;
    scene.ring = theme.text;
    scene.accent = theme.accent;
    for (std::size_t i = 0; i < std::min(scene.colours.size(), m_d->channel.values.size()); ++i)
        scene.colours[i] = channelColour(m_d->channel, m_d->channel.values[i], theme.dark);
    const QRectF area {QPointF(), QSizeF(size)};
    painter.fillRect(area, theme.panel);
    paintMapGrid(painter, transform, theme);
    m_d->paintPaths(painter, scene, transform);
    paintPoints(painter, scene, transform);
    const QRectF card
        = legend == Legend::Drawn ? paintLegend(painter, area, m_d->legend(), theme, font()).card : QRectF();
    paintAxisTitles(painter, area, card, m_d->xTitle, m_d->yTitle, theme, font());
}

} // namespace rnnscope::ui
