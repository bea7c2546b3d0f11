#pragma once

#include "ui/plots/theme.h"

#include <QFont>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <span>
#include <vector>

class QPainter;

namespace rnnscope::ui {

/// One side of a plot: a range of values from `low` to `high`, even or by powers of ten.
struct Axis
{
    enum class Scale { Linear, Logarithmic };
    double low = 0.0;
    double high = 1.0;
    Scale scale = Scale::Linear;
    QString title; ///< with unit

    double place(double value) const; ///< 0 at low, 1 at high; NaN where the scale has no place for it
    double value(double place) const;
    /// Round numbers inside the range, ascending, about `most` of them at most.
    std::vector<double> ticks(int most) const;
};

/// The range of all finite values (positive ones for a logarithmic axis) with a little room on both sides; 0..1 when
/// there are none.
Axis axisOver(std::span<const double> values, Axis::Scale scale, const QString& title);

/// Two axes and the box they span, in pixels; y grows upwards in values.
struct PlotFrame
{
    Axis x;
    Axis y;
    QRectF box;

    QPointF toPixel(double atX, double atY) const;
    double xAt(double pixel) const { return x.value((pixel - box.left()) / box.width()); }
};

/// Room for numbers and titles is taken from `area`.
PlotFrame layoutFrame(const Axis& x, const Axis& y, const QRectF& area, const QFont& font);

/// Grid lines, numbers and titles.
void paintFrame(QPainter& painter, const PlotFrame& frame, const Theme& theme, const QFont& font);

} // namespace rnnscope::ui
