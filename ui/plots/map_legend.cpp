#include "ui/plots/map_legend.h"

#include "ui/plots/colour_maps.h"
#include "ui/plots/point_scene.h"
#include "ui/plots/text.h"
#include "ui/plots/zoo_marks.h"

#include <QFontMetricsF>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kMargin = 12.0; // to the edge of the map
constexpr double kPadding = 9.0; // inside the card
constexpr double kSmall = 0.92; // font of cards
constexpr double kBarHeight = 10.0;
constexpr double kSwatch = 8.0;
constexpr double kGap = 6.0; // before the shapes
constexpr double kWidest = 220.0;
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

/// Viridis starts near black, twilight near white and passes near black: what comes close to the background is moved
/// off it, so that no point is lost.
QRgb mapColour(const ColourChannel& channel, double t, bool dark)
{
    const bool cyclic = channel.scale == ColourChannel::Scale::Cyclic;
    const QRgb colour = colourAt(cyclic ? ColourMap::Twilight : ColourMap::Viridis, t);
    if (!cyclic && !dark)
        return colour;
    const double share = cyclic ? 0.2 : 0.3 * (1.0 - std::clamp(t, 0.0, 1.0));
    const double towards = dark ? 255.0 : 0.0;
    const auto mixed
        = [&](int channelValue) { return static_cast<int>(channelValue + (towards - channelValue) * share); };
    return qRgb(mixed(qRed(colour)), mixed(qGreen(colour)), mixed(qBlue(colour)));
}

void paintBar(QPainter& painter, const QRectF& bar, const ColourChannel& channel, bool dark)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    constexpr int kStrips = 64;
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    const double span = channel.high - channel.low;
    for (int i = 0; i <= kStrips; ++i) {
        const double at = static_cast<double>(i) / kStrips;
        const double value = channel.low + std::min(at, 0.9999) * span;
        gradient.setColorAt(at, QColor(span > 0 ? channelColour(channel, value, dark) : mapColour(channel, at, dark)));
    }
    painter.fillRect(bar, gradient);
    if (channel.clip && span > 0) {
        painter.setPen(QPen(dark ? Qt::white : Qt::black, 1.0));
        for (const double end : {channel.clip->first, channel.clip->second}) {
            const double x = std::round(bar.left() + bar.width() * (end - channel.low) / span);
            painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 1));
        }
    }
    painter.restore();
}

/// A line of the legend.
struct Entry
{
    int shape = 0;
    QColor colour;
    QString name;
    bool hidden = false;
    double size = kSwatch;
};

/// A field's name above the lines that explain it.
Entry titled(const QString& title)
{
    return {0, QColor(), title};
}

bool hasOwnShapes(const LegendContent& content)
{
    return content.shapesBy != nullptr && !content.shapesBy->values.empty();
}

/// What shapes mean: categories, or zoos where those of the colours do not show them. Stars always are files.
std::vector<Entry> shapeEntries(const LegendContent& content, const Theme& theme)
{
    std::vector<Entry> entries;
    const bool own = hasOwnShapes(content);
    if (content.channel.marks.empty())
        for (const auto& each : content.shapes)
            if (!own || each.shape == kStarShape)
                entries.push_back({each.shape, each.shape == kStarShape ? theme.accent : theme.muted, each.name});
    if (!own)
        return entries;
    entries.push_back(titled(QObject::tr("Shape: %1").arg(content.shapesBy->title)));
    for (qsizetype i = 0; i < content.shapesBy->categories.size(); ++i)
        entries.push_back({categoryShape(static_cast<std::size_t>(i)), theme.muted, content.shapesBy->categories[i]});
    return entries;
}

/// And what sizes mean: the least, the middle and the greatest.
std::vector<Entry> entriesBelow(const LegendContent& content, const Theme& theme)
{
    auto entries = shapeEntries(content, theme);
    if (content.sizes == nullptr || content.sizes->values.empty())
        return entries;
    entries.push_back(titled(QObject::tr("Size: %1").arg(content.sizes->title)));
    for (const double share : {0.0, 0.5, 1.0})
        entries.push_back({0, theme.muted, tickNumber(std::lerp(content.sizes->low, content.sizes->high, share)), false,
                           std::lerp(double {kLeastDiameter}, double {kGreatestDiameter}, share)});
    return entries;
}

/// The categories, at most `most` of them and then how many are left.
std::vector<Entry> categoryEntries(const LegendContent& content, qsizetype most, const Theme& theme)
{
    const ColourChannel& channel = content.channel;
    std::vector<Entry> entries;
    for (qsizetype i = 0; i < std::min(most, channel.categories.size()); ++i) {
        const auto category = static_cast<std::size_t>(i);
        int shape = category < channel.marks.size() ? channel.marks[category].shape
                                                    : static_cast<int>(category / kCategoryColours);
        if (hasOwnShapes(content) && shape != kStarShape)
            shape = 0; // colours alone tell these apart
        entries.push_back({shape, QColor(channelColour(channel, static_cast<double>(i), theme.dark)),
                           channel.categories[i], content.hidden.contains(channel.categories[i])});
    }
    if (const auto left = channel.categories.size() - most; left > 0)
        entries.push_back({0, QColor(), QStringLiteral("and %1 more").arg(left)});
    return entries;
}

double lineHeight(const QFont& font)
{
    return std::ceil(QFontMetricsF(font).height() + 3);
}

double widthOf(const std::vector<Entry>& entries, const QFont& font)
{
    double width = 0.0;
    for (const Entry& entry : entries)
        width = std::max(width, QFontMetricsF(font).horizontalAdvance(entry.name) + kSwatch + 8);
    return std::min(width, kWidest);
}

/// One below the other from `row` on, which is the first one's line; returns the line after them.
QRectF paintEntries(QPainter& painter, QRectF row, const std::vector<Entry>& entries, const Theme& theme)
{
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Entry& entry : entries) {
        const double size = entry.shape == kStarShape ? 1.5 * kSwatch : entry.size;
        painter.setOpacity(entry.hidden ? 0.4 : 1.0);
        auto font = painter.font();
        font.setStrikeOut(entry.hidden);
        painter.setFont(font);
        if (entry.colour.isValid())
            painter.fillPath(pointShape(entry.shape, size).translated(row.left() + kSwatch / 2, row.center().y()),
                             entry.colour);
        painter.setPen(entry.colour.isValid() ? theme.text : theme.muted);
        const double indent = entry.colour.isValid() ? kSwatch + 8 : 0;
        paintText(painter, row.adjusted(indent, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, entry.name);
        row.translate(0, row.height());
        font.setStrikeOut(false);
        painter.setFont(font);
        painter.setOpacity(1.0);
    }
    return row;
}

LegendParts paintBarLegend(QPainter& painter, const QRectF& area, const LegendContent& content, const Theme& theme)
{
    const ColourChannel& channel = content.channel;
    const auto shapes = entriesBelow(content, theme);
    const double entry = lineHeight(painter.font());
    const double line = QFontMetricsF(painter.font()).height();
    const double width = std::clamp(0.4 * area.width(), 90.0, 210.0);
    const double below = shapes.empty() ? 0.0 : kGap + static_cast<double>(shapes.size()) * entry;
    const QRectF card = lowerRight(area, {width, 2 * kPadding + 2 * line + kBarHeight + 8 + below});
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
    painter.drawText(
        ends, Qt::AlignHCenter | Qt::AlignVCenter,
        channel.clip
            ? QStringLiteral("%1 \u2013 %2").arg(tickNumber(channel.clip->first), tickNumber(channel.clip->second))
            : tickNumber((channel.low + channel.high) / 2));
    paintEntries(painter, {inner.left(), ends.bottom() + kGap, inner.width(), entry}, shapes, theme);
    return {.card = card, .bar = bar, .categories = {}};
}

LegendParts paintCategories(QPainter& painter, const QRectF& area, const LegendContent& content, const Theme& theme)
{
    const ColourChannel& channel = content.channel;
    const auto shapes = entriesBelow(content, theme);
    const double line = lineHeight(painter.font());
    const auto fitting = static_cast<qsizetype>((area.height() - 2 * kMargin - 2 * kPadding) / line) - 2
        - static_cast<qsizetype>(shapes.size());
    const auto entries = categoryEntries(content, std::clamp(fitting, qsizetype {1}, kMostEntries), theme);
    const double title = std::min(QFontMetricsF(painter.font()).horizontalAdvance(channel.title), kWidest);
    const double width = std::max({title, widthOf(entries, painter.font()), widthOf(shapes, painter.font())});
    const double height
        = static_cast<double>(entries.size() + shapes.size() + 1) * line + (shapes.empty() ? 0.0 : kGap) + 2 * kPadding;
    const QRectF card = lowerRight(area, {std::ceil(width) + 2 * kPadding, height});
    paintCard(painter, card, cardColour(theme), theme.line);
    QRectF row(card.left() + kPadding, card.top() + kPadding, card.width() - 2 * kPadding, line);
    painter.setPen(theme.muted);
    paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, channel.title);
    LegendParts parts {.card = card, .bar = {}, .categories = {}};
    for (qsizetype i = 0; i < std::min<qsizetype>(channel.categories.size(), std::ssize(entries)); ++i)
        if (entries[static_cast<std::size_t>(i)].colour.isValid())
            parts.categories.push_back(row.translated(0, line * static_cast<double>(i + 1)));
    row = paintEntries(painter, row.translated(0, line), entries, theme);
    paintEntries(painter, row.translated(0, kGap), shapes, theme);
    return parts;
}

} // namespace

QRgb channelColour(const ColourChannel& channel, double value, bool dark)
{
    if (!std::isfinite(value))
        return missingColour();
    if (channel.scale == ColourChannel::Scale::Categorical) {
        if (value < 0)
            return missingColour();
        const auto category = static_cast<std::size_t>(value);
        return category < channel.marks.size() ? channel.marks[category].colour : categoryColour(category, dark);
    }
    const auto [low, high] = channel.clip.value_or(std::pair {channel.low, channel.high});
    const double t = high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.5;
    return mapColour(channel, t, dark);
}

LegendParts paintLegend(QPainter& painter, const QRectF& area, const LegendContent& content, const Theme& theme,
                        const QFont& font)
{
    if (content.channel.values.empty())
        return {};
    painter.save();
    painter.setFont(pixelFont(font, kSmall));
    LegendParts parts = content.channel.scale == ColourChannel::Scale::Categorical
        ? paintCategories(painter, area, content, theme)
        : paintBarLegend(painter, area, content, theme);
    painter.restore();
    return parts;
}

LegendParts legendParts(const QRectF& area, const LegendContent& content, const QFont& font)
{
    QImage nowhere(1, 1, QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&nowhere);
    return paintLegend(painter, area, content, lightTheme(), font);
}

} // namespace rnnscope::ui
