#include "tests/ui/sample_zoo.h"
#include "ui/panels/probing_view.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/image_view.h"

#include <QComboBox>
#include <QTest>

#include <gtest/gtest.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::ui;
using rnnscope::test::sampleTraces;
using zoo::TaskFamily;

TEST(ProbingPlots, LanguagesHaveLettersBeginAndEnd)
{
    EXPECT_EQ(rowLabels(TaskFamily::FormalLanguage, 6), QStringList({"a", "b", "c", "d", "⊢", "⊣"}));
    EXPECT_EQ(rowLabels(TaskFamily::SequentialMnist, 3), QStringList({"0", "1", "2"}));
}

TEST(ProbingPlots, RowsAreTokensAndColumnsAreSteps)
{
    const auto traces = sampleTraces(12, 1, 6, 6);
    const ProbingPlots plots = makeProbingPlots(TaskFamily::FormalLanguage, true, *traces, 0);
    ASSERT_EQ(plots.input.columns, 12U);
    ASSERT_EQ(plots.input.rows.size(), 6);
    EXPECT_FLOAT_EQ(plots.input.value(1, 2), 0.9F); // steps 2 and 3 ask for b
    EXPECT_EQ(plots.input.footer.join(""), "aabbccdd⊢⊢⊣⊣");
    EXPECT_NEAR(plots.output.value(0, 0), std::exp(3.0F) / (std::exp(3.0F) + 5), 1e-5);
    EXPECT_TRUE(plots.image.image.isNull());
}

TEST(ProbingPlots, ParallelSequencesAreKeptApart)
{
    const auto traces = sampleTraces(12, 3, 6, 6);
    const ProbingPlots plots = makeProbingPlots(TaskFamily::FormalLanguage, true, *traces, 2);
    EXPECT_EQ(plots.output.footer.join(""), "ccdd⊢⊢⊣⊣aabb");
}

TEST(ProbingPlots, MnistProbesBecomeAnImage)
{
    const ProbingPlots plots = makeProbingPlots(TaskFamily::SequentialMnist, false, *sampleTraces(50, 1, 16, 10), 0);
    EXPECT_EQ(plots.image.image.size(), QSize(28, 28));
    EXPECT_EQ(plots.output.rows.size(), 10);
    EXPECT_EQ(plots.output.columns, 50U);
}

struct View : testing::Test
{
    ProbingView view;

    View()
    {
        view.resize(900, 260);
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    }
};

TEST_F(View, OneCursorMovesThroughAllPlots)
{
    view.showTrace(TaskFamily::FormalLanguage, true, sampleTraces(22, 1, 6, 6));
    QCoreApplication::processEvents();
    QTest::mouseClick(view.input(), Qt::LeftButton, Qt::NoModifier, view.input()->cellRect(2, 9).center().toPoint());
    EXPECT_EQ(view.output()->cursor(), 9);
    view.output()->setCursor(4);
    EXPECT_EQ(view.input()->cursor(), 4);
    view.showTrace(TaskFamily::SequentialMnist, false, sampleTraces(50, 1, 16, 10));
    view.output()->setCursor(30);
    EXPECT_EQ(view.image()->cursor(), 30);
}

TEST_F(View, AChooserAppearsForParallelSequences)
{
    auto* chooser = view.findChild<QComboBox*>();
    view.showTrace(TaskFamily::FormalLanguage, true, sampleTraces(12, 1, 6, 6));
    EXPECT_FALSE(chooser->isVisible());
    view.showTrace(TaskFamily::FormalLanguage, true, sampleTraces(12, 4, 6, 6));
    ASSERT_TRUE(chooser->isVisible());
    EXPECT_EQ(chooser->itemText(0), "sequence 1 of 4");
    const QStringList first = view.output()->data().footer;
    chooser->setCurrentIndex(3);
    EXPECT_NE(view.output()->data().footer, first);
}

TEST_F(View, MessagesTakeThePlaceOfPlots)
{
    EXPECT_TRUE(view.message().startsWith("Click a point"));
    view.showTrace(TaskFamily::Custom, false, sampleTraces(5, 1, 3, 2));
    EXPECT_TRUE(view.message().isEmpty());
    EXPECT_TRUE(view.output()->isVisible());
    view.showMessage("no probes");
    EXPECT_FALSE(view.output()->isVisible());
    EXPECT_EQ(view.message(), "no probes");
}

} // namespace
