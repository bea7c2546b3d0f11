#include "ui/plots/heat_map.h"

#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kTitleScale = 0.95;
constexpr double kLabelScale = 0.85;
constexpr double kGap = 6.0;
constexpr double kWidestCell = 32.0;
constexpr double kTallestCell = 30.0;
constexpr double kEdgesFrom = 8.0; // cells smaller than this have no edges

double lineHeight(const QFont& font, double scale)
{
    return std::ceil(QFontMetricsF(pixelFont(font, scale)).height());
}

/// Whole pixels when cells are large, so that all are the same.
double cellSize(double room, std::size_t count, double largest)
{
    const double size = std::min(room / static_cast<double>(std::max<std::size_t>(count, 1)), largest);
    return size >= 4.0 ? std::floor(size) : std::max(size, 0.0);
}

void paintColourBar(QPainter& painter, const HeatMap& data, const QRectF& head, const Theme& theme)
{
    const QFontMetricsF metrics(painter.font());
    const QString low = tickNumber(data.low);
    const QString high = tickNumber(data.high);
    constexpr double kWidth = 56.0;
    const double right = head.right() - metrics.horizontalAdvance(high) - 1;
    QRectF bar(right - kGap - kWidth, head.center().y() - 4, kWidth, 8);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    constexpr int kStops = 16;
    for (int i = 0; i <= kStops; ++i)
        gradient.setColorAt(static_cast<double>(i) / kStops,
                            QColor(colourAt(data.map, static_cast<double>(i) / kStops)));
    painter.fillRect(bar, gradient);
    painter.setPen(theme.muted);
    painter.drawText(QRectF(right, head.top(), head.right() - right, head.height()), Qt::AlignRight | Qt::AlignVCenter,
                     high);
    painter.drawText(QRectF(bar.left() - 60 - kGap, head.top(), 60, head.height()), Qt::AlignRight | Qt::AlignVCenter,
                     low);
}

void paintHead(QPainter& painter, const HeatMap& data, const QRectF& head, const Theme& theme, const QFont& font)
{
    QFont bold = pixelFont(font, kTitleScale);
    bold.setBold(true);
    const double title = QFontMetricsF(bold).horizontalAdvance(data.title);
    painter.setFont(bold);
    painter.setPen(theme.text);
    paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter, data.title);
    painter.setFont(pixelFont(font, kLabelScale));
    constexpr double kBarRoom = 100.0;
    const double left = title + 14;
    const QFontMetricsF metrics(painter.font());
    const bool bar = head.width() - left - kBarRoom > metrics.horizontalAdvance(data.subtitle);
    if (bar)
        paintColourBar(painter, data, head, theme);
    painter.setPen(theme.muted);
    if (head.width() - left > 30)
        paintText(painter, head.adjusted(left, 0, bar ? -kBarRoom : 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                  data.subtitle);
}

void paintCells(QPainter& painter, const HeatMap& data, const HeatMapLayout& layout, const Theme& theme)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double span = data.high - data.low;
    const bool edges = layout.cellWidth >= kEdgesFrom && layout.cellHeight >= kEdgesFrom;
    painter.setPen(Qt::NoPen);
    for (std::size_t row = 0; row < static_cast<std::size_t>(data.rows.size()); ++row)
        for (std::size_t column = 0; column < data.columns; ++column) {
            const double t = span > 0 ? (static_cast<double>(data.value(row, column)) - data.low) / span : 0.5;
            const QRectF cell = layout.cell(row, column);
            // Whole pixels, or neighbours would leave gaps.
            const QRectF snapped(QPointF(std::round(cell.left()), std::round(cell.top())),
                                 QPointF(std::round(cell.right()), std::round(cell.bottom())));
            painter.fillRect(edges ? snapped.adjusted(0, 0, -1, -1) : snapped, QColor(colourAt(data.map, t)));
        }
    if (edges)
        return;
    painter.setPen(QPen(theme.line, 1.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(layout.cells);
}

void paintRowLabels(QPainter& painter, const HeatMap& data, const HeatMapLayout& layout)
{
    const double line = QFontMetricsF(painter.font()).height();
    const int every = std::max(1, static_cast<int>(std::ceil(line * 0.9 / std::max(layout.cellHeight, 0.1))));
    for (qsizetype row = 0; row < data.rows.size(); row += every) {
        const QRectF cell = layout.cell(static_cast<std::size_t>(row), 0);
        painter.drawText(
            QRectF(layout.head.left(), cell.center().y() - line / 2, cell.left() - layout.head.left() - kGap, line),
            Qt::AlignRight | Qt::AlignVCenter, data.rows[row]);
    }
}

std::size_t tickDistance(double cellWidth, double labelWidth)
{
    for (const std::size_t every : std::array<std::size_t, 9> {1, 2, 3, 5, 10, 20, 50, 100, 200})
        if (static_cast<double>(every) * cellWidth >= labelWidth + 22)
            return every;
    return 500;
}

/// Black or white, whichever is read better on the cell.
void paintCellTexts(QPainter& painter, const HeatMap& data, const HeatMapLayout& layout)
{
    constexpr double kMiddle = 0.35; // luminance from which black is the better one
    const QFontMetricsF metrics(painter.font());
    const double span = data.high - data.low;
    for (std::size_t row = 0; row < static_cast<std::size_t>(data.rows.size()); ++row)
        for (std::size_t column = 0; column < data.columns; ++column) {
            const auto& text = data.cellTexts[static_cast<qsizetype>(row * data.columns + column)];
            if (metrics.horizontalAdvance(text) + 2 > layout.cellWidth || metrics.height() > layout.cellHeight + 2)
                continue;
            const double t = span > 0 ? (static_cast<double>(data.value(row, column)) - data.low) / span : 0.5;
            painter.setPen(luminance(colourAt(data.map, t)) > kMiddle ? Qt::black : Qt::white);
            painter.drawText(layout.cell(row, column), Qt::AlignCenter | Qt::TextDontClip, text);
        }
}

QString columnLabel(const HeatMap& data, std::size_t column)
{
    return data.columnLabels.isEmpty() ? QString::number(column) : data.columnLabels[static_cast<qsizetype>(column)];
}

double widestLabel(const HeatMap& data, const QFontMetricsF& metrics)
{
    if (data.columnLabels.isEmpty())
        return metrics.horizontalAdvance(QString::number(data.columns));
    double widest = 0.0;
    for (const QString& label : data.columnLabels)
        widest = std::max(widest, metrics.horizontalAdvance(label));
    return widest;
}

void paintTicks(QPainter& painter, const HeatMap& data, const HeatMapLayout& layout, const Theme& theme, int cursor)
{
    const QFontMetricsF metrics(painter.font());
    const double label = widestLabel(data, metrics);
    const auto place = [&](std::size_t column) {
        const double at = layout.cell(0, column).center().x();
        return QRectF(at - label, layout.ticks.top(), 2 * label, layout.ticks.height());
    };
    const bool named = !data.columnLabels.isEmpty() && layout.cellWidth > label + 2; // classes: every one of them
    const std::size_t every = named ? 1 : tickDistance(layout.cellWidth, label);
    painter.setPen(theme.muted);
    const double room = layout.cells.left() - layout.head.left() - kGap - 4;
    if (metrics.horizontalAdvance(data.columnTitle) <= room + 4)
        painter.drawText(QRectF(layout.head.left(), layout.ticks.top(), room, layout.ticks.height()),
                         Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, data.columnTitle);
    for (std::size_t column = 0; column < data.columns; column += every) {
        const double away = std::abs(static_cast<double>(column) - cursor) * layout.cellWidth;
        if (cursor < 0 || away > label + 6)
            painter.drawText(place(column), Qt::AlignCenter | Qt::TextDontClip, columnLabel(data, column));
    }
    if (cursor < 0)
        return;
    QFont bold = painter.font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(place(static_cast<std::size_t>(cursor)), Qt::AlignCenter | Qt::TextDontClip,
                     columnLabel(data, static_cast<std::size_t>(cursor)));
}

void paintFooter(QPainter& painter, const HeatMap& data, const HeatMapLayout& layout)
{
    constexpr double kLeastScale = 0.7; // smaller letters below their columns say more than large ones that run on
    double widest = 0.0;
    for (const QString& entry : data.footer)
        widest = std::max(widest, QFontMetricsF(painter.font()).horizontalAdvance(entry));
    const double scale = std::min(1.0, layout.cellWidth / (widest + 1));
    if (scale < kLeastScale) {
        paintText(painter, layout.footer, Qt::AlignLeft | Qt::AlignVCenter, data.footer.join(QString()));
        return;
    }
    const QFont plain = painter.font();
    painter.setFont(pixelFont(plain, scale));
    for (std::size_t column = 0; column < static_cast<std::size_t>(data.footer.size()); ++column) {
        const QRectF cell = layout.cell(0, column);
        painter.drawText(QRectF(cell.left(), layout.footer.top(), cell.width(), layout.footer.height()),
                         Qt::AlignCenter | Qt::TextDontClip, data.footer[static_cast<qsizetype>(column)]);
    }
    painter.setFont(plain);
}

void paintCursor(QPainter& painter, const HeatMapLayout& layout, int cursor)
{
    const double x = std::floor(layout.cell(0, static_cast<std::size_t>(cursor)).center().x()) + 0.5;
    const QLineF line(x, layout.cells.top(), x, layout.cells.bottom());
    painter.setPen(QPen(QColor(0, 0, 0, 110), 2.4)); // seen on yellow
    painter.drawLine(line);
    QPen dots(Qt::white, 1.4);
    dots.setDashPattern({2.2, 2.2});
    painter.setPen(dots);
    painter.drawLine(line);
}

} // namespace

QRectF HeatMapLayout::cell(std::size_t row, std::size_t column) const
{
    return {cells.left() + static_cast<double>(column) * cellWidth, cells.top() + static_cast<double>(row) * cellHeight,
            cellWidth, cellHeight};
}

std::optional<std::size_t> HeatMapLayout::columnAt(double x) const
{
    if (x < cells.left() || x >= cells.right() || cellWidth <= 0)
        return std::nullopt;
    return std::min(static_cast<std::size_t>((x - cells.left()) / cellWidth), columns - 1);
}

std::optional<std::size_t> HeatMapLayout::rowAt(double y, std::size_t rows) const
{
    if (y < cells.top() || y >= cells.bottom() || cellHeight <= 0)
        return std::nullopt;
    return std::min(static_cast<std::size_t>((y - cells.top()) / cellHeight), rows - 1);
}

HeatMapLayout layoutHeatMap(const HeatMap& data, const QRectF& area, const QFont& font)
{
    const QFontMetricsF labels(pixelFont(font, kLabelScale));
    const double label = lineHeight(font, kLabelScale);
    double gutter = labels.horizontalAdvance(data.columnTitle) + 4;
    for (const QString& row : data.rows)
        gutter = std::max(gutter, labels.horizontalAdvance(row));
    gutter = std::ceil(std::min(gutter, area.width() / 4) + kGap);

    HeatMapLayout layout;
    layout.columns = data.columns;
    layout.head = QRectF(area.left(), area.top(), area.width(), lineHeight(font, kTitleScale) + 2);
    const double footer = data.footer.isEmpty() ? 0.0 : label + 3;
    const double ticks = data.ticks ? label + 3 : 0.0;
    const double room = area.height() - layout.head.height() - kGap - footer - ticks;
    layout.cellWidth = cellSize(area.width() - gutter, data.columns, kWidestCell);
    layout.cellHeight = cellSize(room, static_cast<std::size_t>(data.rows.size()), kTallestCell);
    layout.cells = QRectF(area.left() + gutter, layout.head.bottom() + kGap,
                          layout.cellWidth * static_cast<double>(data.columns),
                          layout.cellHeight * static_cast<double>(data.rows.size()));
    double y = layout.cells.bottom() + 3;
    if (footer > 0)
        layout.footer = QRectF(layout.cells.left(), y, layout.cells.width(), label);
    y += footer;
    layout.ticks = QRectF(layout.cells.left(), y, layout.cells.width(), label);
    layout.head.setWidth(std::max(layout.cells.right() - area.left(), std::min(area.width(), 300.0)));
    return layout;
}

void paintHeatMap(QPainter& painter, const HeatMap& data, const QRectF& area, const Theme& theme, const QFont& font,
                  int cursor)
{
    if (data.empty() || data.columns == 0)
        return;
    const HeatMapLayout layout = layoutHeatMap(data, area, font);
    const bool inside = cursor >= 0 && static_cast<std::size_t>(cursor) < data.columns;
    painter.save();
    paintHead(painter, data, layout.head, theme, font);
    paintCells(painter, data, layout, theme);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(pixelFont(font, kLabelScale));
    if (!data.cellTexts.isEmpty())
        paintCellTexts(painter, data, layout);
    painter.setPen(theme.muted);
    paintRowLabels(painter, data, layout);
    painter.setPen(theme.text);
    if (!data.footer.isEmpty())
        paintFooter(painter, data, layout);
    if (inside)
        paintCursor(painter, layout, cursor);
    if (data.ticks)
        paintTicks(painter, data, layout, theme, inside ? cursor : -1);
    painter.restore();
}

} // namespace rnnscope::ui
