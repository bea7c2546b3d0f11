#include "qt_test.h"
#include "sample_zoo.h"
#include "ui/models/trajectories.h"
#include "ui/panels/trajectory_panel.h"
#include "ui/plots/trajectory_plot.h"

#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// 18 networks: 6 runs of 3 snapshots, steps 1000, 11000, 21000; row 4 has failed.
TEST(Trajectories, AreTheSnapshotsOfTheSelectedRunsInOrderOfStep)
{
    auto networks = test::sampleZoo();
    auto zoo = std::make_shared<zoo::Zoo>(*networks->zoo);
    for (auto& property : zoo->properties)
        if (property.name == "step")
            std::swap(property.values[3], property.values[5]);
    networks->zoo = zoo;
    const auto made = trajectoriesOf(*networks, {4, 16, 5}, 10);
    ASSERT_EQ(made.size(), 2U);
    EXPECT_THAT(made[0].rows, ElementsAre(5, 4, 3));
    EXPECT_THAT(made[0].steps, ElementsAre(1000, 11000, 21000));
    EXPECT_THAT(made[1].rows, ElementsAre(15, 16, 17));
    EXPECT_EQ(made[0].at(0), 0U);
    EXPECT_EQ(made[0].at(11000), 1U);
    EXPECT_EQ(made[0].at(20999), 1U);
    EXPECT_EQ(made[0].at(1e9), 2U);
}

TEST(Trajectories, TooManyRunsAndNetworksWithoutRunsHaveNone)
{
    const auto networks = test::sampleZoo();
    EXPECT_THAT(trajectoriesOf(*networks, {0, 3, 6}, 2), IsEmpty());
    EXPECT_THAT(trajectoriesOf(*networks, {0, 1, 2}, 1), testing::SizeIs(1));
    EXPECT_THAT(trajectoriesOf(*networks, {999}, 2), IsEmpty());
    auto bare = test::sampleZoo();
    auto zoo = std::make_shared<zoo::Zoo>(*bare->zoo);
    zoo->properties.clear();
    bare->zoo = zoo;
    EXPECT_THAT(trajectoriesOf(*bare, {0}, 2), IsEmpty());
    EXPECT_THAT(trajectoriesOf(*test::sampleZoo(6, 1), {0}, 2), IsEmpty()) << "one snapshot is no way";
}

class TrajectoryPanelTest : public testing::Test
{
protected:
    TrajectoryPanelTest()
    {
        filter.setNetworks(test::sampleZoo());
        panel.resize(300, 200);
        panel.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&panel));
    }
    QSlider& slider() const { return *panel.findChild<QSlider*>(); }
    TrajectoryPlot& plot() const { return *panel.findChild<TrajectoryPlot*>(); }

    Filter filter;
    Selection selection;
    TrajectoryPanel panel {filter, selection};
};

TEST_F(TrajectoryPanelTest, TheSliderSelectsTheSnapshotAtItsStep)
{
    EXPECT_FALSE(slider().isVisible());
    selection.select(7);
    EXPECT_TRUE(slider().isVisible());
    EXPECT_EQ(slider().maximum(), 2);
    EXPECT_EQ(slider().value(), 1);
    slider().setFocus();
    QTest::keyClick(&slider(), Qt::Key_Right);
    EXPECT_THAT(selection.ids(), ElementsAre(8));
    QTest::keyClick(&slider(), Qt::Key_Home);
    EXPECT_THAT(selection.ids(), ElementsAre(6));
    EXPECT_THAT(panel.trajectories(), testing::SizeIs(1));
}

TEST_F(TrajectoryPanelTest, AllSelectedRunsGoTogether)
{
    selection.set({0, 4, 8}, 4);
    slider().setValue(2);
    EXPECT_THAT(selection.ids(), ElementsAre(2, 5, 8));
    EXPECT_EQ(selection.current(), 5U);
    slider().setValue(0);
    EXPECT_THAT(selection.ids(), ElementsAre(0, 3, 6));
}

TEST_F(TrajectoryPanelTest, AClickOnTheCurvesGoesThere)
{
    selection.select(0);
    QTest::mouseClick(&plot(), Qt::LeftButton, {}, plot().pixelOf(2, 0.5).toPoint());
    EXPECT_THAT(selection.ids(), ElementsAre(2));
    EXPECT_EQ(plot().curves().title, "Accuracy");
    EXPECT_EQ(plot().curves().high, 1.0);
    panel.setField("property:step");
    EXPECT_EQ(plot().curves().title, "Accuracy") << "the step over the step tells nothing";
}

TEST_F(TrajectoryPanelTest, PlaysFromHereToTheEndAndStops)
{
    selection.select(6);
    auto* button = panel.findChild<QToolButton*>();
    QTest::mouseClick(button, Qt::LeftButton);
    EXPECT_TRUE(panel.playing());
    ASSERT_TRUE(test::waitFor([&] { return !panel.playing(); }));
    EXPECT_THAT(selection.ids(), ElementsAre(8));
    QTest::mouseClick(button, Qt::LeftButton);
    EXPECT_THAT(selection.ids(), ElementsAre(6)) << "from the beginning again";
    QTest::mouseClick(button, Qt::LeftButton);
    EXPECT_FALSE(panel.playing());
    QTest::mouseClick(button, Qt::LeftButton);
    selection.clear();
    EXPECT_FALSE(panel.playing()) << "there is nothing to play";
}

TEST_F(TrajectoryPanelTest, SaysWhenTheTrajectoriesAreOthers)
{
    QSignalSpy changed(&panel, &TrajectoryPanel::changed);
    selection.select(0);
    EXPECT_EQ(changed.count(), 1);
    slider().setValue(2);
    EXPECT_EQ(changed.count(), 1) << "the same runs";
    filter.setNetworks(nullptr);
    EXPECT_THAT(panel.trajectories(), IsEmpty());
    EXPECT_TRUE(panel.findChild<QLabel*>("mutedText")->isVisible());
}

} // namespace
} // namespace rnnscope::ui
