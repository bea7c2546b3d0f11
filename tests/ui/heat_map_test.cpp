#include "ui/plots/heat_map_view.h"
#include "ui/plots/image_view.h"

#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace rnnscope::ui;

HeatMap twoRows()
{
    HeatMap data;
    data.title = "Probe input";
    data.rows = {"a", "b"};
    data.columns = 10;
    data.values.assign(20, 0.0F);
    data.values[13] = 1.0F; // b, step 3
    return data;
}

struct Shown : testing::Test
{
    HeatMapView view;

    Shown()
    {
        view.resize(400, 200);
        view.setData(twoRows());
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    }

    QPoint at(std::size_t row, std::size_t step) const { return view.cellRect(row, step).center().toPoint(); }
};

TEST_F(Shown, AClickMovesTheCursorAndSaysSoOnce)
{
    const QSignalSpy moved(&view, &HeatMapView::cursorMoved);
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, at(0, 7));
    EXPECT_EQ(view.cursor(), 7);
    view.setCursor(7);
    ASSERT_EQ(moved.count(), 1);
    EXPECT_EQ(moved[0][0].toInt(), 7);
}

TEST_F(Shown, ArrowsMoveTheCursorAndStopAtTheEnds)
{
    QTest::keyClick(&view, Qt::Key_End);
    EXPECT_EQ(view.cursor(), 9);
    QTest::keyClick(&view, Qt::Key_Right);
    EXPECT_EQ(view.cursor(), 9);
    QTest::keyClick(&view, Qt::Key_Left);
    EXPECT_EQ(view.cursor(), 8);
    QTest::keyClick(&view, Qt::Key_Home);
    QTest::keyClick(&view, Qt::Key_Left);
    EXPECT_EQ(view.cursor(), 0);
}

TEST_F(Shown, TheCursorStaysInsideShorterData)
{
    view.setCursor(9);
    HeatMap shorter = twoRows();
    shorter.columns = 5;
    shorter.values.resize(10);
    view.setData(shorter);
    EXPECT_EQ(view.cursor(), 4);
    view.setCursor(100);
    EXPECT_EQ(view.cursor(), 4);
}

TEST_F(Shown, NamesTheValueUnderThePointer)
{
    EXPECT_EQ(view.textAt(at(1, 3)), "b, step 3: 1.00");
    EXPECT_EQ(view.textAt(at(0, 3)), "a, step 3: 0");
    EXPECT_TRUE(view.textAt({1, 1}).isEmpty());
}

TEST_F(Shown, CellsHaveTheColourOfTheirValue)
{
    const QImage picture = view.grab().toImage();
    EXPECT_EQ(picture.pixel(at(1, 3)), 0xfffde725U);
    EXPECT_EQ(picture.pixel(at(0, 3)), 0xff440154U);
}

TEST_F(Shown, EdgesAppearOnlyBetweenLargeCells)
{
    const QRectF large = view.cellRect(0, 0);
    EXPECT_GE(large.width(), 8.0);
    EXPECT_NE(view.grab().toImage().pixel(large.bottomRight().toPoint() - QPoint(1, 1)), 0xff440154U);
    HeatMap wide = twoRows();
    wide.columns = 100;
    wide.values.assign(200, 0.0F);
    view.setData(wide);
    const QRectF small = view.cellRect(0, 1);
    EXPECT_LT(small.width(), 8.0);
    EXPECT_EQ(view.grab().toImage().pixel(static_cast<int>(small.right()) - 1, static_cast<int>(small.center().y())),
              0xff440154U);
}

TEST(HeatMap, AnEmptyOneDrawsAndAnswersNothing)
{
    HeatMapView view;
    view.resize(200, 100);
    view.grab();
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, QPoint(100, 50));
    EXPECT_EQ(view.cursor(), -1);
    EXPECT_TRUE(view.textAt({100, 50}).isEmpty());
}

TEST(TileImages, PutTilesRowByRowAfterTheZeroTile)
{
    std::vector<float> sequence(50 * 16, 0.0F);
    sequence[5] = 1.0F; // in the zero tile: not shown
    sequence[1 * 16 + 0] = 1.0F; // first tile, first pixel
    sequence[9 * 16 + 6] = 0.5F; // ninth tile: second row, second column; pixel (2, 1) in it
    sequence[49 * 16 + 15] = std::nanf("");
    const QImage image = tilesToImage(sequence, 16);
    ASSERT_EQ(image.size(), QSize(28, 28));
    EXPECT_EQ(qRed(image.pixel(0, 0)), 255);
    EXPECT_EQ(qRed(image.pixel(6, 5)), 128);
    EXPECT_EQ(qRed(image.pixel(1, 1)), 0);
    EXPECT_EQ(qRed(image.pixel(27, 27)), 0);
}

TEST(TileImages, AClickOnATileMovesTheCursorToItsStep)
{
    ImageView view;
    view.resize(28 * 6, 28 * 6 + 60);
    view.setData({"Probe input", "", tilesToImage(std::vector<float>(800, 0.5F), 16)});
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    const QSignalSpy moved(&view, &ImageView::cursorMoved);
    QTest::mouseClick(&view, Qt::LeftButton, Qt::NoModifier, QPoint(view.width() - 5, 40));
    ASSERT_EQ(moved.count(), 1);
    EXPECT_EQ(view.cursor(), 7);
}

} // namespace
