#include "qt_test.h"
#include "sample_zoo.h"
#include "ui/models/filter.h"
#include "ui/panels/expression_field.h"
#include "ui/panels/filter_panel.h"
#include "ui/plots/category_bars.h"
#include "ui/plots/histogram_brush.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

#include <gmock/gmock.h>
#include <limits>

namespace rnnscope::ui {
namespace {

/// 18 networks: 6 runs of 3 snapshots, steps 1000, 11000, 21000.
class FilterTest : public testing::Test
{
protected:
    FilterTest() { filter.setNetworks(networks); }

    std::shared_ptr<EmbeddedZoo> networks = test::sampleZoo();
    Filter filter;
};

TEST_F(FilterTest, ConditionsCombine)
{
    EXPECT_FALSE(filter.active());
    EXPECT_EQ(filter.shownCount(), 18U);
    filter.setInterval("property:step", Filter::Interval {1000, 11000});
    EXPECT_EQ(filter.shownCount(), 12U);
    filter.setHidden("split", {"training"});
    EXPECT_EQ(filter.shownCount(), 6U);
    ASSERT_TRUE(filter.setExpression("run < 3"));
    EXPECT_EQ(filter.shownCount(), 3U);
    EXPECT_EQ(filter.shown(), (std::vector<std::uint8_t> {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_TRUE(filter.active());
    filter.clear();
    EXPECT_EQ(filter.shownCount(), 18U);
}

TEST_F(FilterTest, TellsWhatTheOtherConditionsShow)
{
    filter.setInterval("property:step", Filter::Interval {1000, 1000});
    filter.setInterval("property:run", Filter::Interval {0, 1});
    const auto others = filter.shownBut("property:step");
    EXPECT_EQ(std::count(others.begin(), others.end(), 1), 6) << "two runs, all steps";
    EXPECT_EQ(filter.shownBut("trust"), filter.shown());
}

TEST_F(FilterTest, NetworksOfUnknownValueAreNotInAnInterval)
{
    networks = test::sampleZoo();
    auto zoo = std::make_shared<zoo::Zoo>(*networks->zoo);
    for (auto& property : zoo->properties)
        if (property.name == "accuracy")
            property.values[2] = std::nan("");
    networks->zoo = zoo;
    filter.setNetworks(networks);
    filter.setInterval("property:accuracy", Filter::Interval {-1e9, 1e9});
    EXPECT_EQ(filter.shownCount(), 17U);
    EXPECT_FALSE(filter.shows(2));
}

TEST_F(FilterTest, KeepsItsStateForAnotherMap)
{
    filter.setInterval("property:step", Filter::Interval {1000, 1000});
    ASSERT_TRUE(filter.setExpression("accuracy > 0.1"));
    const auto state = filter.state();
    auto other = test::sampleZoo(2, 3);
    auto zoo = std::make_shared<zoo::Zoo>(*other->zoo);
    std::erase_if(zoo->properties, [](const zoo::Property& each) { return each.name == "accuracy"; });
    other->zoo = zoo;
    filter.setNetworks(other);
    EXPECT_EQ(filter.state(), state);
    EXPECT_EQ(filter.shownCount(), 2U) << "what this map does not know rests";
    filter.setNetworks(nullptr);
    EXPECT_EQ(filter.count(), 0U);
    filter.setNetworks(networks);
    EXPECT_EQ(filter.state(), state);
    EXPECT_LT(filter.shownCount(), 7U);
}

TEST_F(FilterTest, AWrongExpressionChangesNothing)
{
    ASSERT_TRUE(filter.setExpression("step > 1000"));
    QSignalSpy changed(&filter, &Filter::changed);
    const auto wrong = filter.setExpression("stp > 1000");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, testing::HasSubstr("did you mean step?"));
    EXPECT_EQ(changed.count(), 0);
    EXPECT_EQ(filter.shownCount(), 12U);
}

TEST_F(FilterTest, SettingWhatIsSetSaysNothing)
{
    filter.setInterval("property:step", Filter::Interval {1000, 1000});
    QSignalSpy changed(&filter, &Filter::changed);
    filter.setInterval("property:step", Filter::Interval {1000, 1000});
    filter.setHidden("split", {});
    EXPECT_EQ(changed.count(), 0);
}

TEST(Binning, FewValuesHaveABinEach)
{
    const auto bins = binned(std::vector<double> {3, 1, std::nan(""), 1, 20000}, 5);
    EXPECT_TRUE(bins.single);
    EXPECT_THAT(bins.low, testing::ElementsAre(1, 3, 20000));
    EXPECT_THAT(bins.binOf, testing::ElementsAre(1, 0, Binning::kNone, 0, 2));
    EXPECT_THAT(bins.counts(std::vector<std::uint8_t> {1, 1, 1, 0, 1}), testing::ElementsAre(1, 1, 1));
}

TEST(Binning, ManyValuesFallIntoBinsOfEqualWidthAndNoneIsLost)
{
    std::vector<double> values;
    for (int i = 0; i <= 1000; ++i)
        values.push_back(-2.0 + 0.007 * i);
    const auto bins = binned(values, 10);
    ASSERT_EQ(bins.bins(), 10U);
    for (std::size_t row = 0; row < values.size(); ++row) {
        ASSERT_LT(bins.binOf[row], 10U);
        EXPECT_GE(values[row], bins.low[bins.binOf[row]]);
        EXPECT_LE(values[row], bins.high[bins.binOf[row]]);
    }
    for (std::size_t bin = 1; bin < 10; ++bin)
        EXPECT_LT(bins.high[bin - 1], bins.low[bin]);
}

TEST(Binning, NothingToSortIsNoBin)
{
    EXPECT_EQ(binned(std::vector<double> {}, 5).bins(), 0U);
    EXPECT_EQ(binned(std::vector<double>(3, std::nan("")), 5).bins(), 0U);
    std::vector<double> huge;
    for (int i = 0; i < 30; ++i)
        huge.push_back((i - 15) * 1e307);
    const auto bins = binned(huge, 10);
    EXPECT_EQ(bins.bins(), 10U);
    EXPECT_EQ(bins.binOf.back(), 9U);
}

class FilterPanelTest : public FilterTest
{
protected:
    FilterPanelTest()
    {
        panel.resize(250, 600);
        panel.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&panel));
    }
    template <typename T>
    T* find(const char* name) const
    {
        auto* found = panel.findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }
    static QPoint middle(const QRectF& rect) { return rect.center().toPoint(); }
    static void drag(QWidget* widget, const QPoint& from, const QPoint& to)
    {
        QTest::mousePress(widget, Qt::LeftButton, {}, from);
        QTest::mouseMove(widget, (from + to) / 2);
        QTest::mouseMove(widget, to);
        QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
    }

    FilterPanel panel {filter};
};

TEST_F(FilterPanelTest, DraggingOverAHistogramFilters)
{
    auto* steps = find<HistogramBrush>("property:step");
    ASSERT_EQ(steps->bins().bins(), 3U);
    drag(steps, middle(steps->barRect(1)), middle(steps->barRect(2)));
    EXPECT_EQ(filter.state().intervals.at("property:step"), (Filter::Interval {11000, 21000}));
    EXPECT_EQ(filter.shownCount(), 12U);
    EXPECT_EQ(find<QLabel>("shownCount")->text(), "12 of 18 shown");
    EXPECT_EQ(steps->accessibleDescription(), QStringLiteral("11\u2009000 \u2013 21\u2009000"));

    const auto low = steps->barRect(1);
    drag(steps, {qRound(low.left()), middle(low).y()}, middle(steps->barRect(2)));
    EXPECT_EQ(filter.shownCount(), 6U) << "the lower edge was pulled up";
    drag(steps, middle(steps->barRect(2)), middle(steps->barRect(0)));
    EXPECT_EQ(filter.state().intervals.at("property:step"), (Filter::Interval {1000, 1000})) << "the middle was moved";
    QTest::mouseDClick(steps, Qt::LeftButton, {}, middle(steps->barRect(1)));
    EXPECT_FALSE(filter.active());
}

TEST_F(FilterPanelTest, AClickChoosesOneOfFewValuesAndAClickBesideAllAgain)
{
    auto* steps = find<HistogramBrush>("property:step");
    QTest::mouseClick(steps, Qt::LeftButton, {}, middle(steps->barRect(1)));
    EXPECT_EQ(filter.shownCount(), 6U);
    QTest::mouseClick(steps, Qt::LeftButton, {}, middle(steps->barRect(0)));
    EXPECT_EQ(filter.shownCount(), 18U);
}

TEST_F(FilterPanelTest, KeysMoveTheInterval)
{
    auto* steps = find<HistogramBrush>("property:step");
    steps->setFocus();
    QTest::keyClick(steps, Qt::Key_Left, Qt::ShiftModifier);
    EXPECT_EQ(filter.state().intervals.at("property:step"), (Filter::Interval {1000, 11000}));
    QTest::keyClick(steps, Qt::Key_Right);
    EXPECT_EQ(filter.state().intervals.at("property:step"), (Filter::Interval {11000, 21000}));
    QTest::keyClick(steps, Qt::Key_Escape);
    EXPECT_FALSE(filter.active());
}

TEST_F(FilterPanelTest, ClickingACategoryHidesIt)
{
    auto* splits = find<CategoryBars>("split");
    QTest::mouseClick(splits, Qt::LeftButton, {}, middle(splits->lineRect(0)));
    EXPECT_EQ(filter.state().hidden.at("split"), QStringList {"training"});
    EXPECT_EQ(filter.shownCount(), 9U);
    splits->setFocus();
    QTest::keyClick(splits, Qt::Key_Space);
    EXPECT_FALSE(filter.active());
    QTest::mouseDClick(splits, Qt::LeftButton, {}, middle(splits->lineRect(0)));
    EXPECT_FALSE(filter.state().hidden.at("split").contains("training")) << "shown alone";
    EXPECT_EQ(filter.shownCount(), 9U);
    QTest::mouseClick(find<QPushButton>("link"), Qt::LeftButton);
    EXPECT_EQ(filter.shownCount(), 18U);
    EXPECT_FALSE(find<QPushButton>("link")->isVisible());
}

TEST_F(FilterPanelTest, FollowsTheFilter)
{
    filter.setInterval("property:step", Filter::Interval {1000, 1000});
    auto* steps = find<HistogramBrush>("property:step");
    ASSERT_TRUE(steps->interval());
    EXPECT_EQ(steps->interval()->second, 0U);
    filter.setNetworks(nullptr);
    EXPECT_EQ(panel.findChild<HistogramBrush*>(), nullptr);
    EXPECT_TRUE(find<QLabel>("mutedText")->isVisible());
}

TEST_F(FilterTest, AnExpressionIsTypedAndItsMistakesExplained)
{
    ExpressionField field(filter);
    field.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&field));
    QTest::keyClicks(&field, "step > 1000");
    QTest::keyClick(&field, Qt::Key_Return);
    EXPECT_EQ(filter.shownCount(), 12U);
    QTest::keyClicks(&field, " ant");
    QTest::keyClick(&field, Qt::Key_Return);
    EXPECT_TRUE(field.problem().contains("before ant")) << field.problem().toStdString();
    EXPECT_EQ(filter.shownCount(), 12U);
    QTest::keyClick(&field, Qt::Key_Escape);
    EXPECT_TRUE(field.text().isEmpty());
    EXPECT_TRUE(field.problem().isEmpty());
    EXPECT_FALSE(filter.active());
    ASSERT_TRUE(filter.setExpression("run == 0"));
    EXPECT_EQ(field.text(), "run == 0");
}

} // namespace
} // namespace rnnscope::ui
