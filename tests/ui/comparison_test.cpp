#include "tests/ui/sample_zoo.h"
#include "ui/panels/comparison_view.h"
#include "ui/panels/probing_view.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/image_view.h"

#include <QComboBox>
#include <QLabel>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::ui;
using rnnscope::test::sampleTraces;
using zoo::TaskFamily;

/// Both steps are asked the same; the second network answers otherwise at step 1, and is asked otherwise from
/// `otherFrom` on.
std::vector<NamedTraces> twoNetworks(std::size_t otherFrom = 99)
{
    constexpr float kFar = 50.0F; // as good as certain
    engine::Traces a {.steps = 2, .parallel = 1, .inputSize = 3, .outputSize = 3, .inputs = {}, .outputs = {}};
    a.inputs = {1, 0, 0, /**/ 0, 1, 0};
    a.outputs = {kFar, 0, 0, /**/ kFar, 0, 0};
    engine::Traces b = a;
    b.outputs = {kFar, 0, 0, /**/ 0, 0, kFar};
    for (std::size_t step = otherFrom; step < 2; ++step)
        b.inputs[step * 3 + 2] = 0.5F;
    return {{"one", std::make_shared<engine::Traces>(a)}, {"two", std::make_shared<engine::Traces>(b)}};
}

std::vector<NamedTraces> networks(std::size_t count, const std::shared_ptr<const engine::Traces>& traces)
{
    std::vector<NamedTraces> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back({QString("network %1").arg(i), traces});
    return all;
}

TEST(ComparisonPlots, TheDifferenceIsTheFirstOnesProbabilitiesMinusTheSecondOnes)
{
    const auto plots = makeComparison(TaskFamily::FormalLanguage, true, twoNetworks(), 0);
    ASSERT_TRUE(plots.difference);
    EXPECT_THAT(plots.difference->values, testing::Pointwise(testing::FloatNear(1e-6F), {0, 1, 0, 0, 0, -1}));
    EXPECT_EQ(plots.difference->low, -plots.difference->high) << "white is no difference";
    EXPECT_EQ(plots.difference->map, ColourMap::Diverging);
    ASSERT_TRUE(plots.distance);
    EXPECT_NEAR(plots.distance->mean, 0.5, 1e-6);
    EXPECT_NEAR(plots.distance->largest, 1.0, 1e-6);
    EXPECT_EQ(plots.distance->step, 1U);
    EXPECT_EQ(comparisonText(plots), "Mean total variation 0.500, most at step 1 (1.000)");
}

TEST(ComparisonPlots, WhatAllAreAskedIsShownOnce)
{
    const auto plots = makeComparison(TaskFamily::FormalLanguage, true, twoNetworks(), 0);
    ASSERT_EQ(plots.inputs.size(), 1U);
    EXPECT_EQ(plots.inputs[0].title, "Probe input");
    EXPECT_FALSE(plots.apartFrom);
    EXPECT_EQ(plots.outputs[1].title, "two");
    const auto same = makeComparison(TaskFamily::FormalLanguage, true, networks(2, sampleTraces(9, 1, 6, 6)), 0);
    EXPECT_EQ(comparisonText(same), "The answers are the same");
}

TEST(ComparisonPlots, ProbesThatDifferAreShownForEachAndItIsSaidFromWhere)
{
    const auto plots = makeComparison(TaskFamily::FormalLanguage, true, twoNetworks(1), 0);
    ASSERT_EQ(plots.inputs.size(), 2U);
    EXPECT_EQ(plots.inputs[1].title, "two");
    EXPECT_EQ(plots.apartFrom, 1U);
    EXPECT_TRUE(comparisonText(plots).endsWith("probes differ from step 1 on"));
    EXPECT_EQ(makeComparison(TaskFamily::FormalLanguage, true, twoNetworks(0), 0).apartFrom, 0U);
}

TEST(ComparisonPlots, AllAnswersHaveOneScaleAndMoreThanTwoNoDifference)
{
    const auto plots = makeComparison(TaskFamily::FormalLanguage, true, networks(4, sampleTraces(9, 2, 6, 6)), 1);
    ASSERT_EQ(plots.outputs.size(), 4U);
    for (const HeatMap& each : plots.outputs) {
        EXPECT_EQ(each.low, 0.0);
        EXPECT_EQ(each.high, 1.0);
        EXPECT_EQ(each.map, ColourMap::Viridis);
    }
    EXPECT_FALSE(plots.difference);
    EXPECT_EQ(comparisonText(plots), "");
}

struct Compared : testing::Test
{
    ProbingView view;
    const ComparisonView& shown = *view.comparison();

    Compared()
    {
        view.resize(640, 260);
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    }

    void show(TaskFamily family, std::vector<NamedTraces> all, const QString& note = {})
    {
        view.showTraces(family, true, std::move(all), note);
        QCoreApplication::processEvents();
    }
    int visible() const
    {
        int count = 0;
        for (const auto* plot : shown.findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
            count += plot->isVisible() ? 1 : 0;
        return count;
    }
};

TEST_F(Compared, OneCursorMovesThroughQuestionsAnswersAndDifference)
{
    show(TaskFamily::FormalLanguage, twoNetworks(1));
    EXPECT_EQ(visible(), 5);
    auto& second = *shown.outputs()[1];
    const QSignalSpy moved(&view, &ProbingView::cursorMoved);
    QTest::mouseClick(&second, Qt::LeftButton, Qt::NoModifier, second.cellRect(1, 1).center().toPoint());
    ASSERT_FALSE(moved.isEmpty());
    EXPECT_EQ(moved.back()[0].toInt(), 1);
    for (const auto* plot : {shown.inputs()[0], shown.inputs()[1], shown.outputs()[0], shown.difference()})
        EXPECT_EQ(plot->cursor(), 1);
    QTest::keyClick(shown.difference(), Qt::Key_Left);
    EXPECT_EQ(shown.outputs()[0]->cursor(), 0);
    view.moveCursor(1); // as from the hidden states
    EXPECT_EQ(shown.inputs()[1]->cursor(), 1);
}

TEST_F(Compared, QuestionsStandAboveTheirAnswersStepForStep)
{
    show(TaskFamily::FormalLanguage, twoNetworks(1));
    for (std::size_t i = 0; i < 2; ++i) {
        const auto* asked = shown.inputs()[i];
        const auto* said = shown.outputs()[i];
        EXPECT_LT(asked->geometry().bottom(), said->geometry().top() + 1);
        EXPECT_EQ(asked->mapTo(&view, asked->cellRect(0, 1).topLeft()).x(),
                  said->mapTo(&view, said->cellRect(0, 1).topLeft()).x());
    }
}

TEST_F(Compared, FourNetworksFitBesideEachOtherAndNothingIsLeftOfThem)
{
    show(TaskFamily::FormalLanguage, networks(4, sampleTraces(22, 1, 6, 6)), "4 of the 9 selected networks");
    EXPECT_EQ(visible(), 5) << "the probe and four answers";
    EXPECT_EQ(view.width(), 640) << "they must not widen the window";
    EXPECT_EQ(view.findChild<QLabel*>("comparisonSummary")->text(), "4 of the 9 selected networks");
    EXPECT_GT(shown.outputs()[3]->height(), 180) << "nothing else takes their room";
    show(TaskFamily::FormalLanguage, twoNetworks());
    EXPECT_EQ(visible(), 4);
    shown.outputs()[0]->setCursor(1);
    EXPECT_EQ(shown.cursor(), 1) << "plots that are hidden hold nothing back";
    view.showTrace(TaskFamily::FormalLanguage, true, sampleTraces(22, 1, 6, 6));
    EXPECT_FALSE(shown.isVisible());
    EXPECT_TRUE(view.output()->isVisible());
    EXPECT_FALSE(view.findChild<QLabel*>("comparisonSummary")->isVisible());
}

TEST_F(Compared, DigitsHavePicturesAndClassProbabilities)
{
    auto other = std::make_shared<engine::Traces>(*sampleTraces(50, 1, 16, 10));
    other->inputs[20 * 16] = 0.0F;
    show(TaskFamily::SequentialMnist, {{"one", sampleTraces(50, 1, 16, 10)}, {"two", other}});
    ASSERT_EQ(shown.data().images.size(), 2U);
    EXPECT_EQ(visible(), 5);
    EXPECT_TRUE(shown.images()[1]->isVisible());
    shown.images()[1]->setCursor(30);
    EXPECT_EQ(shown.outputs()[0]->cursor(), 30);
    EXPECT_EQ(shown.data().outputs[0].rows.size(), 10);
}

TEST_F(Compared, TheSequenceIsChosenForAll)
{
    show(TaskFamily::FormalLanguage, networks(2, sampleTraces(12, 4, 6, 6)));
    const auto before = shown.outputs()[1]->data().footer;
    auto* chooser = view.findChild<QComboBox*>("sequenceChooser");
    ASSERT_TRUE(chooser->isVisible());
    QTest::keyClick(chooser, Qt::Key_Down);
    EXPECT_NE(shown.outputs()[1]->data().footer, before);
    EXPECT_EQ(shown.outputs()[0]->data().footer, shown.outputs()[1]->data().footer);
}

TEST_F(Compared, IsDrawnForAFigure)
{
    show(TaskFamily::FormalLanguage, twoNetworks(1));
    QImage page(640, 300, QImage::Format_RGB32);
    QPainter painter(&page);
    view.render(painter, page.size(), true);
    EXPECT_EQ(page.pixel(2, 2), 0xffffffffU);
    EXPECT_NE(page.copy(430, 40, 200, 250), QImage(page.copy(430, 40, 200, 250)).scaled(1, 1).scaled(200, 250))
        << "the difference is there";
}

} // namespace
