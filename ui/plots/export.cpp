#include "ui/plots/export.h"

#include "core/base/file.h"

#include <QFile>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kViewDpi = 96.0; // a device-independent pixel is 1/96 inch
constexpr double kLargestMm = 5000.0;

QSizeF viewSize(const ExportOptions& options)
{
    return options.sizeMm / kMmPerInch * kViewDpi;
}

QSize wholePixels(const QSizeF& size)
{
    return {static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))};
}

tl::unexpected<Error> cannotWrite(const fs::path& path)
{
    return fail(Errc::Io, fmt::format("cannot write {}", path.string()));
}

QString toQString(const fs::path& path)
{
    return QString::fromStdString(path.string());
}

Result<void> writePdf(const fs::path& path, const PaintView& paint, const ExportOptions& options)
{
    QFile file(toQString(path));
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path);
    QPdfWriter writer(&file);
    writer.setTitle(options.title);
    writer.setCreator(QStringLiteral("RNNScope"));
    writer.setResolution(static_cast<int>(kViewDpi));
    writer.setPageSize(QPageSize(options.sizeMm, QPageSize::Millimeter, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    QPainter painter;
    if (!painter.begin(&writer))
        return cannotWrite(path);
    paint(painter, wholePixels(viewSize(options)));
    if (!painter.end() || !file.flush())
        return cannotWrite(path);
    return {};
}

Result<void> writeSvg(const fs::path& path, const PaintView& paint, const ExportOptions& options)
{
    constexpr double kUnitsPerMm = 100.0; // fine enough for the size to be exact
    QFile file(toQString(path));
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path);
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setTitle(options.title);
    generator.setDescription(QStringLiteral("Made with RNNScope"));
    generator.setResolution(static_cast<int>(kUnitsPerMm * kMmPerInch));
    generator.setSize((options.sizeMm * kUnitsPerMm).toSize());
    generator.setViewBox(QRectF(QPointF(), viewSize(options)));
    QPainter painter;
    if (!painter.begin(&generator))
        return cannotWrite(path);
    paint(painter, wholePixels(viewSize(options)));
    if (!painter.end() || !file.flush())
        return cannotWrite(path);
    return {};
}

Result<void> writePng(const fs::path& path, const PaintView& paint, const ExportOptions& options)
{
    QImage image((options.sizeMm / kMmPerInch * options.dpi).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return fail(Errc::BadValue,
                    fmt::format("a picture of {} x {} mm at {} dpi does not fit into memory", options.sizeMm.width(),
                                options.sizeMm.height(), options.dpi));
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(options.dpi / kViewDpi, options.dpi / kViewDpi);
    paint(painter, wholePixels(viewSize(options)));
    painter.end();
    constexpr double kMmPerMetre = 1000.0;
    const int dotsPerMetre = static_cast<int>(std::lround(options.dpi / kMmPerInch * kMmPerMetre));
    image.setDotsPerMeterX(dotsPerMetre);
    image.setDotsPerMeterY(dotsPerMetre);
    image.setText(QStringLiteral("Title"), options.title);
    if (!image.save(toQString(path), "PNG"))
        return cannotWrite(path);
    return {};
}

} // namespace

Result<void> exportView(const QString& path, const PaintView& paint, const ExportOptions& options)
{
    const auto usable = [](double mm) { return mm >= 1.0 && mm <= kLargestMm; };
    if (!usable(options.sizeMm.width()) || !usable(options.sizeMm.height()))
        return fail(Errc::BadValue,
                    fmt::format("the size is {} x {} mm, expected 1 to {} mm", options.sizeMm.width(),
                                options.sizeMm.height(), kLargestMm));
    constexpr int kLeastDpi = 10;
    constexpr int kMostDpi = 2400;
    if (options.dpi < kLeastDpi || options.dpi > kMostDpi)
        return fail(Errc::BadValue,
                    fmt::format("the resolution is {} dpi, expected {} to {}", options.dpi, kLeastDpi, kMostDpi));
    auto* write = path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive) ? &writePdf
        : path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)         ? &writeSvg
        : path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive)         ? &writePng
                                                                            : nullptr;
    if (write == nullptr)
        return fail(Errc::BadValue, fmt::format("{} does not end in .pdf, .svg or .png", path.toStdString()));
    return replaceFile(fs::path(path.toStdString()),
                       [&](const fs::path& temporary) { return write(temporary, paint, options); });
}

} // namespace rnnscope::ui
