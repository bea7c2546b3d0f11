#include "ui/plots/histogram_brush.h"

#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kTitleHeight = 20.0;
constexpr double kBarHeight = 32.0;
constexpr double kGap = 8.0; // below
constexpr double kGrip = 4.0; // pixels beside an edge that take hold of it

} // namespace

HistogramBrush::HistogramBrush(const QString& title, Binning bins, std::function<QString(double)> text, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_bins(std::move(bins))
    , m_text(std::move(text))
{
    m_all = m_bins.counts(std::vector<std::uint8_t>(m_bins.binOf.size(), 1));
    m_shown = m_all;
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Filter by %1").arg(title));
    describe();
}

QSize HistogramBrush::sizeHint() const
{
    return {160, static_cast<int>(kTitleHeight + kBarHeight + kGap)};
}

QRectF HistogramBrush::barArea() const
{
    return {0.5, kTitleHeight, width() - 1.0, kBarHeight};
}

QRectF HistogramBrush::barRect(std::size_t bin) const
{
    const QRectF area = barArea();
    const double each = area.width() / static_cast<double>(m_bins.bins());
    return {area.left() + each * static_cast<double>(bin), area.top(), each, area.height()};
}

std::size_t HistogramBrush::binAt(double pixel) const
{
    const QRectF area = barArea();
    const double place = (pixel - area.left()) / area.width() * static_cast<double>(m_bins.bins());
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(m_bins.bins()) - 1.0));
}

HistogramBrush::Drag HistogramBrush::dragAt(double pixel) const
{
    if (!m_interval)
        return Drag::New;
    const double low = barRect(m_interval->first).left();
    const double high = barRect(m_interval->second).right();
    if (std::abs(pixel - low) <= kGrip)
        return Drag::Low;
    if (std::abs(pixel - high) <= kGrip)
        return Drag::High;
    return pixel > low && pixel < high ? Drag::Move : Drag::New;
}

void HistogramBrush::setShown(std::vector<std::size_t> counts)
{
    m_shown = std::move(counts);
    m_shown.resize(m_bins.bins());
    update();
}

void HistogramBrush::setInterval(std::optional<Interval> interval)
{
    if (interval && (interval->first > interval->second || interval->second >= m_bins.bins()))
        interval.reset();
    m_interval = interval;
    describe();
    update();
}

void HistogramBrush::change(std::optional<Interval> interval)
{
    if (interval == m_interval)
        return;
    setInterval(interval);
    Q_EMIT brushed();
}

QString HistogramBrush::intervalText() const
{
    if (!m_interval)
        return tr("all");
    const auto& [first, last] = *m_interval;
    const auto low = m_text(m_bins.low[first]);
    const auto high = m_text(m_bins.high[last]);
    return low == high ? low : QStringLiteral("%1 \u2013 %2").arg(low, high);
}

void HistogramBrush::describe()
{
    setAccessibleDescription(intervalText());
}

void HistogramBrush::paintEvent(QPaintEvent* /*event*/)
{
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setFont(pixelFont(font()));
    const QRectF head(0, 0, width(), kTitleHeight);
    const auto range = intervalText();
    const double rangeWidth = QFontMetricsF(painter.font()).horizontalAdvance(range) + 8;
    painter.setPen(theme.text);
    paintText(painter, head.adjusted(0, 0, -rangeWidth, 0), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter.setPen(m_interval ? theme.text : theme.muted);
    paintText(painter, head, Qt::AlignRight | Qt::AlignVCenter, range);
    const std::size_t highest = m_all.empty() ? 0 : *std::max_element(m_all.begin(), m_all.end());
    const QRectF area = barArea();
    QColor outside = theme.line;
    for (std::size_t bin = 0; bin < m_bins.bins() && highest > 0; ++bin) {
        const QRectF column = barRect(bin);
        const double gap = column.width() > 3 ? 1.0 : 0.0;
        const auto bar = [&](std::size_t count, const QColor& colour) {
            if (count == 0)
                return;
            const double height
                = std::max(1.0, area.height() * static_cast<double>(count) / static_cast<double>(highest));
            painter.fillRect(QRectF(column.left(), area.bottom() - height, column.width() - gap, height), colour);
        };
        bar(m_all[bin], outside);
        const bool kept = !m_interval || (bin >= m_interval->first && bin <= m_interval->second);
        if (kept)
            bar(m_shown[bin], theme.accent);
    }
    painter.setPen(theme.line);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (m_interval) {
        painter.setPen(QPen(theme.text, 1.0));
        for (const double x : {barRect(m_interval->first).left(), barRect(m_interval->second).right()})
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 1.0));
        painter.drawLine(area.bottomLeft() + QPointF(0, 2), area.bottomRight() + QPointF(0, 2));
    }
}

bool HistogramBrush::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_bins.bins() > 0) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto bin = binAt(help->pos().x());
        const auto low = m_text(m_bins.low[bin]);
        const auto high = m_text(m_bins.high[bin]);
        const auto values = m_bins.single || low == high ? low : QStringLiteral("%1 \u2013 %2").arg(low, high);
        QToolTip::showText(help->globalPos(),
                           tr("%1: %2 of %3 networks\nDrag over the bars to filter, double-click for all")
                               .arg(values)
                               .arg(m_shown[bin])
                               .arg(m_all[bin]),
                           this);
        return true;
    }
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::event(event);
}

void HistogramBrush::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_bins.bins() == 0)
        return QWidget::mousePressEvent(event);
    m_drag = dragAt(event->position().x());
    m_from = binAt(event->position().x());
    m_moved = false;
}

void HistogramBrush::mouseMoveEvent(QMouseEvent* event)
{
    const double pixel = event->position().x();
    if (m_drag == Drag::None) {
        const auto over = event->position().y() >= kTitleHeight ? dragAt(pixel) : Drag::None;
        const bool edge = over == Drag::Low || over == Drag::High;
        return setCursor(edge ? Qt::SplitHCursor : over == Drag::Move ? Qt::SizeHorCursor : Qt::ArrowCursor);
    }
    const auto bin = binAt(pixel);
    m_moved = m_moved || bin != m_from;
    if (m_drag == Drag::New)
        return change(Interval {std::min(m_from, bin), std::max(m_from, bin)});
    if (!m_interval)
        return;
    auto [low, high] = *m_interval;
    if (m_drag == Drag::Low)
        low = std::min(bin, high);
    else if (m_drag == Drag::High)
        high = std::max(bin, low);
    else {
        const std::size_t width = high - low;
        const auto shifted = static_cast<std::ptrdiff_t>(low + bin) - static_cast<std::ptrdiff_t>(m_from);
        low = static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(shifted, 0, static_cast<std::ptrdiff_t>(m_bins.bins() - 1 - width)));
        high = low + width;
        m_from = bin;
    }
    change(Interval {low, high});
}

void HistogramBrush::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_drag == Drag::None)
        return QWidget::mouseReleaseEvent(event);
    if (!m_moved && m_drag == Drag::New) // a click
        change(m_bins.single && !m_interval ? std::optional(Interval {m_from, m_from}) : std::nullopt);
    m_drag = Drag::None;
}

void HistogramBrush::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        change(std::nullopt);
}

void HistogramBrush::keyPressEvent(QKeyEvent* event)
{
    const bool left = event->key() == Qt::Key_Left;
    if (event->key() == Qt::Key_Escape && m_interval)
        return change(std::nullopt);
    if ((!left && event->key() != Qt::Key_Right) || m_bins.bins() == 0)
        return QWidget::keyPressEvent(event);
    const std::size_t end = m_bins.bins() - 1;
    auto [low, high] = m_interval.value_or(Interval {0, end});
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        high = left ? std::max(low, high - std::min<std::size_t>(high, 1)) : std::min(high + 1, end);
    } else if (event->modifiers().testFlag(Qt::ControlModifier) || !m_interval) {
        low = left ? low - std::min<std::size_t>(low, 1) : std::min(low + 1, high);
    } else if (left ? low > 0 : high < end) {
        low += left ? std::size_t(-1) : 1;
        high += left ? std::size_t(-1) : 1;
    }
    change(low == 0 && high == end ? std::nullopt : std::optional(Interval {low, high}));
}

} // namespace rnnscope::ui
