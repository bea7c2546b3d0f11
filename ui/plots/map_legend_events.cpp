#include "ui/plots/map_view_private.h"

#include <QHelpEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kGrip = 6.0; // pixels above and below the bar that belong to it

std::optional<std::size_t> lineAt(const LegendParts& parts, const QPointF& pixel)
{
    const auto line = std::find_if(parts.categories.begin(), parts.categories.end(),
                                   [&](const QRectF& each) { return each.contains(pixel); });
    if (line == parts.categories.end())
        return std::nullopt;
    return static_cast<std::size_t>(line - parts.categories.begin());
}

} // namespace

LegendParts MapView::Private::legendPlaces() const
{
    return legendDrawn == Legend::LeftOut || (grid->count() == 0 && all->count() == 0)
        ? LegendParts {}
        : legendParts(QRectF(QPointF(), view.size), legend(), q.font());
}

bool MapView::Private::pressLegend(const QPointF& pixel)
{
    const auto parts = legendPlaces();
    if (!parts.card.contains(pixel))
        return false;
    const bool onBar = parts.bar.adjusted(0, -kGrip, 0, kGrip).contains(pixel);
    drag.mode = onBar && channel.scale == ColourChannel::Scale::Sequential ? DragMode::Clip : DragMode::Category;
    drag.start = pixel;
    return true;
}

/// The colours go from one end of the drag to the other.
void MapView::Private::dragLegend(const QPointF& pixel)
{
    if (drag.mode != DragMode::Clip || (!drag.moved && std::abs(pixel.x() - drag.start.x()) < kGrip))
        return;
    drag.moved = true;
    const QRectF bar = legendPlaces().bar;
    const auto valueAt = [&](double x) {
        const double place = std::clamp((x - bar.left()) / std::max(bar.width(), 1.0), 0.0, 1.0);
        return channel.low + place * (channel.high - channel.low);
    };
    const double from = valueAt(drag.start.x());
    const double to = valueAt(pixel.x());
    const auto [low, high] = std::minmax(from, to);
    clipColours(low < high ? std::optional(std::pair {low, high}) : std::nullopt);
}

void MapView::Private::endClip(const QPointF& pixel)
{
    dragLegend(pixel);
    if (drag.moved)
        Q_EMIT q.clipChanged();
}

void MapView::Private::clickLegend(const QPointF& pixel, Qt::KeyboardModifiers modifiers)
{
    const auto line = lineAt(legendPlaces(), pixel);
    if (line && static_cast<qsizetype>(*line) < channel.categories.size())
        Q_EMIT q.categoryClicked(channel.categories[static_cast<qsizetype>(*line)],
                                 (modifiers & (Qt::ControlModifier | Qt::ShiftModifier)) != Qt::NoModifier);
}

void MapView::Private::clipColours(std::optional<std::pair<double, double>> clip)
{
    channel.clip = clip;
    colourPoints();
}

QRectF MapView::legendBar() const
{
    return m_d->legendPlaces().bar;
}

QRectF MapView::legendLine(qsizetype category) const
{
    const auto parts = m_d->legendPlaces();
    return category < std::ssize(parts.categories) ? parts.categories[static_cast<std::size_t>(category)] : QRectF();
}

bool MapView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto parts = m_d->legendPlaces();
    QString text;
    if (lineAt(parts, help->pos()))
        text = tr("Click to hide or show, with Ctrl to show it alone");
    else if (parts.card.contains(help->pos()) && m_d->channel.scale == ColourChannel::Scale::Sequential)
        text = tr("Drag over the bar to spread the colours over a part of it, double-click for all");
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace rnnscope::ui
