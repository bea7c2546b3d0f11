#pragma once

#include "ui/plots/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>

#include <cstddef>

class QPainter;

/// The small cards that lie on the map. `area` is the map; each card finds its place in it.
namespace rnnscope::ui {

struct ChipText
{
    std::size_t networks = 0;
    std::size_t shown = 0; ///< of them, by the filter
    std::size_t selected = 0;
    QString note; ///< may be empty
};

/// "576 networks · learning, step 500 · 17 selected" or "412 of 576 shown", at the upper left.
QRectF paintChip(QPainter& painter, const QRectF& area, const ChipText& text, const Theme& theme, const QFont& font);

/// Rich text beside `anchor`, inside the area and never on the anchor itself.
QRectF paintHoverCard(QPainter& painter, const QRectF& area, const QPointF& anchor, const QString& richText,
                      const Theme& theme, const QFont& font);

} // namespace rnnscope::ui
