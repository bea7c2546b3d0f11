#include "ui/plots/text.h"

#include <QFontInfo>
#include <QFontMetricsF>
#include <QKeySequence>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr QChar kThinSpace(0x2009);
constexpr QChar kMinus(0x2212);

} // namespace

QFont pixelFont(const QFont& font, double scale)
{
    QFont sized = font;
    sized.setPixelSize(std::max(1, static_cast<int>(std::lround(QFontInfo(font).pixelSize() * scale))));
    return sized;
}

QString groupedNumber(qlonglong value)
{
    QString digits = QString::number(value);
    const bool negative = digits.startsWith(QLatin1Char('-'));
    if (negative)
        digits.remove(0, 1);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, kThinSpace);
    return negative ? kMinus + digits : digits;
}

QString shortNumber(double value, int digits)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    constexpr double kGroupedFrom = 1000.0;
    constexpr double kLargest = 1e15;
    const double size = std::abs(value);
    if (size >= kGroupedFrom && size < kLargest)
        return groupedNumber(std::llround(value));
    if (size == 0.0)
        return QStringLiteral("0");
    QString text;
    if (size < 1e-4 || size >= kLargest)
        text = QString::number(size, 'e', digits - 1);
    else
        text
            = QString::number(size, 'f', std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(size))), 0, 6));
    text.replace(QLatin1Char('-'), kMinus);
    return value < 0 ? kMinus + text : text;
}

QString tickNumber(double value)
{
    QString text = shortNumber(value);
    if (!text.contains(QLatin1Char('.')) || text.contains(QLatin1Char('e')))
        return text;
    while (text.endsWith(QLatin1Char('0')))
        text.chop(1);
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds))
        return QStringLiteral("–");
    constexpr double kMinute = 60.0;
    constexpr double kHour = 3600.0;
    if (seconds < kMinute)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', seconds < 10.0 ? 1 : 0);
    if (seconds < 10.0 * kMinute)
        return QStringLiteral("%1 min %2 s")
            .arg(static_cast<int>(seconds / kMinute))
            .arg(static_cast<int>(std::fmod(seconds, kMinute)), 2, 10, QLatin1Char('0'));
    if (seconds < kHour)
        return QStringLiteral("%1 min").arg(seconds / kMinute, 0, 'f', 0);
    const auto minutes = std::llround(seconds / kMinute);
    return QStringLiteral("%1 h %2 min").arg(minutes / 60).arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

QString breakable(const QString& text)
{
    constexpr int kLongWord = 24;
    constexpr QChar kZeroWidthSpace(0x200B);
    QString broken;
    int unbroken = 0; // characters since the last place to break
    for (const QChar c : text) {
        broken += c;
        unbroken = c.isSpace() ? 0 : unbroken + 1;
        const bool joint = c == QLatin1Char('.') || c == QLatin1Char('_') || c == QLatin1Char('/');
        if ((joint && unbroken > kLongWord / 2) || (unbroken >= kLongWord && !c.isHighSurrogate())) {
            broken += kZeroWidthSpace;
            unbroken = 0;
        }
    }
    return broken;
}

QString withShortcut(const QString& text, const QKeySequence& shortcut)
{
    auto plain = text;
    plain.remove(QLatin1Char('&')).remove(QChar(0x2026));
    if (shortcut.isEmpty())
        return plain;
    return QStringLiteral("%1 (%2)").arg(plain, shortcut.toString(QKeySequence::NativeText));
}

void paintText(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text)
{
    const QFontMetricsF metrics(painter.font());
    const QString shown = metrics.horizontalAdvance(text) > box.width() + 0.5
        ? metrics.elidedText(text, Qt::ElideRight, box.width())
        : text;
    painter.drawText(box, static_cast<int>(alignment) | Qt::TextSingleLine | Qt::TextDontClip, shown);
}

void paintCard(QPainter& painter, const QRectF& box, const QColor& fill, const QColor& line)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(line, 1.0));
    painter.setBrush(fill);
    constexpr double kRadius = 5.0;
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter.restore();
}

} // namespace rnnscope::ui
