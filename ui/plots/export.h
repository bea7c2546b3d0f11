#pragma once

#include "core/base/result.h"

#include <QImage>
#include <QSizeF>
#include <QString>

#include <functional>

class QPainter;

namespace rnnscope::ui {

/// Paints one view into `size` device-independent pixels.
using PaintView = std::function<void(QPainter& painter, const QSize& size)>;

struct ExportOptions
{
    QSizeF sizeMm {120.0, 80.0};
    int dpi = 300; ///< PNG only
    QString title; ///< document title
    /// Size of the views' text; all else in them grows and shrinks with it. 0: as large as on screen.
    double textPt = 0.0;
};

/// PDF, SVG (vectors, text as text) or PNG by the ending of `path`; light background. Replaces atomically.
Result<void> exportView(const QString& path, const PaintView& paint, const ExportOptions& options);

/// The same in two steps: painted by this call, written to the file by what it returns, on any thread.
std::function<Result<void>()> paintView(const QString& path, const PaintView& paint, const ExportOptions& options);

/// What exportView would write, as many pixels as fit into `room`; null when the page is none.
QImage previewOf(const PaintView& paint, const ExportOptions& options, const QSize& room);

/// What PNG files of this size and resolution have.
QSize pixelsOf(const ExportOptions& options);

} // namespace rnnscope::ui
