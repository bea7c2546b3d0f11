#include "ui/plots/map_frame.h"

#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
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

QColor mixed(const QColor& below, const QColor& above, float share)
{
    const auto channel = [share](float from, float to) { return from + (to - from) * share; };
    return QColor::fromRgbF(channel(below.redF(), above.redF()), channel(below.greenF(), above.greenF()),
                            channel(below.blueF(), above.blueF()));
}

} // namespace

void paintMapGrid(QPainter& painter, const MapTransform& transform, const Theme& theme)
{
    constexpr double kSmallestDistance = 80.0; // pixels
    const double step = roundStep(kSmallestDistance / transform.scale);
    const QPointF lowerLeft = transform.toData({0, transform.size.height()});
    const QPointF upperRight = transform.toData({transform.size.width(), 0});
    // Opaque rectangles: Qt gives the rows of a translucent line to several threads, which takes 3 ms a frame.
    const QColor line = mixed(theme.panel, theme.line, theme.dark ? 0.55F : 0.6F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (double x = std::ceil(lowerLeft.x() / step) * step; x < upperRight.x(); x += step) {
        const double at = std::floor(transform.toPixel({x, 0}).x());
        painter.fillRect(QRectF(at, 0, 1, transform.size.height()), line);
    }
    for (double y = std::ceil(lowerLeft.y() / step) * step; y < upperRight.y(); y += step) {
        const double at = std::floor(transform.toPixel({0, y}).y());
        painter.fillRect(QRectF(0, at, transform.size.width(), 1), line);
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
    if (!legend.isNull() && below.right() > legend.left() - kMargin) {
        below.moveLeft(area.left() + 2 * kMargin + metrics.height());
        below.setRight(std::min(below.right(), legend.left() - kMargin)); // in small figures
    }
    paintText(painter, below, Qt::AlignLeft | Qt::AlignVCenter, x);
    painter.translate(area.left() + kMargin, area.center().y());
    painter.rotate(-90);
    paintText(painter, QRectF(-area.height() / 2 + kMargin, 0, area.height() - 2 * kMargin, metrics.height()),
              Qt::AlignCenter, y);
    painter.restore();
}

} // namespace rnnscope::ui
