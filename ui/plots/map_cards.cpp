#include "ui/plots/map_cards.h"

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

QColor cardColour(const Theme& theme)
{
    QColor colour = theme.panel;
    colour.setAlphaF(0.94F);
    return colour;
}

} // namespace

QRectF paintChip(QPainter& painter, const QRectF& area, const ChipText& text, const Theme& theme, const QFont& font)
{
    painter.save();
    const QFont plain = pixelFont(font, kSmall);
    QFont bold = plain;
    bold.setBold(true);
    const auto number = [](std::size_t of) { return groupedNumber(static_cast<qlonglong>(of)); };
    const QString count
        = (text.shown < text.networks ? QObject::tr("%1 of %2 shown").arg(number(text.shown), number(text.networks))
               : text.networks == 1   ? QStringLiteral("1 network")
                                      : QStringLiteral("%1 networks").arg(number(text.networks)))
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
