#include "tests/ui/sample_zoo.h"
#include "ui/models/labels.h"
#include "ui/panels/network_rows.h"
#include "ui/panels/network_view.h"
#include "ui/panels/property_text.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QTextBrowser>

#include <gtest/gtest.h>

#include <array>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::ui;
using rnnscope::test::sampleZoo;

SelectionFacts describe(const EmbeddedZoo& embedded, const std::vector<std::size_t>& ids)
{
    PropertyBins bins;
    return describeSelection(embedded, ids, bins);
}

const PropertyRow& rowOf(const NetworkFacts& facts, const QString& title)
{
    static const PropertyRow kNone;
    for (const PropertyRow& row : facts.rows)
        if (row.title == title)
            return row;
    ADD_FAILURE() << "no row " << title.toStdString();
    return kNone;
}

const SpreadRow& spreadOf(const SelectionFacts& facts, const QString& title)
{
    static const SpreadRow kNone;
    for (const SpreadRow& row : facts.rows)
        if (row.title == title)
            return row;
    ADD_FAILURE() << "no row " << title.toStdString();
    return kNone;
}

TEST(NetworkText, LanguagesHaveRealSuperscripts)
{
    constexpr std::array<double, 4> kTask {0, 1, -2, 2};
    EXPECT_EQ(languageHtml(kTask), "a<sup>n</sup>b<sup>n+1</sup>c<sup>n−2</sup>d<sup>n+2</sup>");
}

TEST(NetworkText, NamesNetworksByRunAndStepOrByRow)
{
    const auto sample = sampleZoo();
    EXPECT_EQ(networkName(*sample->zoo, 16), QString("run 5 · step 11\u2009000"));
    EXPECT_EQ(networkName(zoo::Zoo {}, 17), "network 17");
}

TEST(NetworkText, TitlesHaveTheUnit)
{
    zoo::Zoo zoo;
    EXPECT_EQ(propertyTitle(zoo, "generalization_gap", "nat"), "Generalization gap, nat");
    EXPECT_EQ(propertyTitle(zoo, "accuracy", "1"), "Accuracy");
    zoo.family = zoo::TaskFamily::SequentialMnist;
    EXPECT_EQ(propertyTitle(zoo, "task", "deg"), "Rotation, deg");
}

TEST(NetworkFacts, JudgePredictions)
{
    const auto sample = sampleZoo();
    const NetworkFacts right = describeNetwork(*sample, 0);
    EXPECT_EQ(rowOf(right, "Task").verdict, Verdict::Right);
    EXPECT_EQ(rowOf(right, "Task").note, "92 %"); // 0.98 to the fourth
    EXPECT_EQ(rowOf(describeNetwork(*sample, 1), "Task").verdict, Verdict::Wrong);
    EXPECT_EQ(rowOf(right, "Accuracy").note, "Δ 0.011");
    EXPECT_EQ(rowOf(right, "Accuracy").verdict, Verdict::None);
}

TEST(NetworkFacts, AnglesAreComparedTheShortWayRound)
{
    auto sample = sampleZoo();
    auto zoo = std::make_shared<zoo::Zoo>(*sample->zoo);
    zoo->properties.push_back({.name = "angle",
                               .kind = zoo::PropertyKind::Circular,
                               .unit = "deg",
                               .description = {},
                               .period = 360,
                               .values = std::vector<double>(zoo->size, 358.0),
                               .labels = {}});
    sample->zoo = zoo;
    sample->predictions.push_back({.property = "angle",
                                   .kind = zoo::PropertyKind::Circular,
                                   .unit = "deg",
                                   .period = 360,
                                   .values = std::vector<double>(zoo->size, 3.0),
                                   .classes = {},
                                   .labels = {},
                                   .probabilities = {},
                                   .lower = {},
                                   .upper = {},
                                   .inSet = {}});
    EXPECT_EQ(rowOf(describeNetwork(*sample, 0), "Angle, deg").note, "Δ 5.0");
    const SelectionFacts both = describe(*sample, {0, 1});
    EXPECT_EQ(spreadOf(both, "Angle, deg").mean, "358");
}

TEST(NetworkFacts, SayWhatTheZooLacksAndWhatNoHeadPredicts)
{
    const auto sample = sampleZoo();
    const NetworkFacts facts = describeNetwork(*sample, 0);
    EXPECT_TRUE(rowOf(facts, "Evaluation loss, nat").actual.isEmpty());
    EXPECT_FALSE(rowOf(facts, "Evaluation loss, nat").predicted.isEmpty());
    EXPECT_TRUE(rowOf(facts, "Training step").predicted.isEmpty());
    EXPECT_TRUE(rowOf(facts, "Generalization gap, nat").actual.isEmpty());
}

TEST(NetworkFacts, FindTheNearestNetworksNearestFirst)
{
    const auto sample = sampleZoo();
    const auto nearest = nearestNetworks(*sample, 0, 5);
    ASSERT_EQ(nearest.size(), 5U);
    EXPECT_EQ(nearest[0].row, 1U); // 0.2 rad away
    EXPECT_NEAR(nearest[0].distance, 1 - std::cos(0.2), 1e-6);
    EXPECT_EQ(nearest[1].row, 2U);
    EXPECT_TRUE(std::is_sorted(nearest.begin(), nearest.end(),
                               [](const Neighbour& a, const Neighbour& b) { return a.distance < b.distance; }));
    EXPECT_TRUE(nearestNetworks(*sample, 4, 5).empty());
    for (const Neighbour& neighbour : nearestNetworks(*sample, 3, 100))
        EXPECT_NE(neighbour.row, 4U);
}

TEST(NetworkView, ShowsAHintUntilANetworkIsSelected)
{
    NetworkView view;
    EXPECT_TRUE(view.plainText().startsWith("Click a point on the map"));
    view.showNetworks(sampleZoo(), {3}, 3);
    EXPECT_TRUE(view.plainText().startsWith(QString("run 1 · step 1\u2009000")));
    EXPECT_TRUE(view.plainText().contains("not recorded in this zoo"));
    view.showNetworks(sampleZoo(), {}, {});
    EXPECT_TRUE(view.plainText().startsWith("Click a point on the map"));
}

TEST(NetworkView, SaysWhyAFailedNetworkHasNoEmbedding)
{
    NetworkView view;
    view.showNetworks(sampleZoo(), {4}, 4);
    EXPECT_TRUE(view.plainText().contains("its weights are not finite: no embedding"));
}

TEST(NetworkView, SaysHowTheNetworkWasUsedInTraining)
{
    NetworkView view;
    auto sample = sampleZoo();
    view.showNetworks(sample, {0}, 0);
    EXPECT_TRUE(view.plainText().contains("held out"));
    view.showNetworks(sample, {1}, 1);
    EXPECT_TRUE(view.plainText().contains("in training"));
    auto checkpoint = std::make_shared<zoo::Checkpoint>();
    checkpoint->provenance = R"({"split": "run"})";
    sample->checkpoint = checkpoint;
    view.showNetworks(sample, {1}, 1);
    EXPECT_TRUE(view.plainText().contains("in training (split by run)"));
    sample->splits.clear();
    view.showNetworks(sample, {1}, 1);
    EXPECT_TRUE(view.plainText().contains("unknown split"));
}

TEST(NetworkView, SeveralNetworksGiveMeanAndSpread)
{
    const auto sample = sampleZoo();
    const SelectionFacts facts = describe(*sample, {0, 1, 2, 4});
    EXPECT_EQ(facts.count, 4U);
    EXPECT_EQ(facts.failed, 1U);
    EXPECT_EQ(facts.heldOut, 3U);
    EXPECT_EQ(spreadOf(facts, "Training step").mean, QString("11\u2009000"));
    EXPECT_EQ(spreadOf(facts, "Training step").deviation, QString("8\u2009165"));
    EXPECT_EQ(spreadOf(facts, "Task").mean, "2 different");
    NetworkView view;
    view.showNetworks(sample, {0, 1, 2, 4}, 0);
    EXPECT_TRUE(view.plainText().startsWith("4 networks selected"));
}

TEST(NetworkView, WhatIsTheSameForAllHasNoSpread)
{
    const auto sample = sampleZoo();
    auto same = std::make_shared<zoo::Zoo>(*sample->zoo);
    for (auto& property : same->properties)
        if (property.name == "accuracy")
            property.values.assign(property.values.size(), 0.1); // thirteen of them add up to a little more than 1.3
    sample->zoo = same;
    const SelectionFacts facts = describe(*sample, {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13});
    EXPECT_EQ(spreadOf(facts, "Accuracy").mean, "0.100");
    EXPECT_EQ(spreadOf(facts, "Accuracy").deviation, "0");
}

TEST(NetworkView, TheSelectedAreSeenBeforeAllNetworks)
{
    const auto sample = sampleZoo();
    const auto facts = describe(*sample, {0, 3, 4}); // steps 1 000, 1 000 and 11 000 of three
    const auto& steps = spreadOf(facts, "Training step");
    ASSERT_TRUE(steps.histogram);
    EXPECT_THAT(steps.histogram->all, testing::ElementsAre(1.0, 1.0, 1.0));
    EXPECT_THAT(steps.histogram->selected, testing::ElementsAre(1.0, 0.5, 0.0)) << "to their own highest";
    EXPECT_FALSE(steps.histogram->classes);
    const auto& tasks = spreadOf(facts, "Task"); // six of them, one a run
    EXPECT_EQ(tasks.mean, "2 different");
    EXPECT_EQ(spreadOf(describe(*sample, {0, 1}), "Task").mean, "all alike");
    ASSERT_TRUE(tasks.histogram);
    EXPECT_TRUE(tasks.histogram->classes);
    EXPECT_THAT(tasks.histogram->selected, testing::ElementsAre(0.5, 1.0, 0.0, 0.0, 0.0, 0.0));
    EXPECT_FALSE(spreadOf(facts, "Evaluation loss, nat").histogram) << "the zoo has not recorded it";
}

TEST(NetworkView, HistogramsAreDrawnInTheAccentOverGrey)
{
    const HistogramMark mark {{1.0, 0.5, 0.0, 0.2}, {0.0, 1.0, 0.0, 0.0}, false};
    const auto name = toName(mark);
    ASSERT_TRUE(histogramOf(name));
    EXPECT_EQ(histogramOf(name)->all, mark.all);
    EXPECT_EQ(histogramOf(name)->selected, mark.selected);
    EXPECT_FALSE(histogramOf("interval:0,1,0.5,-"));
    QImage page(84, 22, QImage::Format_RGB32);
    page.fill(Qt::white);
    QPainter painter(&page);
    paintHistogram(painter, mark, page.rect(), lightTheme());
    painter.end();
    EXPECT_EQ(page.pixelColor(32, 15), lightTheme().accent);
    EXPECT_NE(page.pixelColor(12, 15), QColor(Qt::white)) << "all networks, in the first bin";
    EXPECT_EQ(page.pixelColor(12, 15).hsvSaturation() < 60, true) << "in grey";
    EXPECT_EQ(page.pixelColor(52, 15), QColor(Qt::white)) << "nothing is there";

    NetworkView view;
    view.resize(330, 500);
    view.showNetworks(sampleZoo(), {0, 3, 5}, 0);
    const auto accents = [&] {
        const auto shot = view.grab().toImage();
        int count = 0;
        for (int y = 0; y < shot.height(); ++y)
            for (int x = 0; x < shot.width(); ++x)
                count += shot.pixelColor(x, y) == currentTheme().accent ? 1 : 0;
        return count;
    };
    EXPECT_GT(accents(), 30);
    view.showNetworks(sampleZoo(), {}, {});
    EXPECT_EQ(accents(), 0);
}

TEST(PropertyBins, SortNumbersClassesAndWholeRows)
{
    auto zoo = std::make_shared<zoo::Zoo>();
    zoo->size = 5;
    const auto add = [&](const char* name, zoo::PropertyKind kind, std::vector<double> values, std::size_t columns) {
        zoo->properties.push_back({.name = name,
                                   .kind = kind,
                                   .description = {},
                                   .columns = columns,
                                   .values = std::move(values),
                                   .labels = {}});
    };
    add("loss", zoo::PropertyKind::Real, {0.5, std::nan(""), 0.5, 2.0, 1.0}, 1);
    add("task", zoo::PropertyKind::Integer, {0, 1, /**/ 0, 2, /**/ 0, 1, /**/ 0, 2, /**/ 3, 3}, 2);
    add("kind", zoo::PropertyKind::Categorical, {1, 0, 1, -1, 7}, 1);
    zoo->properties.back().labels = {"a", "b"};
    PropertyBins bins;
    EXPECT_EQ(bins.of("loss").bins(), 0U) << "of no zoo";
    bins.follow(zoo);
    EXPECT_THAT(countRows(bins.of("loss"), {0, 1, 2, 4}), testing::ElementsAre(2, 1, 0));
    EXPECT_THAT(countRows(bins.of("task"), {0, 1, 3}), testing::ElementsAre(1, 2, 0));
    EXPECT_THAT(countRows(bins.of("kind"), {0, 1, 2, 3, 4}), testing::ElementsAre(1, 2)) << "others are no classes";
    EXPECT_EQ(bins.of("nothing").bins(), 0U);
}

TEST(NetworkView, AClickOnANeighbourGoesThere)
{
    NetworkView view;
    view.showNetworks(sampleZoo(), {0}, 0);
    const QSignalSpy activated(&view, &NetworkView::activated);
    Q_EMIT view.findChild<QTextBrowser*>()->anchorClicked(QUrl("network:2"));
    Q_EMIT view.findChild<QTextBrowser*>()->anchorClicked(QUrl("file:2"));
    ASSERT_EQ(activated.count(), 1);
    EXPECT_EQ(activated[0][0].value<std::size_t>(), 2U);
    EXPECT_TRUE(view.findChild<QTextBrowser*>()->toHtml().contains("href=\"network:1\""));
}

} // namespace
