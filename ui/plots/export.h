#pragma once

#include "core/base/result.h"

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
};

/// PDF, SVG (vectors, text as text) or PNG by the ending of `path`; light background. Replaces atomically.
Result<void> exportView(const QString& path, const PaintView& paint, const ExportOptions& options);

} // namespace rnnscope::ui
