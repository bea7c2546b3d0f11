#include "ui/plots/predicted_actual_plot.h"

#include "ui/plots/split_colours.h"
#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr double kSmall = 0.9;

constexpr std::array<zoo::Split, 5> kSplits {zoo::Split::Training, zoo::Split::Validation, zoo::Split::Calibration,
                                             zoo::Split::Ood, zoo::Split::Unknown};

double headHeight(const QFont& font)
{
    return std::ceil(QFontMetricsF(pixelFont(font, kSmall)).height()) + 4;
}

/// Both axes have the range of all truths and predictions, so that the diagonal is one.
PlotFrame frameOf(const PredictedActual& data, const QRectF& area, const QFont& font)
{
    std::vector<double> values;
    for (const auto& point : data.points)
        values.insert(values.end(), {point.actual, point.predicted});
    Axis x = axisOver(values, Axis::Scale::Linear, data.title + QStringLiteral(", actual"));
    Axis y = x;
    y.title = QStringLiteral("Predicted");
    return layoutFrame(x, y, area.adjusted(0, headHeight(font), 0, 0), font);
}

void paintHead(QPainter& painter, const PredictedActual& data, const PlotFrame& frame, const QRectF& area,
               const Theme& theme, const QFont& font)
{
    painter.setFont(pixelFont(font, kSmall));
    const QFontMetricsF metrics(painter.font());
    QRectF line(frame.box.left(), area.top(), area.right() - frame.box.left(), metrics.height());
    for (const auto split : kSplits) {
        const auto count = std::count_if(data.points.begin(), data.points.end(),
                                         [split](const auto& point) { return point.split == split; });
        if (count == 0)
            continue;
        painter.setPen(Qt::NoPen);
        painter.setBrush(splitColour(split, theme));
        painter.drawEllipse(QPointF(line.left() + 4, line.center().y()), 3.5, 3.5);
        line.setLeft(line.left() + 12);
        const auto text = QStringLiteral("%1 %2   ").arg(shortSplitName(split), groupedNumber(count));
        painter.setPen(theme.muted);
        if (line.width() > 20)
            paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, text);
        line.setLeft(line.left() + metrics.horizontalAdvance(text));
    }
}

void paintBar(QPainter& painter, const PlotFrame& frame, const AgreementPoint& point)
{
    if (std::isnan(point.lower) || std::isnan(point.upper))
        return;
    const auto inside = [&](double value) { return std::clamp(value, frame.y.low, frame.y.high); };
    const auto stroke = [&](double from, double to) {
        painter.drawLine(frame.toPixel(point.actual, inside(from)), frame.toPixel(point.actual, inside(to)));
    };
    if (point.lower <= point.upper)
        return stroke(point.lower, point.upper);
    stroke(frame.y.low, point.upper); // round the circle
    stroke(point.lower, frame.y.high);
}

} // namespace

void paintPredictedActual(QPainter& painter, const PredictedActual& data, const QRectF& area, const Theme& theme,
                          const QFont& font)
{
    const PlotFrame frame = frameOf(data, area, font);
    painter.save();
    paintFrame(painter, frame, theme, font);
    painter.setRenderHint(QPainter::Antialiasing);
    paintHead(painter, data, frame, area, theme, font);
    painter.setPen(QPen(theme.muted, 1.0, Qt::DashLine));
    painter.drawLine(frame.box.bottomLeft(), frame.box.topRight());
    constexpr std::size_t kMany = 5000;
    const double radius = data.points.size() > kMany ? 1.5 : 2.6;
    if (data.bars == PredictedActual::Bars::Intervals)
        for (const auto& point : data.points) {
            QColor colour = splitColour(point.split, theme);
            colour.setAlphaF(0.35F);
            painter.setPen(QPen(colour, 1.0));
            paintBar(painter, frame, point);
        }
    for (const auto& point : data.points) {
        painter.setPen(QPen(theme.panel, 0.5));
        painter.setBrush(splitColour(point.split, theme));
        painter.drawEllipse(frame.toPixel(point.actual, point.predicted), radius, radius);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.text, 1.5));
    for (const auto& point : data.points)
        if (point.row == data.current)
            painter.drawEllipse(frame.toPixel(point.actual, point.predicted), 5.0, 5.0);
    painter.restore();
}

QByteArray predictedActualCsv(const PredictedActual& data)
{
    QByteArray csv = "row,split,actual,predicted,lower,upper\n";
    const auto number
        = [](double value) { return std::isnan(value) ? QByteArray() : QByteArray::number(value, 'g', 9); };
    for (const auto& point : data.points)
        csv += QByteArray::number(static_cast<qulonglong>(point.row)) + ',' + splitName(point.split).toUtf8() + ','
            + number(point.actual) + ',' + number(point.predicted) + ',' + number(point.lower) + ','
            + number(point.upper) + '\n';
    return csv;
}

PredictedActualPlot::PredictedActualPlot(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Predicted over actual values"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PredictedActualPlot::setData(PredictedActual data)
{
    m_data = std::move(data);
    setAccessibleDescription(tr("%1, %2 networks").arg(m_data.title).arg(m_data.points.size()));
    update();
}

void PredictedActualPlot::setCurrent(std::optional<std::size_t> row)
{
    m_data.current = row;
    update();
}

QPointF PredictedActualPlot::pixelOf(const AgreementPoint& point) const
{
    return frameOf(m_data, rect(), font()).toPixel(point.actual, point.predicted);
}

std::optional<std::size_t> PredictedActualPlot::pointAt(const QPointF& pixel) const
{
    constexpr double kReach = 8.0; // pixels
    const auto frame = frameOf(m_data, rect(), font());
    std::optional<std::size_t> nearest;
    double least = kReach;
    for (std::size_t i = 0; i < m_data.points.size(); ++i) {
        const auto away = frame.toPixel(m_data.points[i].actual, m_data.points[i].predicted) - pixel;
        if (const double distance = std::hypot(away.x(), away.y()); distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

void PredictedActualPlot::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF area {QPointF(), QSizeF(size)};
    painter.fillRect(area, theme.panel);
    paintPredictedActual(painter, m_data, area.adjusted(12, 8, -12, -8), theme, font());
}

bool PredictedActualPlot::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto at = pointAt(help->pos())) {
        const auto& point = m_data.points[*at];
        QToolTip::showText(help->globalPos(),
                           tr("network %1, %2: actual %3, predicted %4")
                               .arg(groupedNumber(static_cast<qlonglong>(point.row)), splitName(point.split),
                                    shortNumber(point.actual), shortNumber(point.predicted)),
                           this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

void PredictedActualPlot::mousePressEvent(QMouseEvent* event)
{
    if (const auto at = pointAt(event->position()))
        Q_EMIT activated(m_data.points[*at].row);
}

void PredictedActualPlot::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paintPredictedActual(painter, m_data, rect(), currentTheme(), font());
}

} // namespace rnnscope::ui
