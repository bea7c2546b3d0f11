#pragma once

#include <QFont>
#include <QPointF>
#include <QRectF>
#include <QString>

class QKeySequence;
class QPainter;

namespace rnnscope::ui {

/// `font` at `scale` times its size, measured in pixels, so that text is as large in a PDF or SVG as on screen.
QFont pixelFont(const QFont& font, double scale = 1.0);

/// "12 345" with thin spaces; a real minus sign.
QString groupedNumber(qlonglong value);

/// Three significant digits unless told, a real minus sign, thin spaces above 1000; "–" for NaN.
QString shortNumber(double value, int digits = 3);

/// The same without zeros at the end: "0.5", "1".
QString tickNumber(double value);

/// "0.4 s", "42 s", "3 min", "2 h 05 min"; "–" for NaN.
QString durationText(double seconds);

/// The same text with places to break inside words too long for a narrow panel: after '.', '_' and '/', else anywhere.
QString breakable(const QString& text);

/// An action's tool tip: "Open (Ctrl+O)", without the marks of its menu text.
QString withShortcut(const QString& text, const QKeySequence& shortcut);

/// Draws one line of text inside `box`, elided on the right when it is too long.
void paintText(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text);

/// A rounded card as used for legend, chip and hover card.
void paintCard(QPainter& painter, const QRectF& box, const QColor& fill, const QColor& line);

} // namespace rnnscope::ui
