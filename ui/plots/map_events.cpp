#include "ui/plots/map_view_private.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <limits>

namespace rnnscope::ui {

namespace {

constexpr double kHitRadius = 8.0; // pixels
constexpr double kClickSlack = 4.0; // a click may move so far

enum class Combine { Replace, Add, Subtract };

Combine combination(Qt::KeyboardModifiers modifiers)
{
    if (modifiers & (Qt::AltModifier | Qt::ControlModifier))
        return Combine::Subtract;
    return modifiers & Qt::ShiftModifier ? Combine::Add : Combine::Replace;
}

} // namespace

std::optional<std::size_t> MapView::Private::at(const QPointF& pixel) const
{
    for (const std::size_t star : scene.stars) // they lie on top
        if (QLineF(view.toPixel(scene.positions[star]), pixel).length() <= kStarDiameter / 2)
            return star;
    return grid->nearest(view.toData(pixel), kHitRadius / view.scale);
}

void MapView::Private::zoom(const QPointF& pixel, double factor)
{
    constexpr double kWidest = 0.05; // times the fitted scale
    constexpr double kClosest = 1e5;
    MapTransform fitted = view;
    fitTo(fitted);
    const QPointF held = view.toData(pixel);
    view.scale = std::clamp(view.scale * factor, fitted.scale * kWidest, fitted.scale * kClosest);
    view.centre += held - view.toData(pixel);
    userMoved = true;
    viewChanged();
}

void MapView::Private::reveal(std::size_t id)
{
    constexpr double kMargin = 30.0;
    const QRectF area(QPointF(), view.size);
    if (area.adjusted(kMargin, kMargin, -kMargin, -kMargin).contains(view.toPixel(scene.positions[id])))
        return;
    view.centre = scene.positions[id];
    userMoved = true;
    viewChanged();
}

void MapView::Private::step(const QPointF& direction)
{
    const auto current = selection.current();
    const bool known = current && *current < scene.positions.size() && drawable(scene.positions[*current]);
    const QPointF from = known ? scene.positions[*current] : view.centre;
    std::optional<std::size_t> best;
    double bestCost = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < scene.positions.size(); ++i) {
        if (!drawable(scene.positions[i]) || (known && i == *current))
            continue;
        const QPointF away = scene.positions[i] - from;
        const double ahead = QPointF::dotProduct(away, direction);
        const double aside = std::abs(away.x() * direction.y() - away.y() * direction.x());
        if (known && (ahead <= 0 || aside > ahead)) // within 45 degrees
            continue;
        const double cost = known ? ahead + 2 * aside : std::hypot(away.x(), away.y());
        if (cost < bestCost) {
            bestCost = cost;
            best = i;
        }
    }
    if (!best)
        return;
    selection.select(*best);
    reveal(*best);
}

void MapView::Private::click(const QPointF& pixel, Qt::KeyboardModifiers modifiers)
{
    const auto id = at(pixel);
    if (!id && !modifiers && grid->count() > 0)
        Q_EMIT q.emptyClicked(view.toData(pixel));
    if (!id)
        return;
    if (modifiers & (Qt::ControlModifier | Qt::ShiftModifier))
        selection.toggle(*id);
    else
        selection.select(*id);
}

std::vector<std::size_t> MapView::Private::insideLasso() const
{
    // A mask is a hundred times faster than asking the polygon for every point.
    QImage mask(view.size.toSize(), QImage::Format_Grayscale8);
    mask.fill(0);
    QPainter painter(&mask);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::white);
    painter.drawPolygon(drag.path);
    painter.end();
    const QRectF box = drag.path.boundingRect();
    std::vector<std::size_t> found;
    for (const std::size_t id : grid->inside(QRectF(view.toData(box.bottomLeft()), view.toData(box.topRight())))) {
        const QPointF pixel = view.toPixel(scene.positions[id]);
        const QPoint place(static_cast<int>(std::floor(pixel.x())), static_cast<int>(std::floor(pixel.y())));
        if (mask.valid(place) && mask.constScanLine(place.y())[place.x()] != 0)
            found.push_back(id);
    }
    return found;
}

void MapView::Private::selectBand(Qt::KeyboardModifiers modifiers)
{
    const QRectF box = QRectF(drag.start, drag.last).normalized();
    auto ids = drag.mode == DragMode::Lasso
        ? insideLasso()
        : grid->inside(QRectF(view.toData(box.bottomLeft()), view.toData(box.topRight())));
    switch (combination(modifiers)) {
    case Combine::Replace:
        selection.set(std::move(ids));
        break;
    case Combine::Add:
        selection.add(ids);
        break;
    case Combine::Subtract:
        selection.subtract(ids);
        break;
    }
}

void MapView::Private::setCursorShape()
{
    if (drag.mode == DragMode::Pan && drag.moved)
        q.setCursor(Qt::ClosedHandCursor);
    else
        q.setCursor(tool == Tool::Pan ? Qt::ArrowCursor : Qt::CrossCursor);
}

void MapView::mousePressEvent(QMouseEvent* event)
{
    const bool middle = event->button() == Qt::MiddleButton;
    if ((event->button() != Qt::LeftButton && !middle) || m_d->drag.mode != DragMode::None)
        return;
    m_d->drag
        = {.mode = DragMode::Pan, .moved = false, .start = event->position(), .last = event->position(), .path = {}};
    if (!middle && m_d->pressLegend(event->position()))
        return;
    if (!middle && m_d->tool == Tool::Box)
        m_d->drag.mode = DragMode::Box;
    if (!middle && m_d->tool == Tool::Lasso)
        m_d->drag.mode = DragMode::Lasso;
    m_d->drag.path << event->position();
}

void MapView::mouseMoveEvent(QMouseEvent* event)
{
    Drag& drag = m_d->drag;
    if (drag.mode == DragMode::None) {
        m_d->selection.setHovered(m_d->at(event->position()));
        return;
    }
    if (drag.mode == DragMode::Clip || drag.mode == DragMode::Category)
        return m_d->dragLegend(event->position());
    if (!drag.moved && QLineF(drag.start, event->position()).length() < kClickSlack)
        return;
    drag.moved = true;
    if (drag.mode == DragMode::Pan) {
        m_d->view.centre += m_d->view.toData(drag.last) - m_d->view.toData(event->position());
        m_d->userMoved = true;
        m_d->viewChanged();
    } else {
        drag.path << event->position();
        m_d->plot->markDirty(MapPart::Overlay);
    }
    drag.last = event->position();
    m_d->setCursorShape();
}

void MapView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_d->drag.mode == DragMode::None || event->buttons() != Qt::NoButton)
        return;
    if (m_d->drag.mode == DragMode::Category)
        m_d->clickLegend(event->position(), event->modifiers());
    else if (m_d->drag.mode == DragMode::Clip)
        m_d->endClip(event->position());
    else if (!m_d->drag.moved && event->button() == Qt::LeftButton)
        m_d->click(event->position(), event->modifiers());
    else if (m_d->drag.moved && m_d->drag.mode != DragMode::Pan)
        m_d->selectBand(event->modifiers());
    m_d->drag = {};
    m_d->setCursorShape();
    m_d->plot->markDirty(MapPart::Overlay);
}

void MapView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto legend = m_d->legendPlaces();
    if (!legend.card.contains(event->position()))
        return fit();
    if (!legend.bar.isNull()) {
        m_d->clipColours(std::nullopt);
        Q_EMIT clipChanged();
    } else if (m_d->pressLegend(event->position())) { // the second of two clicks
        m_d->clickLegend(event->position(), event->modifiers());
    }
    m_d->drag = {};
}

void MapView::leaveEvent(QEvent* /*event*/)
{
    m_d->selection.setHovered(std::nullopt);
}

void MapView::wheelEvent(QWheelEvent* event)
{
    constexpr double kPerNotch = 1.2;
    constexpr double kNotch = 120.0; // Qt's unit of a wheel click
    const int delta = event->angleDelta().y();
    if (delta == 0) {
        event->ignore();
        return;
    }
    m_d->zoom(event->position(), std::pow(kPerNotch, delta / kNotch));
    event->accept();
}

void MapView::keyPressEvent(QKeyEvent* event)
{
    constexpr double kKeyZoom = 1.25;
    const QPointF middle(width() / 2.0, height() / 2.0);
    switch (event->key()) {
    case Qt::Key_Left:
        return m_d->step({-1, 0});
    case Qt::Key_Right:
        return m_d->step({1, 0});
    case Qt::Key_Up:
        return m_d->step({0, 1});
    case Qt::Key_Down:
        return m_d->step({0, -1});
    case Qt::Key_F:
        return fit();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return m_d->zoom(middle, kKeyZoom);
    case Qt::Key_Minus:
        return m_d->zoom(middle, 1 / kKeyZoom);
    case Qt::Key_Escape:
        if (m_d->drag.mode != DragMode::None) {
            m_d->drag = {};
            m_d->plot->markDirty(MapPart::Overlay);
        } else
            m_d->selection.clear();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void MapView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_d->plot->setGeometry(rect());
    m_d->view.size = size();
    if (m_d->userMoved)
        m_d->viewChanged();
    else
        fit();
}

void MapView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        m_d->readTheme();
    QWidget::changeEvent(event);
}

} // namespace rnnscope::ui
