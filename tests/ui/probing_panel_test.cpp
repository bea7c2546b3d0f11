#include "ui/models/selection.h"
#include "ui/panels/comparison_view.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/probing_view.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QLabel>

namespace rnnscope::ui {
namespace {

class ProbingPanelTest : public WindowCase
{
protected:
    void SetUp() override { drop({files.zoo(), files.checkpoint("probing")}); }

    void click(std::size_t row, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        auto& map = *window.findChild<MapView*>();
        QTest::mouseClick(&map, Qt::LeftButton, modifiers, map.pixelOf(row).toPoint());
        EXPECT_TRUE(test::waitFor([&] { return !session.busy(); }));
    }
    void select(std::vector<std::size_t> rows)
    {
        window.selection().set(std::move(rows));
        EXPECT_TRUE(test::waitFor([&] { return !session.busy(); }));
    }
    ProbingView& view() const { return window.findChild<ProbingPanel*>()->view(); }
    QString summary() const { return find<QLabel>("comparisonSummary")->text(); }
};

TEST_F(ProbingPanelTest, ASecondNetworkStandsBesideTheFirst)
{
    click(2);
    EXPECT_TRUE(view().output()->isVisible());
    const int before = control->traced;
    click(5, Qt::ControlModifier);
    ASSERT_EQ(window.selection().ids(), (std::vector<std::size_t> {2, 5}));
    EXPECT_EQ(control->traced, before + 2);
    ASSERT_TRUE(view().comparison()->isVisible());
    EXPECT_FALSE(view().output()->isVisible());
    const auto& shown = view().comparison()->data();
    ASSERT_EQ(shown.outputs.size(), 2U);
    EXPECT_EQ(shown.outputs[0].title, "run 0 · step 200");
    EXPECT_EQ(shown.inputs.size(), 1U) << "they are asked the same";
    ASSERT_TRUE(shown.difference);
    EXPECT_GT(shown.difference->value(2, 0), 0.0F) << "the network of row 2 gives class 2 more";
    EXPECT_LT(shown.difference->value(5, 0), 0.0F);
    EXPECT_TRUE(summary().startsWith("Mean total variation")) << summary().toStdString();
    click(5, Qt::ControlModifier);
    EXPECT_TRUE(view().output()->isVisible());
    EXPECT_FALSE(view().comparison()->isVisible());
}

TEST_F(ProbingPanelTest, OfManyTheFirstFourAreShownAndItIsSaid)
{
    select({0, 2, 4, 6, 8, 9});
    EXPECT_EQ(view().comparison()->data().outputs.size(), 4U);
    EXPECT_EQ(summary(), "4 of the 6 selected networks");
    select({0, 2, 4, 6, 8});
    EXPECT_EQ(summary(), "4 of the 5 selected networks");
}

TEST_F(ProbingPanelTest, ANetworkWithoutAnswersIsLeftOutAndItIsSaid)
{
    drop({files.zoo({.name = "broken", .notFinite = {1}})});
    select({18, 19, 20});
    EXPECT_EQ(view().comparison()->data().outputs.size(), 2U);
    EXPECT_TRUE(summary().endsWith("1 without answers: weights are not finite")) << summary().toStdString();
    select({2, 19});
    EXPECT_EQ(view().comparison()->data().outputs.size(), 1U);
    EXPECT_TRUE(view().message().isEmpty());
}

} // namespace
} // namespace rnnscope::ui
