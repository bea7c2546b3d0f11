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
    QStringList hidden {}; ///< categories that are struck out
    const SizeChannel* sizes = nullptr; ///< null, or without values: all are alike
    const ShapeChannel* shapesBy = nullptr; ///< the same: `shapes` are what they mean
};

/// Where its parts are.
struct LegendParts
{
    QRectF card; ///< null: no legend
    QRectF bar; ///< null unless colours are a range
    std::vector<QRectF> categories; ///< those that have a line
};

/// Colour bar or categories, below them shapes and sizes, at the lower right.
LegendParts paintLegend(QPainter& painter, const QRectF& area, const LegendContent& content, const Theme& theme,
                        const QFont& font);

/// Where paintLegend would put them.
LegendParts legendParts(const QRectF& area, const LegendContent& content, const QFont& font);

} // namespace rnnscope::ui
