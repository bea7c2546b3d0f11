#include "ui/models/selection.h"
#include "ui/plots/colour_maps.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view.h"
#include "ui/plots/theme.h"

#include <QApplication>
#include <QPainter>
#include <QTest>
#include <QWheelEvent>

#include <gtest/gtest.h>

#include <cmath>
#include <gmock/gmock.h>
#include <random>

namespace {

using namespace rnnscope::ui;
using testing::ElementsAre;
using testing::IsEmpty;

/// Five points on a plus: centre, left, right, up, down.
struct Plus : testing::Test
{
    Selection selection;
    MapView map {selection};

    Plus()
    {
        map.resize(600, 400);
        map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, -1}});
        map.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&map));
    }

    QPoint at(std::size_t id) const { return map.pixelOf(id).toPoint(); }

    void drag(const std::vector<QPoint>& path, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mousePress(&map, Qt::LeftButton, modifiers, path.front());
        for (const QPoint& point : path) {
            QMouseEvent move(QEvent::MouseMove, QPointF(point), map.mapToGlobal(QPointF(point)), Qt::LeftButton,
                             Qt::LeftButton, modifiers);
            QApplication::sendEvent(&map, &move);
        }
        QTest::mouseRelease(&map, Qt::LeftButton, modifiers, path.back());
    }

    void box(const QRect& area, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        drag({area.topLeft(), area.center(), area.bottomRight()}, modifiers);
    }

    QRect around(std::size_t a, std::size_t b) const
    {
        return QRect(at(a), at(b)).normalized().adjusted(-10, -10, 10, 10);
    }

    void wheel(const QPointF& pixel, int delta)
    {
        QWheelEvent event(pixel, map.mapToGlobal(pixel), {}, {0, delta}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(&map, &event);
    }
};

TEST_F(Plus, AClickSelectsThePointUnderIt)
{
    QTest::mouseClick(&map, Qt::LeftButton, Qt::NoModifier, at(2) + QPoint(3, -2));
    EXPECT_THAT(selection.ids(), ElementsAre(2));
    QTest::mouseClick(&map, Qt::LeftButton, Qt::NoModifier, at(3));
    EXPECT_THAT(selection.ids(), ElementsAre(3));
}

TEST_F(Plus, CtrlAndShiftClicksToggle)
{
    QTest::mouseClick(&map, Qt::LeftButton, Qt::NoModifier, at(2));
    QTest::mouseClick(&map, Qt::LeftButton, Qt::ControlModifier, at(0));
    EXPECT_THAT(selection.ids(), ElementsAre(0, 2));
    EXPECT_EQ(selection.current(), 0U);
    QTest::mouseClick(&map, Qt::LeftButton, Qt::ShiftModifier, at(2));
    EXPECT_THAT(selection.ids(), ElementsAre(0));
}

TEST_F(Plus, AClickOnNothingKeepsTheSelectionAndEscapeClearsIt)
{
    selection.set({1, 2});
    QTest::mouseClick(&map, Qt::LeftButton, Qt::NoModifier, (at(1) + at(3)) / 2);
    EXPECT_THAT(selection.ids(), ElementsAre(1, 2));
    QTest::keyClick(&map, Qt::Key_Escape);
    EXPECT_THAT(selection.ids(), IsEmpty());
}

TEST_F(Plus, BoxesSelectAddAndSubtract)
{
    map.setTool(MapView::Tool::Box);
    box(around(0, 2));
    EXPECT_THAT(selection.ids(), ElementsAre(0, 2));
    box(around(3, 3), Qt::ShiftModifier);
    EXPECT_THAT(selection.ids(), ElementsAre(0, 2, 3));
    box(around(0, 0), Qt::AltModifier);
    EXPECT_THAT(selection.ids(), ElementsAre(2, 3));
    box(around(3, 3), Qt::ControlModifier);
    EXPECT_THAT(selection.ids(), ElementsAre(2));
}

TEST_F(Plus, ALassoSelectsWhatIsInside)
{
    map.setTool(MapView::Tool::Lasso);
    // A triangle that holds left, centre and up; its bounding box would also hold more.
    const QPoint margin(14, 0);
    drag({at(1) - margin + QPoint(0, 14), at(3) + QPoint(0, -24), at(0) + QPoint(20, 14)});
    EXPECT_THAT(selection.ids(), ElementsAre(0, 1, 3));
    drag({at(4) + QPoint(-9, -9), at(4) + QPoint(9, -9), at(4) + QPoint(0, 12)}, Qt::ShiftModifier);
    EXPECT_THAT(selection.ids(), ElementsAre(0, 1, 3, 4));
}

TEST_F(Plus, EscapeGivesUpABoxThatIsBeingDrawn)
{
    map.setTool(MapView::Tool::Box);
    QTest::mousePress(&map, Qt::LeftButton, Qt::NoModifier, QPoint(1, 1));
    QTest::mouseMove(&map, QPoint(300, 300));
    QTest::keyClick(&map, Qt::Key_Escape);
    QTest::mouseRelease(&map, Qt::LeftButton, Qt::NoModifier, QPoint(599, 399));
    EXPECT_THAT(selection.ids(), IsEmpty());
}

TEST_F(Plus, TheWheelKeepsThePointUnderTheCursor)
{
    const QPointF cursor(180, 290);
    const QPointF before = map.dataAt(cursor);
    const double distance = (map.pixelOf(2) - map.pixelOf(0)).x();
    wheel(cursor, 240);
    EXPECT_NEAR(map.dataAt(cursor).x(), before.x(), 1e-9);
    EXPECT_NEAR(map.dataAt(cursor).y(), before.y(), 1e-9);
    EXPECT_NEAR((map.pixelOf(2) - map.pixelOf(0)).x(), 1.44 * distance, 1e-6);
}

TEST_F(Plus, DraggingPansAndSelectsNothing)
{
    const QPointF before = map.pixelOf(0);
    drag({at(0), at(0) + QPoint(20, 10), at(0) + QPoint(50, 30)});
    EXPECT_NEAR(map.pixelOf(0).x(), before.x() + 50, 1e-6);
    EXPECT_NEAR(map.pixelOf(0).y(), before.y() + 30, 1e-6);
    EXPECT_THAT(selection.ids(), IsEmpty());
    QTest::keyClick(&map, Qt::Key_F);
    EXPECT_NEAR(map.pixelOf(0).x(), before.x(), 1e-6);
    drag({at(0), at(0) + QPoint(20, 10)});
    QTest::mouseDClick(&map, Qt::LeftButton, Qt::NoModifier, QPoint(5, 5));
    EXPECT_NEAR(map.pixelOf(0).x(), before.x(), 1e-6);
}

TEST_F(Plus, ArrowsGoToTheNextNetworkThatWay)
{
    selection.select(0);
    QTest::keyClick(&map, Qt::Key_Right);
    EXPECT_EQ(selection.current(), 2U);
    QTest::keyClick(&map, Qt::Key_Left);
    QTest::keyClick(&map, Qt::Key_Left);
    EXPECT_EQ(selection.current(), 1U);
    selection.select(0);
    QTest::keyClick(&map, Qt::Key_Up);
    EXPECT_EQ(selection.current(), 3U);
    selection.select(0);
    QTest::keyClick(&map, Qt::Key_Down);
    EXPECT_EQ(selection.current(), 4U);
    QTest::keyClick(&map, Qt::Key_Down); // nothing further down
    EXPECT_EQ(selection.current(), 4U);
}

TEST_F(Plus, HoveringFindsThePointAndLeavingForgetsIt)
{
    QTest::mouseMove(&map, at(4) + QPoint(2, 2));
    EXPECT_EQ(selection.hovered(), 4U);
    QTest::mouseMove(&map, (at(1) + at(3)) / 2);
    EXPECT_FALSE(selection.hovered());
    selection.setHovered(1);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&map, &leave);
    EXPECT_FALSE(selection.hovered());
}

TEST_F(Plus, BothAxesHaveTheSameScale)
{
    const QPointF across = map.pixelOf(2) - map.pixelOf(1);
    const QPointF along = map.pixelOf(4) - map.pixelOf(3);
    EXPECT_NEAR(across.x(), along.y(), 1e-6);
}

TEST_F(Plus, AViewTheUserMovedStaysWhenPointsMove)
{
    wheel({300, 200}, 120);
    const QPointF before = map.pixelOf(0);
    map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, -9}});
    EXPECT_EQ(map.pixelOf(0), before);
    map.setPoints({{0, 0}, {-1, 0}});
    EXPECT_NE(map.pixelOf(0), before);
}

TEST_F(Plus, PointsHaveTheColourOfTheirValueAndNaNIsGrey)
{
    map.setColour({.title = "Accuracy", .values = {0, 1, std::nan(""), 0.5, 0.5}, .categories = {}});
    const QImage picture = map.grab().toImage();
    EXPECT_EQ(picture.pixel(at(0)), 0xff440154U);
    EXPECT_EQ(picture.pixel(at(1)), 0xfffde725U);
    EXPECT_EQ(qRed(picture.pixel(at(2))), 0x9a);
}

TEST(MapColours, RiseAndStandOutOnADarkBackground)
{
    ColourChannel channel;
    const auto light = [&](double value) {
        const QRgb colour = channelColour(channel, value, true);
        return 0.2126 * qRed(colour) + 0.7152 * qGreen(colour) + 0.0722 * qBlue(colour);
    };
    const QColor background = darkTheme().panel;
    EXPECT_GT(light(0), 2 * qGray(background.rgb()));
    for (int i = 0; i < 20; ++i)
        EXPECT_LT(light(i / 20.0), light((i + 1) / 20.0)) << i;
    EXPECT_EQ(channelColour(channel, 1, true), channelColour(channel, 1, false));
}

TEST_F(Plus, PointsOutsideASelectionOfSeveralFade)
{
    map.setColour({.title = "Accuracy", .values = {0, 0, 0, 0, 0}, .categories = {}});
    selection.set({0, 2});
    const QImage picture = map.grab().toImage();
    EXPECT_EQ(picture.pixel(at(0)), 0xff440154U);
    EXPECT_GT(qRed(picture.pixel(at(1))), 0xa0);
}

TEST_F(Plus, TellsAssistiveTechnologyWhatItShows)
{
    selection.set({1, 2});
    EXPECT_EQ(map.accessibleName(), "Map of networks");
    EXPECT_EQ(map.accessibleDescription(), "5 networks, 2 selected");
}

TEST(Map, AFittedMapHidesNoPointUnderTheLegend)
{
    Selection selection;
    MapView map(selection);
    map.resize(600, 400);
    map.setPoints({{0, 0}, {3, 0}, {0, 2}, {3, 2}});
    map.grab(); // gives it its size
    const QRectF lowerRight(380, 325, 220, 75); // where the colour bar lies
    EXPECT_TRUE(lowerRight.contains(map.pixelOf(1)));
    map.setColour({.title = "Accuracy", .values = {0, 1, 0.2, 0.5}, .categories = {}});
    EXPECT_FALSE(lowerRight.contains(map.pixelOf(1)));
    EXPECT_TRUE(QRectF(map.rect()).contains(map.pixelOf(1)));
}

TEST_F(Plus, StarsLieOnTopAndDoNotFade)
{
    map.setColour({.title = "Accuracy", .values = {0, 1, 1, 1, std::nan("")}, .categories = {}});
    map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, 0}}, {0, 0, 0, 0, 4});
    selection.set({1, 2}); // the others fade
    const QImage picture = map.grab().toImage();
    EXPECT_EQ(picture.pixel(at(4)), missingColour()) << "neither faded nor the point below it";
    EXPECT_NE(picture.pixel(at(3)), map.grab().toImage().pixel(at(1))) << "others are faded";
    QTest::mouseClick(&map, Qt::LeftButton, Qt::NoModifier, at(4) + QPoint(2, 1));
    EXPECT_THAT(selection.ids(), ElementsAre(4));
}

TEST_F(Plus, AStarThatArrivesLeavesTheViewTheUserChose)
{
    wheel({300, 200}, 120);
    const QPointF before = map.pixelOf(0);
    map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, -1}, {50, 0}}, {0, 0, 0, 0, 0, 4});
    EXPECT_EQ(map.pixelOf(0), before);
    map.reveal(5);
    EXPECT_TRUE(QRectF(map.rect()).contains(map.pixelOf(5)));
}

TEST_F(Plus, ZoosDifferByShapeAndTheLegendSaysWhich)
{
    map.setColour({.title = "Accuracy", .values = {0, 0, 0, 0, 0}, .categories = {}});
    const auto corner = [&] { return map.grab().toImage().pixel(at(0) + QPoint(2, 2)); };
    const QImage circles = map.grab().toImage();
    const QRgb outside = corner();
    map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, -1}}, {1, 0, 0, 0, 0});
    EXPECT_NE(corner(), outside) << "a square reaches further into its corners";
    map.setPoints({{0, 0}, {-1, 0}, {1, 0}, {0, 1}, {0, -1}});
    ASSERT_EQ(map.grab().toImage(), circles);
    map.setShapeLegend({{"first", 0}, {"second", 1}});
    map.fit();
    EXPECT_NE(map.grab().toImage(), circles);
}

TEST(Map, ShowsItsPlaceholderWhileThereAreNoPoints)
{
    Selection selection;
    MapView map(selection);
    map.resize(300, 200);
    const QImage before = map.grab().toImage();
    map.setPlaceholder("Drop a zoo here");
    EXPECT_NE(map.grab().toImage(), before);
    QTest::mouseClick(&map, Qt::LeftButton, Qt::NoModifier, QPoint(150, 100));
    QTest::keyClick(&map, Qt::Key_Right);
    EXPECT_THAT(selection.ids(), IsEmpty());
}

} // namespace
