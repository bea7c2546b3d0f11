#include "ui/plots/map_cards.h"

#include "ui/plots/colour_maps.h"
#include "ui/plots/point_raster.h"
#include "ui/plots/text.h"

#include <QAbstractTextDocumentLayout>
#include <QFontMetricsF>
#include <QPainter>
#include <QTextDocument>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kMargin = 12.0; // to the edge of the map
constexpr double kPadding = 9.0; // inside a card
constexpr double kSmall = 0.92; // font of cards
constexpr double kBarHeight = 10.0;
constexpr double kSwatch = 8.0;
constexpr qsizetype kMostEntries = 14;

QColor cardColour(const Theme& theme)
{
    QColor colour = theme.panel;
    colour.setAlphaF(0.94F);
    return colour;
}

QRectF lowerRight(const QRectF& area, const QSizeF& size)
{
    return {area.right() - kMargin - size.width(), area.bottom() - kMargin - size.height(), size.width(),
            size.height()};
}

/// Twilight starts near white and passes near black; both are moved off the background so that no point is lost.
QRgb mapColour(const ColourChannel& channel, double t, bool dark)
{
    if (channel.scale != ColourChannel::Scale::Cyclic)
        return colourAt(ColourMap::Viridis, t);
    constexpr double kShare = 0.2;
    const QRgb colour = colourAt(ColourMap::Twilight, t);
    const double towards = dark ? 255.0 : 0.0;
    const auto mixed
        = [&](int channelValue) { return static_cast<int>(channelValue + (towards - channelValue) * kShare); };
    return qRgb(mixed(qRed(colour)), mixed(qGreen(colour)), mixed(qBlue(colour)));
}

void paintBar(QPainter& painter, const QRectF& bar, const ColourChannel& channel, bool dark)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    constexpr int kStrips = 64;
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int i = 0; i <= kStrips; ++i) {
        const double at = static_cast<double>(i) / kStrips;
        gradient.setColorAt(at, QColor(mapColour(channel, std::min(at, 0.9999), dark)));
    }
    painter.fillRect(bar, gradient);
    painter.restore();
}

QRectF paintBarLegend(QPainter& painter, const QRectF& area, const ColourChannel& channel, const Theme& theme)
{
    const double line = QFontMetricsF(painter.font()).height();
    const double width = std::clamp(0.4 * area.width(), 90.0, 210.0);
    const QRectF card = lowerRight(area, {width, 2 * kPadding + 2 * line + kBarHeight + 8});
    paintCard(painter, card, cardColour(theme), theme.line);
    const QRectF inner = card.adjusted(kPadding, kPadding, -kPadding, -kPadding);
    painter.setPen(theme.text);
    paintText(painter, QRectF(inner.topLeft(), QSizeF(inner.width(), line)), Qt::AlignLeft | Qt::AlignVCenter,
              channel.title);
    const QRectF bar(inner.left(), inner.top() + line + 4, inner.width(), kBarHeight);
    paintBar(painter, bar, channel, theme.dark);
    const QRectF ends(inner.left(), bar.bottom() + 4, inner.width(), line);
    painter.setPen(theme.muted);
    painter.drawText(ends, Qt::AlignLeft | Qt::AlignVCenter, tickNumber(channel.low));
    painter.drawText(ends, Qt::AlignRight | Qt::AlignVCenter, tickNumber(channel.high));
    painter.drawText(ends, Qt::AlignHCenter | Qt::AlignVCenter, tickNumber((channel.low + channel.high) / 2));
    return card;
}

QRectF paintCategories(QPainter& painter, const QRectF& area, const ColourChannel& channel, const Theme& theme)
{
    const QFontMetricsF metrics(painter.font());
    const double line = std::ceil(metrics.height() + 3);
    const qsizetype fitting = static_cast<qsizetype>((area.height() - 2 * kMargin - 2 * kPadding) / line) - 2;
    const qsizetype most = std::clamp(fitting, qsizetype {1}, kMostEntries);
    QStringList names = channel.categories.mid(0, most);
    const qsizetype left = channel.categories.size() - names.size();
    double width = metrics.horizontalAdvance(channel.title);
    for (const QString& name : names)
        width = std::max(width, metrics.horizontalAdvance(name) + kSwatch + 8);
    const QString more = QStringLiteral("and %1 more").arg(left);
    width = std::min(std::max(width, left > 0 ? metrics.horizontalAdvance(more) : 0.0), 220.0);
    const double lines = static_cast<double>(names.size() + 1 + (left > 0 ? 1 : 0));
    const QRectF card = lowerRight(area, {std::ceil(width) + 2 * kPadding, lines * line + 2 * kPadding});
    paintCard(painter, card, cardColour(theme), theme.line);
    QRectF row(card.left() + kPadding, card.top() + kPadding, card.width() - 2 * kPadding, line);
    painter.setPen(theme.muted);
    paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, channel.title);
    painter.setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < names.size(); ++i) {
        row.translate(0, line);
        const auto category = static_cast<std::size_t>(i);
        const int shape = static_cast<int>(category / kCategoryColours);
        painter.fillPath(pointShape(shape, kSwatch).translated(row.left() + kSwatch / 2, row.center().y()),
                         QColor(categoryColour(category, theme.dark)));
        painter.setPen(theme.text);
        paintText(painter, row.adjusted(kSwatch + 8, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, names[i]);
    }
    painter.setPen(theme.muted);
    if (left > 0)
        paintText(painter, row.translated(0, line), Qt::AlignLeft | Qt::AlignVCenter, more);
    return card;
}

} // namespace

QRgb channelColour(const ColourChannel& channel, double value, bool dark)
{
    if (!std::isfinite(value))
        return missingColour();
    if (channel.scale == ColourChannel::Scale::Categorical)
        return value < 0 ? missingColour() : categoryColour(static_cast<std::size_t>(value), dark);
    const double span = channel.high - channel.low;
    const double t = span > 0 ? (value - channel.low) / span : 0.5;
    return mapColour(channel, t, dark);
}

QRectF paintLegend(QPainter& painter, const QRectF& area, const ColourChannel& channel, const Theme& theme,
                   const QFont& font)
{
    if (channel.values.empty())
        return {};
    painter.save();
    painter.setFont(pixelFont(font, kSmall));
    const QRectF card = channel.scale == ColourChannel::Scale::Categorical
        ? paintCategories(painter, area, channel, theme)
        : paintBarLegend(painter, area, channel, theme);
    painter.restore();
    return card;
}

QRectF legendPlace(const QRectF& area, const ColourChannel& channel, const QFont& font)
{
    QImage nowhere(1, 1, QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&nowhere);
    return paintLegend(painter, area, channel, lightTheme(), font);
}

QRectF paintChip(QPainter& painter, const QRectF& area, const ChipText& text, const Theme& theme, const QFont& font)
{
    painter.save();
    const QFont plain = pixelFont(font, kSmall);
    QFont bold = plain;
    bold.setBold(true);
    const QString count = groupedNumber(static_cast<qlonglong>(text.networks))
        + (text.networks == 1 ? QStringLiteral(" network") : QStringLiteral(" networks"))
        + (text.note.isEmpty() ? QString() : QStringLiteral(" · ") + text.note);
    const QString dot = QStringLiteral(" · ");
    const QString selected = groupedNumber(static_cast<qlonglong>(text.selected)) + QStringLiteral(" selected");
    const double first = QFontMetricsF(plain).horizontalAdvance(text.selected > 0 ? count + dot : count);
    const double second = text.selected > 0 ? QFontMetricsF(bold).horizontalAdvance(selected) : 0.0;
    const double height = QFontMetricsF(plain).height();
    const QRectF card(area.left() + kMargin, area.top() + kMargin, std::ceil(first + second) + 2 * kPadding,
                      std::ceil(height) + 10);
    paintCard(painter, card, cardColour(theme), theme.line);
    const QRectF inner = card.adjusted(kPadding, 0, -kPadding, 0);
    painter.setPen(theme.text);
    painter.setFont(plain);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                     text.selected > 0 ? count + dot : count);
    painter.setFont(bold);
    if (text.selected > 0)
        painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, selected);
    painter.restore();
    return card;
}

QRectF paintHoverCard(QPainter& painter, const QRectF& area, const QPointF& anchor, const QString& richText,
                      const Theme& theme, const QFont& font)
{
    QTextDocument document;
    document.setUndoRedoEnabled(false);
    document.setDocumentMargin(0);
    document.setDefaultFont(pixelFont(font, kSmall));
    // pre-wrap, or Qt would turn thin spaces into wide ones
    document.setHtml(QStringLiteral("<div style=\"white-space:pre-wrap\">") + richText + QStringLiteral("</div>"));
    constexpr double kWidest = 320.0;
    document.setTextWidth(std::min(std::ceil(document.idealWidth()) + 1, kWidest));
    const QSizeF size = document.size() + QSizeF(2 * kPadding, 2 * kPadding - 4);
    constexpr double kAway = 14.0;
    QRectF card(anchor + QPointF(kAway, kAway), size);
    if (card.right() > area.right() - 4)
        card.moveRight(std::max(anchor.x() - kAway, area.left() + 4 + card.width()));
    if (card.bottom() > area.bottom() - 4)
        card.moveBottom(anchor.y() - kAway);
    card.moveTop(std::max(card.top(), area.top() + 4));
    card = QRectF(card.toRect());
    painter.save();
    paintCard(painter, card, cardColour(theme), theme.line);
    painter.translate(card.topLeft() + QPointF(kPadding, kPadding - 2));
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, theme.text);
    document.documentLayout()->draw(&painter, context);
    painter.restore();
    return card;
}

} // namespace rnnscope::ui
