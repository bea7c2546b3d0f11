#pragma once

#include "ui/plots/colour_maps.h"
#include "ui/plots/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <optional>
#include <vector>

class QPainter;

namespace rnnscope::ui {

/// A table of numbers over time: one row per token or class, one column per step.
struct HeatMap
{
    QString title;
    QString subtitle;
    QStringList rows;
    std::size_t columns = 0;
    std::vector<float> values; ///< [rows, columns]; NaN: grey
    double low = 0.0;
    double high = 1.0;
    ColourMap map = ColourMap::Viridis;
    QStringList footer; ///< written under the columns, one entry each, e.g. the most likely token; may be empty
    QStringList columnLabels; ///< under the columns instead of their numbers; may be empty
    QString columnTitle = QStringLiteral("step"); ///< beside them
    bool ticks = true; ///< columns have numbers or labels; not where a plot right below has the same
    QStringList cellTexts; ///< [rows, columns], written into the cells where there is room; may be empty
    QString footerTitle; ///< tooltip word for the footer, e.g. "most likely"

    float value(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
    bool empty() const { return values.empty(); }
};

/// Where the parts of a heat map lie in an area.
struct HeatMapLayout
{
    QRectF head; ///< title, subtitle and colour bar
    QRectF cells;
    double cellWidth = 0.0;
    double cellHeight = 0.0;
    QRectF footer; ///< null when there is none
    QRectF ticks;

    QRectF cell(std::size_t row, std::size_t column) const;
    std::optional<std::size_t> columnAt(double x) const; ///< nothing left or right of the cells
    std::optional<std::size_t> rowAt(double y, std::size_t rows) const;
    std::size_t columns = 0;
};

HeatMapLayout layoutHeatMap(const HeatMap& data, const QRectF& area, const QFont& font);

/// Into any paint device. `cursor` -1: none.
void paintHeatMap(QPainter& painter, const HeatMap& data, const QRectF& area, const Theme& theme, const QFont& font,
                  int cursor);

} // namespace rnnscope::ui
