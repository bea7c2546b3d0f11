#pragma once

#include "ui/plots/map_view.h"
#include "ui/plots/theme.h"

#include <QFont>
#include <QRectF>
#include <QRgb>

class QPainter;

namespace rnnscope::ui {

/// Colour of one value of the channel; grey for NaN.
QRgb channelColour(const ColourChannel& channel, double value, bool dark);

/// What a legend explains.
struct LegendContent
{
    const ColourChannel& channel;
    const std::vector<ShapeEntry>& shapes; ///< left out where the categories of the channel show them
};

/// Colour bar or categories, below them shapes, at the lower right. Returns where it is.
QRectF paintLegend(QPainter& painter, const QRectF& area, const LegendContent& content, const Theme& theme,
                   const QFont& font);

/// Where paintLegend would put it.
QRectF legendPlace(const QRectF& area, const LegendContent& content, const QFont& font);

} // namespace rnnscope::ui
