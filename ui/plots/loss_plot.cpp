#include "ui/plots/loss_plot.h"

#include "ui/plots/split_colours.h"
#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr double kSmall = 0.9; ///< font of the head
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// The losses of one split.
struct Curve
{
    zoo::Split split;
    const std::vector<double>* values;
    double baseline;
};

std::array<Curve, 3> curvesOf(const LossCurves& data)
{
    const auto constant = data.constant.value_or(
        zoo::ConstantBaseline {.train = kMissing, .validation = kMissing, .calibration = kMissing, .ood = kMissing});
    return {{{zoo::Split::Training, &data.record.trainLoss, constant.train},
             {zoo::Split::Validation, &data.record.validationLoss, constant.validation},
             {zoo::Split::Ood, &data.record.oodLoss, constant.ood}}};
}

double valueOf(const Curve& curve, std::size_t index)
{
    return index < curve.values->size() ? (*curve.values)[index] : kMissing;
}

double lastValue(const Curve& curve)
{
    const auto& values = *curve.values;
    const auto found = std::find_if(values.rbegin(), values.rend(), [](double v) { return std::isfinite(v); });
    return found == values.rend() ? kMissing : *found;
}

bool measured(const Curve& curve)
{
    return std::isfinite(lastValue(curve));
}

double headHeight(const QFont& font)
{
    return std::ceil(QFontMetricsF(pixelFont(font, kSmall)).height()) + 6;
}

PlotFrame frameOf(const LossCurves& data, const QRectF& area, Axis::Scale scale, const QFont& font)
{
    std::vector<double> losses;
    for (const auto& curve : curvesOf(data)) {
        losses.insert(losses.end(), curve.values->begin(), curve.values->end());
        losses.push_back(curve.baseline);
    }
    const Axis y = axisOver(losses, scale, QStringLiteral("Loss"));
    const double last = data.empty() ? 1.0 : data.record.step.back();
    const Axis x {.low = 0.0,
                  .high = std::max(static_cast<double>(data.steps), std::max(last, 1.0)),
                  .scale = Axis::Scale::Linear,
                  .title = QStringLiteral("Step")};
    return layoutFrame(x, y, area.adjusted(0, headHeight(font), 0, 0), font);
}

/// Names in the curves' colours with the losses at one step; doubles as the legend.
void paintHead(QPainter& painter, const LossCurves& data, const PlotFrame& frame, const QRectF& area,
               std::optional<std::size_t> cursor, const Theme& theme, const QFont& font)
{
    painter.setFont(pixelFont(font, kSmall));
    const QFontMetricsF metrics(painter.font());
    QRectF line(frame.box.left(), area.top(), area.right() - frame.box.left(), metrics.height());
    const auto write = [&](const QString& text, const QColor& colour) {
        painter.setPen(colour);
        paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, text);
        line.setLeft(std::min(line.left() + metrics.horizontalAdvance(text), line.right()));
    };
    const auto stroke = [&](const QColor& colour, Qt::PenStyle style) {
        painter.setPen(QPen(colour, 2.0, style));
        painter.drawLine(QPointF(line.left(), line.center().y()), QPointF(line.left() + 16, line.center().y()));
        line.setLeft(line.left() + 22);
    };
    for (const auto& curve : curvesOf(data)) {
        if (!measured(curve))
            continue;
        stroke(splitColour(curve.split, theme), Qt::SolidLine);
        write(shortSplitName(curve.split) + QLatin1Char(' '), theme.muted);
        write(shortNumber(cursor ? valueOf(curve, *cursor) : lastValue(curve)) + QStringLiteral("    "), theme.text);
    }
    if (data.constant) {
        stroke(theme.muted, Qt::DashLine);
        write(QStringLiteral("constant"), theme.muted);
    }
    if (!cursor)
        return;
    painter.setPen(theme.text);
    paintText(painter, line, Qt::AlignRight | Qt::AlignVCenter,
              QStringLiteral("step ") + groupedNumber(std::llround(data.record.step[*cursor])));
}

void paintCurve(QPainter& painter, const LossCurves& data, const Curve& curve, const PlotFrame& frame,
                const QColor& colour)
{
    if (std::isfinite(frame.y.place(curve.baseline)) && std::isfinite(curve.baseline)) {
        painter.setPen(QPen(colour, 1.0, Qt::DashLine));
        painter.drawLine(frame.toPixel(frame.x.low, curve.baseline), frame.toPixel(frame.x.high, curve.baseline));
    }
    QPolygonF points;
    for (std::size_t i = 0; i < data.record.step.size(); ++i) {
        const QPointF at = frame.toPixel(data.record.step[i], valueOf(curve, i));
        if (std::isfinite(at.y()))
            points << at;
    }
    painter.setPen(QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(points);
    constexpr qsizetype kDots = 40; // more than so many hide the line
    if (points.size() > kDots)
        return;
    painter.setBrush(colour);
    painter.setPen(Qt::NoPen);
    for (const auto& point : points)
        painter.drawEllipse(point, 2.2, 2.2);
    painter.setBrush(Qt::NoBrush);
}

void paintBest(QPainter& painter, const LossCurves& data, const PlotFrame& frame, const Theme& theme, const QFont& font)
{
    const auto best = zoo::bestRow(data.record);
    if (!best)
        return;
    const auto curves = curvesOf(data);
    const auto& judged = measured(curves[1]) ? curves[1] : curves[0];
    const QPointF at = frame.toPixel(data.record.step[*best], valueOf(judged, *best));
    painter.setPen(QPen(theme.text, 1.4));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(at, 5.0, 5.0);
    painter.setFont(pixelFont(font, 0.85));
    const QFontMetricsF metrics(painter.font());
    const auto text = QStringLiteral("best ") + groupedNumber(std::llround(data.record.step[*best]));
    QRectF place(0, 0, metrics.horizontalAdvance(text) + 2, metrics.height());
    place.moveCenter(at + QPointF(0, metrics.height())); // the curve lies above its best point
    if (place.bottom() > frame.box.bottom())
        place.moveCenter(at + QPointF(place.width() / 2 + 8, 0));
    place.moveLeft(std::clamp(place.left(), frame.box.left() + 2,
                              std::max(frame.box.left() + 2, frame.box.right() - place.width())));
    place.moveTop(std::max(place.top(), frame.box.top()));
    painter.drawText(place, Qt::AlignCenter, text);
}

} // namespace

void paintLossPlot(QPainter& painter, const LossCurves& curves, const QRectF& area, Axis::Scale scale,
                   std::optional<std::size_t> cursor, const Theme& theme, const QFont& font)
{
    painter.save();
    if (curves.empty()) {
        painter.setFont(pixelFont(font));
        painter.setPen(theme.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap,
                         QStringLiteral("The curves begin with the first evaluation"));
        return painter.restore();
    }
    const PlotFrame frame = frameOf(curves, area, scale, font);
    paintFrame(painter, frame, theme, font);
    painter.setRenderHint(QPainter::Antialiasing);
    paintHead(painter, curves, frame, area, cursor, theme, font);
    for (const auto& curve : curvesOf(curves))
        paintCurve(painter, curves, curve, frame, splitColour(curve.split, theme));
    paintBest(painter, curves, frame, theme, font);
    if (cursor) {
        const double x = std::floor(frame.toPixel(curves.record.step[*cursor], frame.y.low).x()) + 0.5;
        painter.setPen(QPen(theme.muted, 1.0, Qt::DotLine));
        painter.drawLine(QPointF(x, frame.box.top()), QPointF(x, frame.box.bottom()));
    }
    painter.restore();
}

QByteArray lossCsv(const LossCurves& curves)
{
    QByteArray csv = "step,train,validation,ood\n";
    for (std::size_t i = 0; i < curves.record.step.size(); ++i) {
        csv += QByteArray::number(curves.record.step[i], 'f', 0);
        for (const auto& curve : curvesOf(curves)) {
            const double value = valueOf(curve, i);
            csv += ',' + (std::isfinite(value) ? QByteArray::number(value, 'g', 9) : QByteArray());
        }
        csv += '\n';
    }
    return csv;
}

LossPlot::LossPlot(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Loss curves"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void LossPlot::setCurves(LossCurves curves)
{
    m_curves = std::move(curves);
    if (m_cursor && *m_cursor >= m_curves.record.step.size())
        m_cursor.reset();
    setAccessibleDescription(m_curves.empty() ? QString() : textAt(m_curves.record.step.size() - 1));
    update();
}

void LossPlot::setScale(Axis::Scale scale)
{
    m_scale = scale;
    update();
}

void LossPlot::moveTo(std::optional<std::size_t> index)
{
    if (m_curves.empty() || index == m_cursor)
        return;
    m_cursor = index ? std::optional(std::min(*index, m_curves.record.step.size() - 1)) : std::nullopt;
    setAccessibleDescription(textAt(m_cursor.value_or(m_curves.record.step.size() - 1)));
    update();
}

QString LossPlot::textAt(std::size_t index) const
{
    QStringList losses;
    for (const auto& curve : curvesOf(m_curves))
        if (measured(curve))
            losses << splitName(curve.split) + QLatin1Char(' ') + shortNumber(valueOf(curve, index));
    return QStringLiteral("Step %1: %2")
        .arg(groupedNumber(std::llround(m_curves.record.step.at(index))), losses.join(QStringLiteral(", ")));
}

void LossPlot::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF area {QPointF(), QSizeF(size)};
    painter.fillRect(area, theme.panel);
    paintLossPlot(painter, m_curves, area.adjusted(12, 8, -12, -8), m_scale, std::nullopt, theme, font());
}

void LossPlot::keyPressEvent(QKeyEvent* event)
{
    const auto last = m_curves.empty() ? 0 : m_curves.record.step.size() - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveTo(std::max<std::size_t>(m_cursor.value_or(last + 1), 1) - 1);
    case Qt::Key_Right:
        return moveTo(std::min(m_cursor.value_or(last) + 1, last));
    case Qt::Key_Home:
        return moveTo(0);
    case Qt::Key_End:
        return moveTo(last);
    default:
        QWidget::keyPressEvent(event);
    }
}

void LossPlot::leaveEvent(QEvent* event)
{
    moveTo(std::nullopt);
    QWidget::leaveEvent(event);
}

void LossPlot::mouseMoveEvent(QMouseEvent* event)
{
    if (m_curves.empty())
        return;
    const auto frame = frameOf(m_curves, rect(), m_scale, font());
    const double step = frame.xAt(event->position().x());
    const auto& steps = m_curves.record.step;
    const auto nearest = std::min_element(
        steps.begin(), steps.end(), [step](double a, double b) { return std::abs(a - step) < std::abs(b - step); });
    moveTo(static_cast<std::size_t>(nearest - steps.begin()));
}

void LossPlot::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paintLossPlot(painter, m_curves, rect(), m_scale, m_cursor, currentTheme(), font());
}

} // namespace rnnscope::ui
