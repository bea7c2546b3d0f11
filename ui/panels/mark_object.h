#pragma once

#include "ui/panels/histogram_mark.h"
#include "ui/panels/interval_text.h"
#include "ui/plots/theme.h"

#include <QObject>
#include <QTextObjectInterface>

class QTextDocument;

namespace rnnscope::ui {

/// Draws intervals and small histograms inside a text document, as vectors on paper too. It takes the place of images.
class MarkObject : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    MarkObject(QTextDocument& document, const Theme& theme); ///< owned by the document
    void setTheme(const Theme& theme) { m_theme = theme; }

    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
                    const QTextFormat& format) override;

private:
    Theme m_theme;
};

/// The tag to write into the document's HTML.
QString markHtml(const IntervalMark& mark);
QString markHtml(const HistogramMark& mark);

void paintInterval(QPainter& painter, const IntervalMark& mark, const QRectF& box, const Theme& theme);

} // namespace rnnscope::ui
