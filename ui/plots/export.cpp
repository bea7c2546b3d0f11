#include "ui/plots/export.h"

#include "core/base/file.h"
#include "ui/plots/text.h"

#include <QBuffer>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include <cmath>

namespace rnnscope::ui {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kViewDpi = 96.0; // a device-independent pixel is 1/96 inch
constexpr double kLargestMm = 5000.0;

QSizeF pageSize(const ExportOptions& options)
{
    return options.sizeMm / kMmPerInch * kViewDpi;
}

/// How much larger than on screen a view is drawn.
double enlargement(const ExportOptions& options)
{
    constexpr double kPointsPerInch = 72.0;
    const double onScreen = pixelFont(QGuiApplication::font()).pixelSize() * kPointsPerInch / kViewDpi;
    return options.textPt > 0.0 ? options.textPt / onScreen : 1.0;
}

/// `painter` has a device-independent pixel as its unit.
void paintPage(QPainter& painter, const PaintView& paint, const ExportOptions& options)
{
    const double scale = enlargement(options);
    const QSizeF size = pageSize(options) / scale;
    painter.scale(scale, scale);
    paint(painter, {static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))});
}

tl::unexpected<Error> cannotPaint(const char* format)
{
    return fail(Errc::Io, fmt::format("the figure cannot be made as {}", format));
}

/// Qt rounds pages to whole points. The exact box begins at the same upper left corner; what comes after it in the file
/// moves, and the table of offsets at its end with it.
QByteArray withExactPage(QByteArray pdf, const QSizeF& sizeMm)
{
    static const QRegularExpression pattern(QStringLiteral("/MediaBox \\[0 0 \\S+ (\\S+)\\]"));
    constexpr double kPointsPerInch = 72.0;
    constexpr qsizetype kEntry = 20; // bytes: "0000000015 00000 n \n"
    constexpr int kDigits = 10;
    const auto found = pattern.match(QString::fromLatin1(pdf));
    const auto table = pdf.lastIndexOf("\nxref\n0 ");
    const auto start = pdf.lastIndexOf("\nstartxref\n");
    if (!found.hasMatch() || table < 0 || start < 0)
        return pdf;
    const QSizeF points = sizeMm / kMmPerInch * kPointsPerInch;
    const double top = found.captured(1).toDouble();
    const auto exact = QStringLiteral("/MediaBox [0 %1 %2 %3]")
                           .arg(top - points.height(), 0, 'f', 4)
                           .arg(points.width(), 0, 'f', 4)
                           .arg(top, 0, 'f', 4)
                           .toLatin1();
    const auto box = found.capturedStart();
    const auto moved = exact.size() - found.capturedLength();
    const auto move = [&](qsizetype at, qsizetype length, int digits) {
        const auto offset = pdf.mid(at, length).toLongLong();
        pdf.replace(at, length, QByteArray::number(offset > box ? offset + moved : offset).rightJustified(digits, '0'));
    };
    const auto number = start + qsizetype {11};
    move(number, pdf.indexOf('\n', number) - number, 0);
    for (auto entry = pdf.indexOf('\n', table + 6) + 1; pdf.at(entry + kDigits) == ' '; entry += kEntry)
        move(entry, kDigits, kDigits);
    return pdf.replace(box, found.capturedLength(), exact);
}

/// What is left to do once a view is painted: fills a file.
using Fill = std::function<bool(QFile&)>;

Result<Fill> paintPdf(const PaintView& paint, const ExportOptions& options)
{
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    QPdfWriter writer(&bytes);
    writer.setTitle(options.title);
    writer.setCreator(QStringLiteral("RNNScope"));
    writer.setResolution(static_cast<int>(kViewDpi));
    writer.setPageSize(QPageSize(options.sizeMm, QPageSize::Millimeter, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    QPainter painter;
    if (!painter.begin(&writer))
        return cannotPaint("PDF");
    paintPage(painter, paint, options);
    if (!painter.end())
        return cannotPaint("PDF");
    return [pdf = withExactPage(bytes.data(), options.sizeMm)](QFile& file) { return file.write(pdf) == pdf.size(); };
}

Result<Fill> paintSvg(const PaintView& paint, const ExportOptions& options)
{
    constexpr double kUnitsPerMm = 100.0; // fine enough for the size to be exact
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&bytes);
    generator.setTitle(options.title);
    generator.setDescription(QStringLiteral("Made with RNNScope"));
    generator.setResolution(static_cast<int>(kUnitsPerMm * kMmPerInch));
    generator.setSize((options.sizeMm * kUnitsPerMm).toSize());
    generator.setViewBox(QRectF(QPointF(), pageSize(options)));
    QPainter painter;
    if (!painter.begin(&generator))
        return cannotPaint("SVG");
    paintPage(painter, paint, options);
    if (!painter.end())
        return cannotPaint("SVG");
    return [svg = bytes.data()](QFile& file) { return file.write(svg) == svg.size(); };
}

Result<Fill> paintPng(const PaintView& paint, const ExportOptions& options)
{
    QImage image(pixelsOf(options), QImage::Format_RGB32);
    if (image.isNull())
        return fail(Errc::BadValue,
                    fmt::format("a picture of {} x {} mm at {} dpi does not fit into memory", options.sizeMm.width(),
                                options.sizeMm.height(), options.dpi));
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(options.dpi / kViewDpi, options.dpi / kViewDpi);
    paintPage(painter, paint, options);
    painter.end();
    constexpr double kMmPerMetre = 1000.0;
    const int dotsPerMetre = static_cast<int>(std::lround(options.dpi / kMmPerInch * kMmPerMetre));
    image.setDotsPerMeterX(dotsPerMetre);
    image.setDotsPerMeterY(dotsPerMetre);
    image.setText(QStringLiteral("Title"), options.title);
    return [image](QFile& file) { return image.save(&file, "PNG"); };
}

Result<Fill> painted(const QString& path, const PaintView& paint, const ExportOptions& options)
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
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive))
        return paintPdf(paint, options);
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return paintSvg(paint, options);
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return paintPng(paint, options);
    return fail(Errc::BadValue, fmt::format("{} does not end in .pdf, .svg or .png", path.toStdString()));
}

} // namespace

QSize pixelsOf(const ExportOptions& options)
{
    return (options.sizeMm / kMmPerInch * options.dpi).toSize();
}

QImage previewOf(const PaintView& paint, const ExportOptions& options, const QSize& room)
{
    const QSizeF page = pageSize(options);
    const QSize size = page.scaled(room, Qt::KeepAspectRatio).toSize();
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull() || page.isEmpty())
        return {};
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const double scale = size.width() / page.width();
    painter.scale(scale, scale);
    paintPage(painter, paint, options);
    return image;
}

std::function<Result<void>()> paintView(const QString& path, const PaintView& paint, const ExportOptions& options)
{
    return [path, fill = painted(path, paint, options)]() -> Result<void> {
        if (!fill)
            return forward(fill);
        return replaceFile(fs::path(path.toStdString()), [&](const fs::path& temporary) -> Result<void> {
            QFile file(QString::fromStdString(temporary.string()));
            if (!file.open(QIODevice::WriteOnly) || !(*fill)(file) || !file.flush())
                return fail(Errc::Io, fmt::format("cannot write {}", temporary.string()));
            return {};
        });
    };
}

Result<void> exportView(const QString& path, const PaintView& paint, const ExportOptions& options)
{
    return paintView(path, paint, options)();
}

} // namespace rnnscope::ui
