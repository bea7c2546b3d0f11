#include "ui/models/selection.h"
#include "ui/plots/export.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/map_view.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <thread>

namespace {

using namespace rnnscope::ui;
using rnnscope::Errc;

struct Export : testing::Test
{
    QTemporaryDir folder;
    Selection selection;
    MapView map {selection};
    ExportOptions options {.sizeMm = {120, 80}, .dpi = 200, .title = "A map"};

    Export()
    {
        map.resize(600, 400);
        map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, -1}});
        map.setAxisTitles("PC 1 (43 %)", "PC 2 (21 %)");
        map.setColour({.title = "Accuracy", .values = {0, 1, 0.2, 0.5, 0.5}, .categories = {}});
    }

    QString path(const char* name) const { return folder.filePath(QLatin1String(name)); }
    PaintView paint()
    {
        return [this](QPainter& painter, const QSize& size) { map.render(painter, size, true); };
    }
    static QByteArray bytes(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

TEST_F(Export, SvgHasTheSizeAskedForAndTextAsText)
{
    ASSERT_TRUE(exportView(path("map.svg"), paint(), options));
    const QString svg = QString::fromUtf8(bytes(path("map.svg")));
    EXPECT_TRUE(svg.contains("width=\"120mm\" height=\"80mm\"")) << svg.left(400).toStdString();
    EXPECT_TRUE(svg.contains(">Accuracy</text>"));
    EXPECT_TRUE(svg.contains(">PC 1 (43 %)</text>"));
    EXPECT_TRUE(svg.contains("<title>A map</title>"));
    EXPECT_GE(svg.count("<circle") + svg.count("<ellipse"), 5);
    EXPECT_FALSE(svg.contains("<image"));
}

TEST_F(Export, PdfHasTheSizeAskedForAndFonts)
{
    ASSERT_TRUE(exportView(path("map.pdf"), paint(), options));
    const QByteArray pdf = bytes(path("map.pdf"));
    EXPECT_TRUE(pdf.startsWith("%PDF"));
    EXPECT_TRUE(pdf.contains("/Font"));
    const auto box
        = QRegularExpression("/MediaBox \\[0 ([0-9.-]+) ([0-9.]+) ([0-9.]+)").match(QString::fromLatin1(pdf));
    ASSERT_TRUE(box.hasMatch());
    EXPECT_NEAR(box.captured(2).toDouble(), 120 / 25.4 * 72, 1e-3);
    EXPECT_NEAR(box.captured(3).toDouble() - box.captured(1).toDouble(), 80 / 25.4 * 72, 1e-3);
    const auto table = pdf.mid(pdf.lastIndexOf("startxref") + 10).split('\n').first().toLongLong();
    ASSERT_EQ(pdf.mid(table, 5), "xref\n");
    auto objects = QRegularExpression("([0-9]{10}) 00000 n").globalMatch(QString::fromLatin1(pdf.mid(table)));
    for (int i = 1; objects.hasNext(); ++i)
        EXPECT_TRUE(pdf.mid(objects.next().captured(1).toLongLong()).startsWith(QByteArray::number(i) + " 0 obj")) << i;
}

TEST_F(Export, PngHasTheResolutionAskedFor)
{
    ASSERT_TRUE(exportView(path("map.png"), paint(), options));
    const QImage image(path("map.png"));
    EXPECT_EQ(image.size(), QSize(945, 630));
    EXPECT_NEAR(image.dotsPerMeterX() * 0.0254, 200, 0.1);
    EXPECT_EQ(image.pixel(2, 2), 0xffffffffU);
}

TEST_F(Export, TheSameViewGivesTheSameSvgTwice)
{
    ASSERT_TRUE(exportView(path("1.svg"), paint(), options));
    ASSERT_TRUE(exportView(path("2.svg"), paint(), options));
    EXPECT_EQ(bytes(path("1.svg")), bytes(path("2.svg")));
}

TEST_F(Export, AnotherThreadPaintsAPictureOfTheMapToTheSameSvg)
{
    map.setPaths({{1, 0, 2}});
    ASSERT_TRUE(exportView(path("1.svg"), paint(), options));
    const auto picture = map.picture(true);
    map.setPoints({});
    std::jthread([&] { EXPECT_TRUE(exportView(path("2.svg"), picture, options)); }).join();
    EXPECT_EQ(bytes(path("1.svg")), bytes(path("2.svg")));
}

TEST_F(Export, WhatIsPaintedIsWrittenLaterAsItWasThen)
{
    for (const char* name : {"map.svg", "map.png"}) {
        ASSERT_TRUE(exportView(path(name), paint(), options));
        const auto expected = bytes(path(name));
        ASSERT_TRUE(QFile::remove(path(name)));
        const auto write = paintView(path(name), paint(), options);
        EXPECT_FALSE(QFile::exists(path(name)));
        selection.select(2);
        std::jthread([&] { EXPECT_TRUE(write()); }).join();
        EXPECT_EQ(bytes(path(name)), expected) << name;
        selection.clear();
    }
}

TEST_F(Export, HeatMapsHaveTheirLabelsAsText)
{
    HeatMapView view;
    HeatMap data;
    data.title = "Network output";
    data.rows = {"a", "b"};
    data.columns = 4;
    data.values.assign(8, 0.25F);
    view.setData(data);
    const auto draw = [&](QPainter& painter, const QSize& size) { view.render(painter, size, true); };
    ASSERT_TRUE(exportView(path("heat.svg"), draw, options));
    const QByteArray svg = bytes(path("heat.svg"));
    for (const char* text : {">Network output</text>", ">b</text>", ">step</text>"})
        EXPECT_TRUE(svg.contains(text)) << text;
}

TEST_F(Export, RefusesWhatItCannotWriteAndLeavesNothingBehind)
{
    EXPECT_EQ(exportView(path("map.bmp"), paint(), options).error().code, Errc::BadValue);
    EXPECT_FALSE(exportView(path("no/such/folder.svg"), paint(), options));
    options.sizeMm = {0, 80};
    EXPECT_EQ(exportView(path("map.svg"), paint(), options).error().code, Errc::BadValue);
    options = {.sizeMm = {120, 80}, .dpi = 0, .title = {}};
    EXPECT_EQ(exportView(path("map.png"), paint(), options).error().code, Errc::BadValue);
    EXPECT_TRUE(QDir(folder.path()).isEmpty());
}

} // namespace
