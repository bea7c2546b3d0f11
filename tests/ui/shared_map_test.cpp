#include "shared_map_case.h"
#include "ui/models/colour_channel.h"
#include "ui/models/fields.h"
#include "ui/models/merged_zoo.h"
#include "ui/models/selection_keeper.h"

#include <QSignalSpy>

#include <cmath>
#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using testing::ElementsAre;
using SharedMap = SharedMapCase;

TEST_F(SharedMap, ZoosOfDifferentCellsShareTheMapOfAProbingEncoder)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    const auto alone = shown();
    EXPECT_TRUE(alone->members.empty());
    openAndWait({files.zoo(kGru)});
    ASSERT_TRUE(shown());
    ASSERT_EQ(shown()->members.size(), 2U);
    EXPECT_TRUE(shown()->complete);
    EXPECT_EQ(shown()->zoo->size, 27U);
    EXPECT_EQ(shown()->map.rows, 27U);
    EXPECT_EQ(control->encoded, 2) << "the first zoo is not embedded again";
    EXPECT_EQ(session->currentZoo()->name, "gated") << "the one opened last is trained on and evaluated";
    const auto place = placeOf(*shown(), 20);
    EXPECT_EQ(place.embedded.zoo->name, "gated");
    EXPECT_EQ(place.row, 2U);
    EXPECT_EQ(rowOnMap(*shown(), place.embedded.zoo.get(), 2), 20U);
    EXPECT_NEAR(shown()->predictions[0].value(20), 0.25, 1e-6);
    EXPECT_EQ(shown()->embedding(3, 1), alone->embedding(3, 1));
    EXPECT_EQ(session->currentEmbedded()->embedding(2, 1), shown()->embedding(20, 1));
}

TEST_F(SharedMap, AnEncoderOfWeightsSaysWhyItCannotReadTheOther)
{
    openAndWait({files.zoo(), files.checkpoint("statistics", zoo::EncoderKind::LayerwiseStatistics)});
    const auto before = shown();
    openAndWait({files.zoo(kGru)});
    EXPECT_EQ(shown(), before) << "the map stays";
    EXPECT_EQ(session->currentZoo()->name, "languages");
    const auto readable = session->readable(*session->zoos()[1]);
    ASSERT_FALSE(readable);
    EXPECT_THAT(readable.error().message, testing::HasSubstr("GRU"));
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures[0].startsWith("gated is not on the map: this layerwise_statistics encoder"))
        << failures[0].toStdString();
}

TEST_F(SharedMap, ZoosThatNoEncoderReadsTogetherTakeTurnsAsBefore)
{
    const test::ZooSpec digits {.name = "digits", .symbols = 10};
    openAndWait({files.zoo(), files.checkpoint("a"), files.zoo(digits),
                 files.checkpoint("b", zoo::EncoderKind::InteractiveProbing, digits)});
    EXPECT_EQ(shown()->zoo->name, "languages");
    EXPECT_TRUE(shown()->members.empty());
    session->setCurrentZoo(session->zoos()[1]);
    wait();
    EXPECT_EQ(shown()->zoo->name, "digits");
    EXPECT_TRUE(shown()->members.empty());
}

TEST_F(SharedMap, HidingAndShowingEmbedsNothingAgain)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    ASSERT_EQ(shown()->zoo->size, 27U);
    const auto gated = session->zoos()[1];
    const auto languages = session->zoos()[0];
    session->hide(gated);
    wait();
    EXPECT_EQ(shown()->zoo->name, "languages");
    EXPECT_TRUE(session->isHidden(gated));
    session->hide(languages);
    wait();
    EXPECT_FALSE(shown()) << "nothing is left to show";
    EXPECT_EQ(session->currentZoo(), languages);
    session->show(gated);
    session->show(languages);
    wait();
    EXPECT_EQ(shown()->zoo->size, 27U);
    EXPECT_EQ(control->encoded, 2);
}

TEST_F(SharedMap, ChoosingAHiddenZooShowsIt)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    session->hide(session->zoos()[1]);
    wait();
    session->setCurrentZoo(session->zoos()[1]);
    wait();
    EXPECT_FALSE(session->isHidden(session->zoos()[1]));
    EXPECT_EQ(shown()->zoo->size, 27U);
}

TEST_F(SharedMap, TheSelectionFollowsItsNetworks)
{
    Selection selection;
    const SelectionKeeper keeper(*session, selection);
    openAndWait({files.zoo(kGru), files.checkpoint("probing")});
    selection.set({2, 5}, 5);
    openAndWait({files.zoo()});
    EXPECT_THAT(selection.ids(), ElementsAre(2, 5)) << "the first zoo keeps its rows";
    selection.add({9 + 4});
    session->hide(session->zoos()[0]);
    wait();
    EXPECT_THAT(selection.ids(), ElementsAre(4));
    session->show(session->zoos()[0]);
    wait();
    EXPECT_THAT(selection.ids(), ElementsAre(13));
    EXPECT_EQ(selection.current(), 13U);
}

TEST_F(SharedMap, CancellingTheSecondLeavesTheFirst)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    const auto before = shown();
    control->gated = true;
    session->open({files.zoo(kGru)});
    ASSERT_TRUE(test::waitFor([&] { return shown() != before; }));
    EXPECT_FALSE(shown()->complete);
    EXPECT_EQ(shown()->done, 18U + test::FakeControl::kBlock);
    EXPECT_TRUE(std::isfinite(shown()->map(20, 0)));
    EXPECT_TRUE(std::isnan(shown()->map(26, 0)));
    EXPECT_NEAR(shown()->predictions[0].value(3), 0.25, 1e-6) << "what is known of the first stays";
    EXPECT_TRUE(std::isnan(shown()->predictions[0].value(20)));
    session->cancel();
    wait();
    EXPECT_EQ(shown(), before);
    EXPECT_EQ(session->currentZoo()->name, "languages");
    EXPECT_TRUE(session->isHidden(session->zoos()[1])) << "or it would be begun again";
    EXPECT_TRUE(failures.isEmpty());
    control->gated = false;
    session->show(session->zoos()[1]);
    wait();
    EXPECT_EQ(shown()->zoo->size, 27U);
}

TEST_F(SharedMap, WhatIsEmbeddedSoFarStaysWhenAnotherIsHidden)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    const auto before = shown();
    control->gated = true;
    session->open({files.zoo(kGru)});
    ASSERT_TRUE(test::waitFor([&] { return shown() != before; }));
    const auto partial = shown();
    session->hide(session->zoos()[0]);
    ASSERT_TRUE(test::waitFor([&] { return control->encoded == 3; }));
    control->gated = false;
    control->gate.release();
    wait();
    EXPECT_EQ(control->encodedFrom, test::FakeControl::kBlock) << "it goes on";
    EXPECT_EQ(shown()->zoo->name, "gated");
    EXPECT_TRUE(shown()->complete);
    EXPECT_EQ(shown()->embedding(1, 1), partial->embedding(19, 1));
    EXPECT_TRUE(std::isfinite(shown()->embedding(8, 1)));
}

TEST_F(SharedMap, TracesOfARowGoToItsOwnZoo)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    QSignalSpy answered(session.get(), &Session::traceReady);
    session->requestTraces({18 + 5});
    ASSERT_TRUE(test::waitFor([&] { return answered.count() == 1; }));
    EXPECT_EQ(answered[0][0].value<std::size_t>(), 23U);
    EXPECT_EQ(control->tracedZoo, "gated");
    EXPECT_EQ(control->tracedRow, 5U);
}

TEST_F(SharedMap, ClosingOneLeavesTheOther)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    session->close(session->zoos()[0]);
    wait();
    EXPECT_EQ(shown()->zoo->name, "gated");
    EXPECT_EQ(session->currentZoo()->name, "gated");
    EXPECT_EQ(session->number(session->zoos()[0]), 1U) << "colours and shapes stay";
}

TEST_F(SharedMap, PropertiesAreMergedByNameWithTheirLabels)
{
    auto first = test::makeZoo({.name = "first", .size = 2});
    auto second = test::makeZoo({.name = "second", .size = 2});
    auto letter = test::property("letter", zoo::PropertyKind::Categorical, {0, 1});
    letter.labels = {"a", "b"};
    first.properties = {letter, test::property("count", zoo::PropertyKind::Integer, {1, 2}),
                        test::property("odd", zoo::PropertyKind::Real, {0.5, 1.5})};
    letter.labels = {"b", "c"};
    second.properties = {letter, test::property("count", zoo::PropertyKind::Real, {2.5, 3}),
                         test::property("odd", zoo::PropertyKind::Categorical, {0, 1})};
    auto files_ = std::make_shared<zoo::Zoo>(first);
    files_->family = zoo::TaskFamily::Custom;
    files_->properties.clear();
    const std::vector<Member> members {
        {.zoo = std::make_shared<zoo::Zoo>(first), .first = 0, .part = {}},
        {.zoo = std::make_shared<zoo::Zoo>(second), .first = 2, .part = {}},
        {.zoo = files_, .dropped = true, .first = 4, .part = {}},
    };
    const auto merged = mergeZoos(members, zoo::TaskFamily::Custom);
    EXPECT_EQ(merged->size, 6U);
    EXPECT_EQ(merged->family, zoo::TaskFamily::FormalLanguage) << "a dropped file does not know its own";
    ASSERT_EQ(merged->properties.size(), 4U);
    EXPECT_THAT(merged->property("letter")->labels, ElementsAre("a", "b", "c"));
    EXPECT_THAT(merged->property("letter")->values, ElementsAre(0, 1, 1, 2, testing::IsNan(), testing::IsNan()));
    EXPECT_EQ(merged->property("count")->kind, zoo::PropertyKind::Real);
    EXPECT_EQ(merged->property("count")->value(2), 2.5);
    EXPECT_TRUE(std::isnan(merged->property("odd")->value(2)));
    ASSERT_NE(merged->property("odd (second)"), nullptr) << "of another kind";
    EXPECT_EQ(merged->property("odd (second)")->value(3), 1.0);
}

TEST_F(SharedMap, CanBeColouredByZoo)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    const auto offered = [&] {
        const auto choices = fieldChoices(*shown()->zoo, shown()->checkpoint.get(), shown().get());
        return std::any_of(choices.begin(), choices.end(), [](const auto& each) { return each.id == "zoo"; });
    };
    EXPECT_FALSE(offered()) << "there is but one";
    openAndWait({files.zoo(kGru)});
    dropFile("mine.pt");
    dropFile("yours.pt");
    wait();
    EXPECT_TRUE(offered());
    const auto channel = colourChannel(*shown(), "zoo");
    EXPECT_EQ(channel.categories, QStringList({"languages", "gated", "dropped files"}));
    ASSERT_EQ(channel.marks.size(), 3U);
    EXPECT_NE(channel.marks[0].shape, channel.marks[1].shape);
    EXPECT_NE(channel.marks[0].colour, channel.marks[1].colour);
    EXPECT_EQ(channel.values[17], 0.0);
    EXPECT_EQ(channel.values[18], 1.0);
    EXPECT_EQ(channel.values[27], 2.0);
    EXPECT_EQ(channel.values[28], 2.0);
}

TEST_F(SharedMap, ColourIdsSurviveAnyPropertyName)
{
    auto zoo = test::makeZoo({.size = 2});
    zoo.properties = {test::property("a:1 %2", zoo::PropertyKind::Real, {0.0, 1.0})};
    EmbeddedZoo embedded;
    embedded.zoo = std::make_shared<zoo::Zoo>(zoo);
    const auto choices = fieldChoices(zoo, nullptr, nullptr);
    ASSERT_EQ(choices.size(), 1U);
    EXPECT_EQ(colourChannel(embedded, choices[0].id).values[1], 1.0);
}

} // namespace
} // namespace rnnscope::ui
