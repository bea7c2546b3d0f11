#include "ui/plots/point_layer.h"
#include "ui/plots/point_raster.h"
#include "ui/plots/zoo_marks.h"

#include <QPainter>
#include <QPicture>

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace {

using namespace rnnscope::ui;

constexpr QRgb kRed = 0xffd02010;
constexpr QRgb kBlue = 0xff1030c0;

/// 200 x 100 pixels, one pixel a unit, the origin in the middle of pixel (100, 50).
struct Raster : testing::Test
{
    MapTransform transform {{-0.5, 0.5}, 1.0, {200, 100}};
    PointRaster raster {std::make_shared<rnnscope::ThreadTeam>(3)};

    static PointScene scene(std::vector<QPointF> points, QRgb colour = kRed)
    {
        PointScene made;
        made.colours.assign(points.size(), colour);
        made.selected.assign(points.size(), 0);
        made.positions = std::move(points);
        made.outline = Qt::white;
        made.ring = Qt::black;
        made.accent = Qt::green;
        return made;
    }
    static PointScene scattered(std::size_t count)
    {
        std::mt19937 random(3);
        std::uniform_real_distribution<double> x(-110, 110);
        std::uniform_real_distribution<double> y(-60, 60);
        std::vector<QPointF> points(count);
        for (QPointF& point : points)
            point = {x(random), y(random)};
        PointScene made = scene(std::move(points));
        for (std::size_t i = 0; i < count; ++i)
            made.colours[i] = i % 3 == 0 ? kRed : kBlue;
        return made;
    }
    QImage points(const PointScene& shown)
    {
        return raster.points(shown, transform, 1.0, pointsAs(shown, transform)).copy();
    }
};

/// Of the channels, 0..255.
double meanDifference(const QImage& a, const QImage& b)
{
    double sum = 0.0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            for (const int shift : {0, 8, 16, 24})
                sum += std::abs(static_cast<int>((a.pixel(x, y) >> shift) & 255U)
                                - static_cast<int>((b.pixel(x, y) >> shift) & 255U));
    return sum / (4.0 * a.width() * a.height());
}

TEST_F(Raster, LooksLikeTheVectors)
{
    PointScene shown = scattered(300);
    shown.shapes.resize(300);
    for (std::size_t i = 0; i < 300; ++i)
        shown.shapes[i] = static_cast<std::uint8_t>(i % kZooShapes);
    for (QPointF& point : shown.positions) // where the raster has them: in the middle of a sixteenth of a pixel
        point = {std::floor(4 * point.x()) / 4 + 0.125, std::floor(4 * point.y()) / 4 + 0.125};
    for (const std::size_t selected : {5U, 50U, 51U})
        shown.selected[selected] = 1;
    shown.selectedCount = 3;
    QPicture recorded;
    QPainter recorder(&recorded);
    paintPoints(recorder, shown, transform);
    recorder.end();
    QImage vectors(200, 100, QImage::Format_ARGB32_Premultiplied);
    vectors.fill(Qt::white);
    QPainter painter(&vectors);
    recorded.play(&painter);
    painter.end();
    const auto onWhite = [&](const MapTransform& at) {
        QImage drawn(200, 100, QImage::Format_ARGB32_Premultiplied);
        drawn.fill(Qt::white);
        QPainter copy(&drawn);
        copy.drawImage(0, 0, raster.points(shown, at, 1.0, pointsAs(shown, at)));
        copy.drawImage(0, 0, raster.highlights(shown, at, 1.0, pointsAs(shown, at)));
        return drawn;
    };
    MapTransform shifted = transform;
    shifted.centre += {0.5, 0};
    // The vectors have more of a fringe, from fill and outline that both end within a pixel.
    const double fringe = 0.3 * meanDifference(onWhite(transform), onWhite({{1e6, 1e6}, 1.0, transform.size}));
    EXPECT_LT(meanDifference(onWhite(transform), vectors), fringe);
    EXPECT_GT(meanDifference(onWhite(shifted), vectors), fringe);
}

TEST_F(Raster, LaterPointsLieOnTopInEveryRow)
{
    for (int y = -49; y <= 50; ++y) { // wherever the rows are shared out between threads
        const QPointF place(10, y);
        PointScene shown = scene({place, place});
        shown.colours[1] = kBlue;
        EXPECT_EQ(points(shown).pixel(110, 50 - y), kBlue) << y;
    }
}

TEST_F(Raster, ManyPointsAreTheSumOfTheirRows)
{
    const PointScene shown = scattered(3000);
    const QImage whole = points(shown);
    MapTransform lower = transform; // the same rows, elsewhere in the image
    lower.size = {200, 300};
    const QImage larger = raster.points(shown, lower, 1.0, pointsAs(shown, lower)).copy(0, 100, 200, 100);
    EXPECT_EQ(whole, larger);
}

TEST_F(Raster, NothingIsDrawnFromOutsideAndNothingBreaks)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const QImage empty = points(scene({}));
    EXPECT_EQ(points(scene({{kInfinity, 0}, {0, -kInfinity}, {std::nan(""), 0}, {1e300, 0}, {0, -1e300}, {3e9, 1}})),
              empty);
    EXPECT_NE(points(scene({{-101, 0}})), empty) << "half of it is inside";
    EXPECT_NE(points(scene({{101, 51}})), empty);
}

TEST_F(Raster, WhatLiesBelowShinesThroughFadedPoints)
{
    PointScene shown = scene({{0, 0}, {50, 0}, {60, 0}});
    shown.selected = {0, 1, 1};
    shown.selectedCount = 2;
    shown.outline = QColor(10, 20, 30);
    const QImage image = raster.points(shown, transform, 1.0, pointsAs(shown, transform),
                                       [](QPainter& painter) { painter.fillRect(QRect(0, 0, 200, 100), Qt::white); });
    EXPECT_EQ(image.format(), QImage::Format_RGB32);
    const double share = opacityOutside(2);
    EXPECT_NEAR(qRed(image.pixel(100, 50)), 255 + (qRed(kRed) - 255) * share, 2);
    EXPECT_NEAR(qBlue(image.pixel(100, 50)), 255 + (qBlue(kRed) - 255) * share, 2);
    EXPECT_EQ(raster.points(shown, transform, 1.0, pointsAs(shown, transform), [](QPainter&) {}).pixel(0, 0),
              shown.outline.rgb());
}

TEST_F(Raster, HighlightsAreTheSelectedAndTheStars)
{
    PointScene shown = scene({{0, 0}, {50, 0}, {-50, 0}});
    EXPECT_TRUE(raster.highlights(shown, transform, 1.0, pointsAs(shown, transform)).isNull());
    shown.selected = {0, 1, 0};
    shown.selectedCount = 1;
    shown.shapes = {0, 0, kStarShape};
    shown.stars = {2};
    const QImage image = raster.highlights(shown, transform, 1.0, pointsAs(shown, transform)).copy();
    EXPECT_EQ(image.pixel(100, 50), 0U);
    EXPECT_EQ(image.pixel(150, 50), kRed);
    EXPECT_GT(qAlpha(image.pixel(155, 50)), 200) << "its ring";
    EXPECT_EQ(qRed(image.pixel(155, 50)), 0);
    EXPECT_EQ(image.pixel(50, 50), kRed);
    EXPECT_EQ(points(shown).pixel(50, 50), 0U) << "stars are drawn above";
}

TEST_F(Raster, APictureOfMorePixelsHasThePointsOfAScreenOfThatRatio)
{
    const PointScene shown = scattered(300);
    constexpr double kRatio = 3.125; // 300 dpi
    QImage picture(625, 313, QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.scale(kRatio, kRatio);
    paintPoints(painter, shown, transform);
    painter.end();
    const QImage screen = raster.points(shown, transform, kRatio, PointsAs::Stamps);
    EXPECT_EQ(screen.width(), 625);
    EXPECT_LT(meanDifference(picture.copy(0, 0, 625, 312), screen.copy(0, 0, 625, 312)), 0.01);
}

/// So many that they are drawn as a density.
struct Density : Raster
{
    /// All but `apart` in one heap beside it.
    PointScene heap(const std::vector<QPointF>& apart, const QPointF& place = {60, 20}) const
    {
        std::vector<QPointF> all = apart;
        all.resize(kDensityPoints + 1, place);
        return scene(std::move(all));
    }
};

TEST_F(Density, BeginsAboveACountOfPointsInView)
{
    PointScene shown = heap({{0, 0}});
    EXPECT_EQ(pointsAs(shown, transform), PointsAs::Density);
    shown.positions[0] = {1000, 0};
    EXPECT_EQ(pointsAs(shown, transform), PointsAs::Stamps);
    shown.positions[0] = {std::nan(""), 0};
    EXPECT_EQ(pointsAs(shown, transform), PointsAs::Stamps);
}

TEST_F(Density, AHeapIsOpaqueAndAPointAloneIsNot)
{
    const QImage image = points(heap({{0, 0}}));
    EXPECT_EQ(image.pixel(160, 30), kRed);
    const int alone = qAlpha(image.pixel(100, 50));
    EXPECT_NEAR(alone, 0.45 * 255, 2);
    for (const QPoint& beside : {QPoint(99, 50), QPoint(101, 50), QPoint(100, 49), QPoint(100, 51)})
        EXPECT_NEAR(qAlpha(image.pixel(beside)), alone / 2, 2);
    EXPECT_EQ(image.pixel(103, 50), 0U);
    EXPECT_EQ(image.pixel(0, 0), 0U);
}

TEST_F(Density, MixesColoursAndReachesTheEdges)
{
    std::vector<QPointF> corners(128, {-100, 50});
    corners.resize(256, {99, -49});
    PointScene shown = heap(corners);
    for (std::size_t i = 0; i < 256; i += 2)
        shown.colours[i] = kBlue;
    const QImage image = points(shown);
    for (const QPoint& corner : {QPoint(0, 0), QPoint(199, 99)}) {
        EXPECT_NEAR(qRed(image.pixel(corner)), (qRed(kRed) + qRed(kBlue)) / 2.0, 1);
        EXPECT_NEAR(qBlue(image.pixel(corner)), (qBlue(kRed) + qBlue(kBlue)) / 2.0, 1);
        EXPECT_EQ(qAlpha(image.pixel(corner)), 255);
    }
}

TEST_F(Density, ManySelectedHaveADensityOfTheirOwn)
{
    PointScene shown = heap({{0, 0}});
    shown.selected.assign(shown.positions.size(), 1);
    shown.selected[0] = 0;
    shown.selectedCount = kDensityPoints;
    const QImage image = raster.highlights(shown, transform, 1.0, pointsAs(shown, transform)).copy();
    EXPECT_EQ(image.pixel(160, 30), kRed);
    EXPECT_EQ(image.pixel(100, 50), 0U);
    EXPECT_NEAR(qAlpha(points(shown).pixel(100, 50)), 0.45 * opacityOutside(shown.selectedCount) * 255, 2);
}

TEST_F(Raster, LargerPointsCoverMoreAndLieOnTop)
{
    const auto covered = [&](std::uint8_t size) {
        auto shown = scene({{0, 0}});
        shown.sizes = {size};
        shown.order = {0};
        const QImage image = points(shown);
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                count += qAlpha(image.pixel(x, y)) > 127 ? 1 : 0;
        return count;
    };
    EXPECT_EQ(covered(5), [&] { // as large as one that says nothing
        const QImage image = points(scene({{0, 0}}));
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                count += qAlpha(image.pixel(x, y)) > 127 ? 1 : 0;
        return count;
    }());
    EXPECT_NEAR(covered(11), 3.14 / 4 * 12.5 * 12.5, 8);
    EXPECT_LT(covered(3), covered(4));
    auto two = scene({{0, 0}, {1, 0}});
    two.colours = {kRed, kBlue};
    two.sizes = {11, 3};
    two.order = {1, 0};
    EXPECT_EQ(points(two).pixel(100, 50), kRed) << "the larger one";
    two.order = {0, 1};
    EXPECT_EQ(points(two).pixel(101, 50), kBlue);
}

TEST_F(Raster, RingsGoAroundPointsOfAnySize)
{
    auto shown = scene({{0, 0}});
    shown.sizes = {11};
    shown.order = {0};
    shown.selected = {1};
    shown.selectedCount = 1;
    const QImage image = raster.highlights(shown, transform, 1.0, PointsAs::Stamps).copy();
    EXPECT_EQ(image.pixel(100, 50), kRed);
    EXPECT_EQ(image.pixel(104, 50), kRed) << "it is not under its ring";
    EXPECT_GT(qAlpha(image.pixel(108, 50)), 200);
    EXPECT_LT(qRed(image.pixel(108, 50)), 60) << "the ring";
}

TEST_F(Raster, SizedPointsAreTheSameForAnyNumberOfThreadsAndOnPaper)
{
    auto shown = scattered(400);
    std::vector<std::pair<std::uint8_t, std::uint32_t>> sizes;
    for (std::uint32_t i = 0; i < 400; ++i) {
        shown.sizes.push_back(static_cast<std::uint8_t>(3 + i % 9));
        sizes.emplace_back(shown.sizes.back(), i);
        shown.shapes.push_back(static_cast<std::uint8_t>(i % kPointShapes == kStarShape ? 0 : i % kPointShapes));
    }
    std::sort(sizes.begin(), sizes.end());
    for (const auto& [size, point] : sizes)
        shown.order.push_back(point);
    const QImage here = points(shown);
    PointRaster alone(std::make_shared<rnnscope::ThreadTeam>(1));
    EXPECT_EQ(alone.points(shown, transform, 1.0, PointsAs::Stamps), here);
    QPicture paper;
    QPainter recorder(&paper);
    paintPoints(recorder, shown, transform);
    recorder.end();
    QImage page(here.size(), QImage::Format_ARGB32_Premultiplied);
    page.fill(Qt::white);
    QPainter painter(&page);
    painter.drawPicture(0, 0, paper);
    painter.end();
    QImage screen(here.size(), QImage::Format_ARGB32_Premultiplied);
    screen.fill(Qt::white);
    QPainter shownOn(&screen);
    shownOn.drawImage(0, 0, here);
    shownOn.end();
    EXPECT_LT(meanDifference(page, screen), 12.0);
}

} // namespace
