#pragma once

#include "ui/plots/theme.h"

#include <QRectF>
#include <QString>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

class QPainter;

namespace rnnscope::ui {

/// A histogram as large as a word: the selected networks before all others.
struct HistogramMark
{
    std::vector<double> all; ///< [B] heights, 0..1 of the highest
    std::vector<double> selected; ///< [B] the same of the highest of these: few would not be seen among many
    bool classes = false; ///< bars apart, not a range
};

/// From how many networks there are in each bin. None where there is nothing to compare: one bin, or too many to draw.
std::optional<HistogramMark> histogramMark(std::span<const std::size_t> all, std::span<const std::size_t> selected,
                                           bool classes);

/// As the name of an image in a text document (mark_object.h), and back.
QString toName(const HistogramMark& mark);
std::optional<HistogramMark> histogramOf(const QString& name);

void paintHistogram(QPainter& painter, const HistogramMark& mark, const QRectF& box, const Theme& theme);

} // namespace rnnscope::ui
