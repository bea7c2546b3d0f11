#include "ui/plots/map_frame.h"

#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace rnnscope::ui {

namespace {

/// 1, 2 or 5 times a power of ten, at least `smallest`.
double roundStep(double smallest)
{
    const double power = std::pow(10.0, std::floor(std::log10(smallest)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= smallest)
            return factor * power;
    return 10 * power;
}

} // namespace

void paintMapGrid(QPainter& painter, const MapTransform& transform, const Theme& theme)
{
    constexpr double kSmallestDistance = 80.0; // pixels
    const double step = roundStep(kSmallestDistance / transform.scale);
    const QPointF lowerLeft = transform.toData({0, transform.size.height()});
    const QPointF upperRight = transform.toData({transform.size.width(), 0});
    QColor line = theme.line;
    line.setAlphaF(theme.dark ? 0.55F : 0.6F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(line, 1.0));
    const auto snapped = [](double at) { return std::floor(at) + 0.5; };
    for (double x = std::ceil(lowerLeft.x() / step) * step; x < upperRight.x(); x += step) {
        const double at = snapped(transform.toPixel({x, 0}).x());
        painter.drawLine(QPointF(at, 0), QPointF(at, transform.size.height()));
    }
    for (double y = std::ceil(lowerLeft.y() / step) * step; y < upperRight.y(); y += step) {
        const double at = snapped(transform.toPixel({0, y}).y());
        painter.drawLine(QPointF(0, at), QPointF(transform.size.width(), at));
    }
    painter.restore();
}

void paintAxisTitles(QPainter& painter, const QRectF& area, const QRectF& legend, const QString& x, const QString& y,
                     const Theme& theme, const QFont& font)
{
    constexpr double kMargin = 8.0;
    painter.save();
    painter.setFont(pixelFont(font, 0.88));
    painter.setPen(theme.muted);
    const QFontMetricsF metrics(painter.font());
    const double width = metrics.horizontalAdvance(x);
    QRectF below(area.center().x() - width / 2, area.bottom() - kMargin - metrics.height(), width + 1,
                 metrics.height());
    if (!legend.isNull() && below.right() > legend.left() - kMargin)
        below.moveLeft(area.left() + 2 * kMargin + metrics.height());
    paintText(painter, below, Qt::AlignLeft | Qt::AlignVCenter, x);
    painter.translate(area.left() + kMargin, area.center().y());
    painter.rotate(-90);
    paintText(painter, QRectF(-area.height() / 2 + kMargin, 0, area.height() - 2 * kMargin, metrics.height()),
              Qt::AlignCenter, y);
    painter.restore();
}

} // namespace rnnscope::ui
