#include "ui/models/point_channels.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QAction>
#include <QMenu>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

/// 18 networks of two runs; the window has selected one by itself.
class PointsTest : public WindowCase
{
protected:
    void SetUp() override
    {
        drop({files.zoo(), files.checkpoint("probing")});
        window.selection().clear();
        settle();
    }
    static void settle()
    {
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
    }
    /// Opens the menu and goes down to this entry.
    void choose(const char* menuName, const QString& text)
    {
        auto* menu = find<QMenu>(menuName);
        menu->popup(window.mapToGlobal(QPoint(100, 50)));
        const auto actions = menu->actions();
        for (auto* action : actions)
            if (action->text() == text) {
                menu->setActiveAction(action);
                QTest::keyClick(menu, Qt::Key_Return);
                menu->hide(); // opened by itself, nothing else closes it
                window.activateWindow();
                EXPECT_TRUE(QTest::qWaitForWindowActive(&window));
                return settle();
            }
        ADD_FAILURE() << "no entry " << text.toStdString();
    }
    QStringList entries(const char* menuName) const
    {
        auto* menu = find<QMenu>(menuName);
        menu->popup({});
        QStringList texts;
        for (const auto* action : menu->actions())
            if (!action->isSeparator())
                texts << action->text();
        menu->hide();
        return texts;
    }
    QImage shot() const
    {
        settle();
        return window.findChild<MapView*>()->grab().toImage();
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers)
    {
        settle();
        QTest::keyClick(&window, key, modifiers);
        settle();
    }
};

TEST_F(PointsTest, AnyNumberGivesTheSizeAndFewCategoriesTheShape)
{
    const auto sizes = entries("sizeMenu");
    EXPECT_EQ(sizes.front(), "All Alike");
    EXPECT_TRUE(sizes.contains("Accuracy")) << sizes.join(", ").toStdString();
    EXPECT_TRUE(sizes.contains("Training step, log₁₀") || sizes.contains("Training step"));
    EXPECT_FALSE(sizes.contains("Split"));
    const auto shapes = entries("shapeMenu");
    EXPECT_EQ(shapes.front(), "By Zoo");
    EXPECT_FALSE(shapes.contains("Accuracy"));
    EXPECT_FALSE(shapes.contains("Training step")) << "there are nine of them";
    const auto channel = shapeChannel(*session.embedded(), "property:run");
    EXPECT_EQ(channel.categories, (QStringList {"0", "1"}));
    EXPECT_THAT(std::vector(channel.values.begin() + 7, channel.values.begin() + 11), testing::ElementsAre(0, 0, 1, 1));
}

TEST_F(PointsTest, AChoiceIsSeenAndUndone)
{
    const auto plain = shot();
    choose("sizeMenu", "Accuracy");
    EXPECT_EQ(window.workspace().size, "property:accuracy");
    const auto sized = shot();
    EXPECT_NE(sized, plain);
    choose("shapeMenu", "Run");
    const auto shaped = shot();
    EXPECT_NE(shaped, sized);
    EXPECT_EQ(find<QAction>("undo")->text(), "&Undo Point Shape");
    press(Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(shot(), sized);
    EXPECT_EQ(find<QAction>("undo")->text(), "&Undo Point Size");
    press(Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(shot(), plain);
    press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(shot(), sized);
    choose("sizeMenu", "All Alike");
    EXPECT_EQ(shot(), plain);
}

/// Two points in one place, the first one as large as can be.
TEST_F(PointsTest, TheLargerPointLiesOnTop)
{
    Selection selection;
    MapView map(selection);
    map.resize(400, 300);
    map.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&map));
    map.setPoints({{0, 0}, {0, 0}, {1, 1}});
    const ColourChannel colours {
        .title = "Kind", .scale = ColourChannel::Scale::Categorical, .values = {0, 1, 1}, .categories = {"a", "b"}};
    map.setColour(colours);
    const auto colourAt = [&](const QPointF& beside) {
        settle();
        return map.grab().toImage().pixel((map.pixelOf(0) + beside).toPoint());
    };
    EXPECT_EQ(colourAt({}), channelColour(colours, 1, currentTheme().dark)) << "the later one";
    EXPECT_NE(colourAt({4, 0}), channelColour(colours, 0, currentTheme().dark));
    map.setSizes({"Loss", {2.0, 1.0, std::nan("")}, 1.0, 2.0});
    EXPECT_EQ(colourAt({}), channelColour(colours, 0, currentTheme().dark)) << "the larger one";
    EXPECT_EQ(colourAt({4, 0}), channelColour(colours, 0, currentTheme().dark)) << "eleven pixels across";
    map.setSizes({});
    EXPECT_EQ(colourAt({}), channelColour(colours, 1, currentTheme().dark));
}

TEST_F(PointsTest, TheLegendTellsBoth)
{
    const std::vector<ShapeEntry> zoos {{"one", 0}, {"two", 1}, {"file", 4}};
    const ColourChannel colours {.title = "Accuracy", .values = {0.5}, .categories = {}};
    const QRectF area(0, 0, 600, 400);
    const auto height = [&](const SizeChannel* sizes, const ShapeChannel* shapes) {
        return legendParts(area, {colours, zoos, {}, sizes, shapes}, window.font()).card.height();
    };
    const SizeChannel sizes {"Loss", {1.0}, 0.0, 2.0};
    const ShapeChannel shapes {"Kind", {0.0}, {"x", "y", "z"}};
    const double before = height(nullptr, nullptr);
    const double line = (height(&sizes, nullptr) - before) / 4;
    EXPECT_GT(line, 10.0) << "a title and three sizes";
    EXPECT_NEAR(height(nullptr, &shapes), before + 2 * line, 0.1)
        << "a title and three categories in place of two zoos; the file keeps its star";
}

} // namespace
} // namespace rnnscope::ui
