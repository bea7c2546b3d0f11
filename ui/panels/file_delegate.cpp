#include "ui/panels/file_delegate.h"

#include "ui/panels/file_list.h"
#include "ui/plots/theme.h"
#include "ui/plots/zoo_marks.h"

#include <QPainter>
#include <QPolygonF>

namespace rnnscope::ui {

namespace {

constexpr int kLine = 24;
constexpr int kSecondLine = 16;
constexpr int kMargin = 12;
constexpr int kBox = 14; ///< check box and cross
constexpr int kMark = 18; ///< room for the mark

QRect firstLine(const QRect& row)
{
    return {row.left() + kMargin, row.top(), row.width() - 2 * kMargin, kLine};
}

void paintMark(QPainter& painter, const QPointF& centre, const QModelIndex& index, const Theme& theme)
{
    constexpr double kDiameter = 9.0;
    const auto colour = index.data(ColourRole).value<QColor>();
    if (colour.isValid()) {
        const int shape = index.data(ShapeRole).toInt();
        const bool star = shape == kStarShape;
        painter.setPen(star ? QPen(theme.accent, 1.2) : QPen(Qt::NoPen));
        painter.setBrush(colour);
        painter.drawPath(pointShape(shape, star ? kDiameter + 4 : kDiameter).translated(centre));
        return;
    }
    const bool current = index.data(CurrentRole).toBool();
    painter.setPen(QPen(current ? theme.accent : theme.muted, 1.2));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(centre, kDiameter / 2, kDiameter / 2);
    if (!current)
        return;
    painter.setBrush(theme.accent);
    painter.drawEllipse(centre, 2.0, 2.0);
}

/// The style's own is hard to see on a dark panel.
void paintCheckBox(QPainter& painter, const QRect& box, const QModelIndex& index, const Theme& theme)
{
    const QRectF square = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(theme.muted, 1.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(square, 2.5, 2.5);
    if (index.data(Qt::CheckStateRole).toInt() != Qt::Checked)
        return;
    painter.setPen(QPen(index.data(MutedRole).toBool() ? theme.muted : theme.text, 1.6, Qt::SolidLine, Qt::RoundCap,
                        Qt::RoundJoin));
    painter.drawPolyline(QPolygonF({square.topLeft() + QPointF(3.0, 6.8), square.topLeft() + QPointF(5.6, 9.6),
                                    square.topLeft() + QPointF(10.2, 3.6)}));
}

void paintCross(QPainter& painter, const QRect& box, const Theme& theme)
{
    constexpr double kInset = 3.5;
    const QRectF inner = QRectF(box).adjusted(kInset, kInset, -kInset, -kInset);
    painter.setPen(QPen(theme.muted, 1.3));
    painter.drawLine(inner.topLeft(), inner.bottomRight());
    painter.drawLine(inner.topRight(), inner.bottomLeft());
}

void paintTexts(QPainter& painter, QRect line, const QStyleOptionViewItem& option, const QModelIndex& index,
                const Theme& theme)
{
    const auto right = index.data(RightRole).toString();
    painter.setFont(option.font);
    painter.setPen(theme.muted);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, right);
    if (!right.isEmpty())
        line.adjust(0, 0, -QFontMetrics(option.font).horizontalAdvance(right) - 8, 0);
    auto font = option.font;
    font.setBold(index.data(CurrentRole).toBool());
    painter.setFont(font);
    painter.setPen(index.data(MutedRole).toBool() ? theme.muted : theme.text);
    const auto name = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideMiddle, line.width());
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
}

void paintSecond(QPainter& painter, const QRect& line, const QStyleOptionViewItem& option, const QString& text,
                 const Theme& theme)
{
    auto font = option.font;
    font.setPointSizeF(font.pointSizeF() * 0.85);
    painter.setFont(font);
    painter.setPen(theme.muted);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetrics(font).elidedText(text, Qt::ElideRight, line.width()));
}

} // namespace

QSize FileDelegate::sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const
{
    return {0, kLine + (index.data(SecondRole).toString().isEmpty() ? 0 : kSecondLine)};
}

QRect FileDelegate::checkBox(const QRect& row, const QModelIndex& index)
{
    if (!index.data(Qt::CheckStateRole).isValid())
        return {};
    const auto line = firstLine(row);
    return {line.left(), line.center().y() - kBox / 2, kBox, kBox};
}

QRect FileDelegate::cross(const QRect& row, const QModelIndex& index)
{
    if (!index.data(ClosableRole).toBool())
        return {};
    const auto line = firstLine(row);
    return {line.right() - kBox + 1, line.center().y() - kBox / 2, kBox, kBox};
}

void FileDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto theme = currentTheme();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if ((option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) != 0)
        painter->fillRect(option.rect, theme.background);
    auto line = firstLine(option.rect);
    if (const auto box = checkBox(option.rect, index); !box.isNull()) {
        paintCheckBox(*painter, box, index, theme);
        line.setLeft(box.right() + 7);
    }
    if (const auto box = cross(option.rect, index); !box.isNull()) {
        paintCross(*painter, box, theme);
        line.setRight(box.left() - 4);
    }
    paintMark(*painter, QPointF(line.left() + 5.0, line.center().y() + 0.5), index, theme);
    line.setLeft(line.left() + kMark);
    paintTexts(*painter, line, option, index, theme);
    if (const auto second = index.data(SecondRole).toString(); !second.isEmpty())
        paintSecond(*painter, {line.left(), line.bottom() - 2, line.width(), kSecondLine}, option, second, theme);
    painter->restore();
}

} // namespace rnnscope::ui
