#include "ui/plots/axes.h"

#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

constexpr double kSmall = 0.85; ///< font of numbers and titles
constexpr double kGap = 6.0;
constexpr double kTickDistance = 44.0; ///< pixels between numbers, at least
constexpr double kRoom = 0.04; ///< beyond the values, share of the range

bool logarithmic(const Axis& axis)
{
    return axis.scale == Axis::Scale::Logarithmic;
}

/// 1, 2 or 5 times a power of ten, at least `smallest`.
double roundStep(double smallest)
{
    const double power = std::pow(10.0, std::floor(std::log10(smallest)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= smallest * (1 - 1e-9))
            return factor * power;
    return 10.0 * power;
}

std::vector<double> evenTicks(double low, double high, int most)
{
    std::vector<double> ticks;
    if (!(high > low))
        return ticks;
    const double step = roundStep((high - low) / std::max(most, 1));
    for (double at = std::ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1.0)
        ticks.push_back(at * step);
    return ticks;
}

int tickCount(double pixels)
{
    return std::max(2, static_cast<int>(pixels / kTickDistance));
}

} // namespace

double Axis::place(double value) const
{
    if (!logarithmic(*this))
        return (value - low) / (high - low);
    return value > 0.0 ? std::log(value / low) / std::log(high / low) : std::numeric_limits<double>::quiet_NaN();
}

double Axis::value(double place) const
{
    return logarithmic(*this) ? low * std::pow(high / low, place) : low + place * (high - low);
}

std::vector<double> Axis::ticks(int most) const
{
    if (!logarithmic(*this) || high < 3.0 * low) // too narrow for powers of ten
        return evenTicks(low, high, most);
    const std::vector<double> factors = high / low > 100.0 ? std::vector<double> {1.0} : std::vector<double> {1, 2, 5};
    std::vector<double> ticks;
    for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high; power *= 10.0)
        for (const double factor : factors)
            if (factor * power >= low && factor * power <= high)
                ticks.push_back(factor * power);
    return ticks;
}

Axis axisOver(std::span<const double> values, Axis::Scale scale, const QString& title)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : values)
        if (std::isfinite(value) && (scale == Axis::Scale::Linear || value > 0.0)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (!(low <= high))
        return {.low = scale == Axis::Scale::Linear ? 0.0 : 0.1, .high = 1.0, .scale = scale, .title = title};
    if (scale == Axis::Scale::Logarithmic) {
        const double room = std::max(std::pow(high / low, kRoom), 1.02);
        return {.low = low / room, .high = high * room, .scale = scale, .title = title};
    }
    const double room = high > low ? kRoom * (high - low) : std::max(std::abs(low) * kRoom, 1e-6);
    return {.low = low - room, .high = high + room, .scale = scale, .title = title};
}

QPointF PlotFrame::toPixel(double atX, double atY) const
{
    return {box.left() + x.place(atX) * box.width(), box.bottom() - y.place(atY) * box.height()};
}

PlotFrame layoutFrame(const Axis& x, const Axis& y, const QRectF& area, const QFont& font)
{
    const QFontMetricsF metrics(pixelFont(font, kSmall));
    double widest = 0.0;
    for (const double tick : y.ticks(tickCount(area.height())))
        widest = std::max(widest, metrics.horizontalAdvance(tickNumber(tick)));
    const double line = metrics.height();
    const double left = widest + kGap + (y.title.isEmpty() ? 0.0 : line + kGap);
    const double below = line + 4 + (x.title.isEmpty() ? 0.0 : line + 2);
    PlotFrame frame {x, y, area.adjusted(std::ceil(left), line / 2, -line, -std::ceil(below))};
    if (frame.box.width() < 1.0)
        frame.box.setWidth(1.0);
    if (frame.box.height() < 1.0)
        frame.box.setHeight(1.0);
    return frame;
}

void paintFrame(QPainter& painter, const PlotFrame& frame, const Theme& theme, const QFont& font)
{
    painter.save();
    painter.setFont(pixelFont(font, kSmall));
    const double line = QFontMetricsF(painter.font()).height();
    const auto snapped = [](double at) { return std::floor(at) + 0.5; };
    const QRectF& box = frame.box;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const double tick : frame.y.ticks(tickCount(box.height()))) {
        const double at = snapped(frame.toPixel(frame.x.low, tick).y());
        painter.setPen(QPen(theme.line, 1.0));
        painter.drawLine(QPointF(box.left(), at), QPointF(box.right(), at));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(box.left() - 200 - kGap, at - line / 2, 200, line), Qt::AlignRight | Qt::AlignVCenter,
                         tickNumber(tick));
    }
    for (const double tick : frame.x.ticks(tickCount(box.width() / 2))) {
        const double at = snapped(frame.toPixel(tick, frame.y.low).x());
        painter.setPen(QPen(theme.line, 1.0));
        painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(at - 60, box.bottom() + 4, 120, line), Qt::AlignCenter, tickNumber(tick));
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.muted);
    if (!frame.x.title.isEmpty())
        paintText(painter, QRectF(box.left(), box.bottom() + 5 + line, box.width(), line), Qt::AlignCenter,
                  frame.x.title);
    if (!frame.y.title.isEmpty()) {
        double widest = 0.0;
        for (const double tick : frame.y.ticks(tickCount(box.height())))
            widest = std::max(widest, QFontMetricsF(painter.font()).horizontalAdvance(tickNumber(tick)));
        painter.translate(box.left() - widest - 2 * kGap - line, box.center().y());
        painter.rotate(-90);
        paintText(painter, QRectF(-box.height() / 2 - line, 0, box.height() + 2 * line, line), Qt::AlignCenter,
                  frame.y.title);
    }
    painter.restore();
}

} // namespace rnnscope::ui
