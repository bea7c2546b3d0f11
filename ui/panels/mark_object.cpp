#include "ui/panels/mark_object.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QStringList>
#include <QTextDocument>
#include <QTextFormat>

#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr QSizeF kSize(44.0, 12.0);
constexpr QSizeF kHistogramSize(52.0, 18.0);
const QString kScheme = QStringLiteral("interval:");

QString nameOf(const QTextFormat& format)
{
    return format.toImageFormat().name();
}

std::optional<IntervalMark> intervalOf(const QString& name)
{
    const QStringList parts = name.mid(kScheme.size()).split(QLatin1Char(','));
    if (!name.startsWith(kScheme) || parts.size() != 4)
        return std::nullopt;
    return IntervalMark {parts[0].toDouble(), parts[1].toDouble(), parts[2].toDouble(),
                         parts[3] == QLatin1String("-") ? std::nan("") : parts[3].toDouble()};
}

} // namespace

MarkObject::MarkObject(QTextDocument& document, const Theme& theme)
    : QObject(&document)
    , m_theme(theme)
{
    document.documentLayout()->registerHandler(QTextFormat::ImageObject, this);
}

QSizeF MarkObject::intrinsicSize(QTextDocument* /*document*/, int /*position*/, const QTextFormat& format)
{
    const auto name = nameOf(format);
    return histogramOf(name) ? kHistogramSize : intervalOf(name) ? kSize : QSizeF();
}

void MarkObject::drawObject(QPainter* painter, const QRectF& rect, QTextDocument* /*document*/, int /*position*/,
                            const QTextFormat& format)
{
    const auto name = nameOf(format);
    if (const auto mark = intervalOf(name))
        paintInterval(*painter, *mark, rect, m_theme);
    else if (const auto histogram = histogramOf(name))
        paintHistogram(*painter, *histogram, rect, m_theme);
}

QString markHtml(const IntervalMark& mark)
{
    const auto number
        = [](double value) { return std::isfinite(value) ? QString::number(value, 'f', 4) : QStringLiteral("-"); };
    return QStringLiteral("<img src=\"%1%2,%3,%4,%5\">")
        .arg(kScheme, number(mark.lower), number(mark.upper), number(mark.predicted), number(mark.actual));
}

QString markHtml(const HistogramMark& mark)
{
    return QStringLiteral("<img src=\"%1\">").arg(toName(mark));
}

void paintInterval(QPainter& painter, const IntervalMark& mark, const QRectF& box, const Theme& theme)
{
    const QRectF room = box.adjusted(3, 0, -3, 0);
    const auto at = [&](double place) { return room.left() + place * room.width(); };
    const double y = room.center().y();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line, 1.0));
    painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y));
    QColor band = theme.accent;
    band.setAlphaF(0.45F);
    painter.setPen(QPen(band, 4.0, Qt::SolidLine, Qt::RoundCap));
    if (mark.lower <= mark.upper) {
        painter.drawLine(QPointF(at(mark.lower), y), QPointF(at(mark.upper), y));
    } else {
        painter.drawLine(QPointF(at(mark.lower), y), QPointF(room.right(), y));
        painter.drawLine(QPointF(room.left(), y), QPointF(at(mark.upper), y));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    painter.drawEllipse(QPointF(at(mark.predicted), y), 2.6, 2.6);
    if (std::isfinite(mark.actual)) {
        painter.setPen(QPen(theme.text, 1.6));
        painter.drawLine(QPointF(at(mark.actual), room.top() + 1), QPointF(at(mark.actual), room.bottom() - 1));
    }
    painter.restore();
}

} // namespace rnnscope::ui
