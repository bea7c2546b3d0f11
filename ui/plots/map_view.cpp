#include "ui/plots/map_view.h"

#include "ui/plots/map_paths.h"
#include "ui/plots/map_picture.h"
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
           .paths = [this](QPainter& painter) { paintPaths(painter, paths, scene, view); },
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

void MapView::Private::fitTo(MapTransform& transform) const
{
    if (legendDrawn == Legend::Drawn)
        fitBesideLegend(transform, *all, legend(), q.font());
    else
        fitPoints(transform, transform.size, *all);
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

PaintView MapView::picture(bool lightBackground, Legend legend) const
{
    const auto taken = std::make_shared<const MapPicture>(MapPicture {.scene = m_d->scene,
                                                                      .view = m_d->view,
                                                                      .userMoved = m_d->userMoved,
                                                                      .all = m_d->all,
                                                                      .paths = m_d->paths,
                                                                      .channel = m_d->channel,
                                                                      .sizes = m_d->sizeChannel,
                                                                      .shapes = m_d->shapeChannel,
                                                                      .shapeLegend = m_d->shapeLegend,
                                                                      .hiddenCategories = m_d->hiddenCategories,
                                                                      .xTitle = m_d->xTitle,
                                                                      .yTitle = m_d->yTitle,
                                                                      .font = font(),
                                                                      .legend = legend});
    return [taken, theme = lightBackground ? lightTheme() : darkTheme()](QPainter& painter, const QSize& size) {
        paintPicture(painter, size, *taken, theme);
    };
}

void MapView::render(QPainter& painter, const QSize& size, bool lightBackground, Legend legend) const
{
    picture(lightBackground, legend)(painter, size);
}

} // namespace rnnscope::ui
