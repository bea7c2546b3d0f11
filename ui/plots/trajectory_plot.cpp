#include "ui/plots/trajectory_plot.h"

#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kTitle = 20.0;
constexpr double kNumbers = 18.0; // steps below
constexpr double kSide = 8.0;

/// The curves' part of the plot.
QRectF boxOf(const QRectF& all)
{
    return all.adjusted(kSide, kTitle + 4, -kSide, -kNumbers);
}

QPointF placeIn(const QRectF& box, const TrajectoryCurves& curves, std::size_t step, double value)
{
    const auto last = static_cast<double>(std::max<std::size_t>(curves.steps.size(), 2) - 1);
    const double range = curves.high > curves.low ? curves.high - curves.low : 1.0;
    return {box.left() + box.width() * static_cast<double>(step) / last,
            box.bottom() - box.height() * (value - curves.low) / range};
}

} // namespace

TrajectoryPlot::TrajectoryPlot(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void TrajectoryPlot::setCurves(TrajectoryCurves curves)
{
    m_curves = std::move(curves);
    setAccessibleName(tr("%1 over the training").arg(m_curves.title));
    update();
}

void TrajectoryPlot::setCurrent(std::optional<std::size_t> step)
{
    m_current = step;
    update();
}

QPointF TrajectoryPlot::pixelOf(std::size_t step, double value) const
{
    return placeIn(boxOf(rect()), m_curves, step, value);
}

void TrajectoryPlot::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paint(painter, rect(), currentTheme());
}

void TrajectoryPlot::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF all {QPointF(), QSizeF(size)};
    painter.fillRect(all, theme.panel);
    paint(painter, all.adjusted(4, 4, -4, -4), theme);
}

void TrajectoryPlot::paint(QPainter& painter, const QRectF& all, const Theme& theme) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(pixelFont(font()));
    const QRectF area = boxOf(all);
    const std::size_t count = m_curves.steps.size();
    if (count == 0)
        return;
    painter.setPen(theme.muted);
    const QRectF head(area.left(), all.top(), area.width(), kTitle);
    paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter, m_curves.title);
    paintText(painter, head, Qt::AlignRight | Qt::AlignVCenter,
              QStringLiteral("%1 \u2013 %2").arg(tickNumber(m_curves.low), tickNumber(m_curves.high)));
    painter.setPen(QPen(theme.line, 1.0));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.drawLine(area.topLeft(), area.topRight());
    if (m_current && *m_current < count) {
        painter.setPen(QPen(theme.accent, 1.0, Qt::DashLine));
        const double x = placeIn(area, m_curves, *m_current, m_curves.low).x();
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    constexpr std::size_t kStrong = 6;
    QColor line = theme.accent;
    line.setAlphaF(m_curves.values.size() > kStrong ? 0.4F : 0.9F);
    for (const auto& values : m_curves.values) {
        QPolygonF points;
        for (std::size_t i = 0; i < std::min(count, values.size()); ++i)
            if (std::isfinite(values[i]))
                points << placeIn(area, m_curves, i, values[i]);
        painter.setPen(QPen(line, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(points);
        painter.setPen(Qt::NoPen);
        painter.setBrush(line);
        for (const QPointF& point : points)
            painter.drawEllipse(point, 2.5, 2.5);
    }
    painter.setPen(theme.muted);
    painter.setFont(pixelFont(font(), 0.85));
    const QRectF foot(area.left() - kSide, area.bottom() + 2, area.width() + 2 * kSide, kNumbers - 2);
    const auto number = [](double step) { return groupedNumber(static_cast<qlonglong>(step)); };
    paintText(painter, foot, Qt::AlignLeft | Qt::AlignVCenter, number(m_curves.steps.front()));
    if (count > 1)
        paintText(painter, foot, Qt::AlignRight | Qt::AlignVCenter, number(m_curves.steps.back()));
    paintText(painter, foot, Qt::AlignHCenter | Qt::AlignVCenter, tr("step"));
}

void TrajectoryPlot::choose(double pixel)
{
    if (m_curves.steps.empty())
        return;
    const QRectF area = boxOf(rect());
    const auto last = static_cast<double>(m_curves.steps.size() - 1);
    const double place = std::clamp((pixel - area.left()) / std::max(area.width(), 1.0), 0.0, 1.0);
    Q_EMIT chosen(static_cast<std::size_t>(std::lround(place * last)));
}

void TrajectoryPlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        choose(event->position().x());
}

void TrajectoryPlot::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton))
        choose(event->position().x());
}

} // namespace rnnscope::ui
