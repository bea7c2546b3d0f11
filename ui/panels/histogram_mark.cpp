#include "ui/panels/histogram_mark.h"

#include <QPainter>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

const QString kScheme = QStringLiteral("histogram:");
constexpr double kSteps = 100.0; ///< that a height is written in
constexpr qsizetype kParts = 3; ///< of the name

std::vector<double> heights(std::span<const std::size_t> counts)
{
    const auto highest = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    std::vector<double> shares;
    for (const std::size_t count : counts)
        shares.push_back(highest == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(highest));
    return shares;
}

QString toText(const std::vector<double>& shares)
{
    QStringList parts;
    for (const double share : shares)
        parts << QString::number(std::ceil(kSteps * share)); // what there is, is seen
    return parts.join(QLatin1Char(','));
}

std::vector<double> fromText(const QString& text)
{
    std::vector<double> shares;
    for (const auto& part : text.split(QLatin1Char(',')))
        shares.push_back(std::clamp(part.toDouble() / kSteps, 0.0, 1.0));
    return shares;
}

} // namespace

std::optional<HistogramMark> histogramMark(std::span<const std::size_t> all, std::span<const std::size_t> selected,
                                           bool classes)
{
    constexpr std::size_t kMost = 24;
    if (all.size() < 2 || all.size() > kMost || selected.size() != all.size())
        return std::nullopt;
    return HistogramMark {heights(all), heights(selected), classes};
}

QString toName(const HistogramMark& mark)
{
    return kScheme
        + QStringList {mark.classes ? QStringLiteral("classes") : QStringLiteral("range"), toText(mark.all),
                       toText(mark.selected)}
              .join(QLatin1Char(';'));
}

std::optional<HistogramMark> histogramOf(const QString& name)
{
    const auto parts = name.mid(kScheme.size()).split(QLatin1Char(';'));
    if (!name.startsWith(kScheme) || parts.size() != kParts)
        return std::nullopt;
    return HistogramMark {fromText(parts[1]), fromText(parts[2]), parts[0] == QLatin1String("classes")};
}

void paintHistogram(QPainter& painter, const HistogramMark& mark, const QRectF& box, const Theme& theme)
{
    const QRectF room = box.adjusted(2, 1, -2, -1);
    const double each = room.width() / static_cast<double>(mark.all.size());
    const double gap = mark.classes && each > 4 ? 2.0 : 0.0;
    QColor behind = theme.muted;
    behind.setAlphaF(0.45F);
    const auto bar = [&](std::size_t bin, double share, double inset, const QColor& colour) {
        if (share <= 0)
            return;
        const double height = std::max(1.0, share * room.height());
        painter.fillRect(QRectF(room.left() + each * static_cast<double>(bin) + inset, room.bottom() - height,
                                each - gap - 2 * inset, height),
                         colour);
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t bin = 0; bin < mark.all.size(); ++bin)
        bar(bin, mark.all[bin], 0, behind);
    for (std::size_t bin = 0; bin < std::min(mark.selected.size(), mark.all.size()); ++bin)
        bar(bin, mark.selected[bin], (each - gap) / 5, theme.accent); // narrower, so that both are seen
    painter.setPen(QPen(theme.line, 1.0));
    painter.drawLine(QPointF(room.left(), room.bottom() + 0.5), QPointF(room.right(), room.bottom() + 0.5));
    painter.restore();
}

} // namespace rnnscope::ui
