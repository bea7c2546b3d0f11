#include "ui/models/map_layout.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QAction>
#include <QComboBox>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A zoo of 18 networks; the window has selected one by itself.
class HistoryTest : public WindowCase
{
protected:
    HistoryTest()
    {
        drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
        first = window.selection().ids();
        settle();
    }
    static void settle() { QCoreApplication::processEvents(); }
    void undo() { press(Qt::Key_Z, Qt::ControlModifier); }
    void redo() { press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers)
    {
        settle();
        QTest::keyClick(&window, key, modifiers);
        ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
        settle();
    }
    const std::vector<Selection::Id>& ids() { return window.selection().ids(); }
    void select(std::vector<Selection::Id> wanted)
    {
        window.selection().set(std::move(wanted));
        settle();
    }

    std::vector<Selection::Id> first;
};

TEST_F(HistoryTest, BeginsWithWhatTheWindowDidByItself)
{
    EXPECT_FALSE(find<QAction>("undo")->isEnabled());
    EXPECT_FALSE(first.empty());
}

TEST_F(HistoryTest, BringsSelectionsBack)
{
    select({1, 2});
    select({5});
    EXPECT_EQ(find<QAction>("undo")->text(), "&Undo Selection");
    undo();
    EXPECT_THAT(ids(), ElementsAre(1, 2));
    undo();
    EXPECT_EQ(ids(), first);
    EXPECT_FALSE(find<QAction>("undo")->isEnabled());
    redo();
    redo();
    EXPECT_THAT(ids(), ElementsAre(5));
    EXPECT_FALSE(find<QAction>("redo")->isEnabled());
    undo();
    select({9});
    EXPECT_FALSE(find<QAction>("redo")->isEnabled()) << "another way was taken";
}

TEST_F(HistoryTest, ABrushThatIsDraggedIsOneStep)
{
    for (const double high : {2.0, 3.0, 4.0}) {
        window.filter().setInterval("property:step", Filter::Interval {0, high * 1000});
        settle();
    }
    EXPECT_EQ(window.filter().state().intervals.size(), 1U);
    undo();
    EXPECT_FALSE(window.filter().active());
    redo();
    EXPECT_EQ(window.filter().state().intervals.at("property:step").high, 4000.0);
    window.filter().clear();
    undo();
    EXPECT_TRUE(window.filter().active());
}

TEST_F(HistoryTest, BringsSettingsBack)
{
    const auto before = session.currentCheckpoint();
    window.setColour("property:run");
    settle();
    window.setProjection(projection::MapKind::Umap);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    settle();
    session.setCurrentCheckpoint(session.fittingCheckpoints().back());
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    ASSERT_NE(session.currentCheckpoint(), before);
    undo();
    EXPECT_EQ(session.currentCheckpoint(), before);
    undo();
    EXPECT_EQ(session.layout().kind(), projection::MapKind::Pca);
    EXPECT_EQ(find<QComboBox>("colourChooser")->currentData().toString(), "property:run");
    undo();
    EXPECT_EQ(find<QComboBox>("colourChooser")->currentData().toString(), "property:accuracy");
    EXPECT_EQ(ids(), first);
}

TEST_F(HistoryTest, ADragOverTheColourBarIsOneStep)
{
    auto* map = find<MapView>("map");
    const auto bar = map->legendBar();
    ASSERT_FALSE(bar.isNull());
    const auto at = [&](double share) { return QPointF(bar.left() + share * bar.width(), bar.center().y()).toPoint(); };
    const auto clip = [&](double from, double to) {
        QTest::mousePress(map, Qt::LeftButton, {}, at(from));
        for (const double share : {0.5, to}) {
            QTest::mouseMove(map, at(share));
            settle();
        }
        QTest::mouseRelease(map, Qt::LeftButton, {}, at(to));
        settle();
        return map->colour().clip;
    };
    const auto wide = clip(0.75, 0.25);
    ASSERT_TRUE(wide);
    EXPECT_EQ(find<QAction>("undo")->text(), "&Undo Colour Range");
    const auto narrow = clip(0.9, 0.6);
    EXPECT_NE(wide, narrow);
    QTest::mouseDClick(map, Qt::LeftButton, {}, at(0.5));
    EXPECT_FALSE(map->colour().clip);
    undo();
    EXPECT_EQ(map->colour().clip, narrow);
    undo();
    EXPECT_EQ(map->colour().clip, wide);
    undo();
    EXPECT_FALSE(map->colour().clip);
    EXPECT_FALSE(find<QAction>("undo")->isEnabled());
    redo();
    EXPECT_EQ(map->colour().clip, wide);
    window.setColour("property:run");
    settle();
    EXPECT_FALSE(map->colour().clip);
    undo();
    EXPECT_EQ(map->colour().clip, wide) << "it comes back with its colour";
}

TEST_F(HistoryTest, OtherNetworksBeginAnotherHistory)
{
    select({1, 2});
    EXPECT_TRUE(find<QAction>("undo")->isEnabled());
    drop({files.zoo({.name = "more"})});
    settle();
    EXPECT_FALSE(find<QAction>("undo")->isEnabled()) << "rows mean other networks";
}

} // namespace
} // namespace rnnscope::ui
