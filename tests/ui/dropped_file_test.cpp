#include "shared_map_case.h"
#include "ui/models/selection_keeper.h"
#include "ui/panels/network_rows.h"
#include "ui/panels/property_text.h"

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using testing::ElementsAre;

class DroppedFile : public SharedMapCase
{
protected:
    Selection selection;
    SelectionKeeper keeper {*session, selection};
};

TEST_F(DroppedFile, BecomesTheCurrentNetworkAndMovesNoOther)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    const auto before = shown();
    selection.set({1, 2});
    const auto file = dropFile("mine.pt");
    wait();
    ASSERT_EQ(shown()->map.rows, 28U);
    for (std::size_t row = 0; row < 27; ++row)
        for (std::size_t axis = 0; axis < 2; ++axis)
            EXPECT_EQ(shown()->map(row, axis), before->map(row, axis)) << row;
    EXPECT_TRUE(std::isfinite(shown()->map(27, 0)));
    EXPECT_EQ(shown()->explained[0], before->explained[0]);
    EXPECT_TRUE(shown()->members.back().dropped);
    EXPECT_THAT(selection.ids(), ElementsAre(27));
    EXPECT_EQ(session->currentZoo()->name, "languages") << "a file is not trained on";
    EXPECT_EQ(session->zoos().size(), 2U);
    ASSERT_EQ(session->dropped().size(), 1U);
    EXPECT_EQ(control->encoded, 3);
}

TEST_F(DroppedFile, MovesNothingOnTheMapOfOneZooEither)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    const auto before = shown();
    dropFile("mine.pt");
    wait();
    const auto with = shown();
    for (std::size_t i = 0; i < before->map.values.size(); ++i)
        EXPECT_EQ(with->map.values[i], before->map.values[i]);
    session->close(session->dropped()[0].zoo);
    wait();
    EXPECT_EQ(shown(), before);
    EXPECT_TRUE(session->dropped().empty());
}

TEST_F(DroppedFile, IsDescribedByItsFileAndItsNeighboursByTheirZoos)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    dropFile("mine.pt");
    wait();
    const auto facts = describeNetwork(*shown(), 27);
    EXPECT_EQ(facts.name, "mine.pt");
    EXPECT_EQ(facts.zoo, "dropped file");
    EXPECT_EQ(facts.architecture, "LSTM 1×5");
    EXPECT_TRUE(facts.predicted);
    ASSERT_EQ(facts.neighbours.size(), 5U);
    for (const auto& each : facts.neighbours)
        EXPECT_EQ(each.zoo, each.row < 18 ? "languages" : "gated");
    for (const auto& row : facts.rows)
        EXPECT_NE(row.title, "Training step") << "nobody has recorded it, nobody predicts it";
    const auto other = describeNetwork(*shown(), 18 + 3);
    EXPECT_EQ(other.zoo, "gated");
    EXPECT_EQ(other.architecture, "GRU 1×7");
    EXPECT_TRUE(hoverHtml(*shown(), 18).contains("gated"));
    EXPECT_TRUE(hoverHtml(*shown(), 27).contains("mine.pt"));
}

TEST_F(DroppedFile, AloneHasAMapOfItsOwn)
{
    openAndWait({files.checkpoint("probing")});
    dropFile("mine.pt", {.size = 3});
    wait();
    ASSERT_TRUE(shown());
    EXPECT_TRUE(shown()->complete);
    EXPECT_TRUE(std::isfinite(shown()->map(2, 1)));
    EXPECT_GT(shown()->explained[0], 0.0);
    EXPECT_FALSE(session->currentZoo());
    EXPECT_EQ(shown()->zoo->family, zoo::TaskFamily::FormalLanguage) << "the encoder knows";
    EXPECT_THAT(selection.ids(), ElementsAre(0));
}

TEST_F(DroppedFile, WaitsForAnEncoder)
{
    dropFile("mine.pt");
    wait();
    EXPECT_FALSE(shown());
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures[0].startsWith("mine.pt is not on the map: no open encoder reads LSTM"));
    openAndWait({files.checkpoint("probing")});
    ASSERT_TRUE(shown());
    EXPECT_EQ(shown()->zoo->size, 1U);
}

TEST_F(DroppedFile, BringsTheEncoderThatReadsItAndTheZoo)
{
    openAndWait({files.zoo(), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    session->open({files.checkpoint("probing")});
    wait();
    session->setCurrentCheckpoint(session->checkpoints()[0]);
    wait();
    ASSERT_EQ(session->currentCheckpoint()->config.kind, zoo::EncoderKind::Flat);
    dropFile("mine.pt");
    wait();
    EXPECT_EQ(session->currentCheckpoint()->config.kind, zoo::EncoderKind::InteractiveProbing);
    EXPECT_EQ(shown()->zoo->size, 19U);
    EXPECT_TRUE(failures.isEmpty());
    EXPECT_THAT(selection.ids(), ElementsAre(18));
}

TEST_F(DroppedFile, SaysWhichEncodersWouldReadIt)
{
    const test::ZooSpec digits {.name = "digits", .symbols = 10};
    openAndWait({files.zoo(), files.checkpoint("probing"),
                 files.checkpoint("for-digits", zoo::EncoderKind::InteractiveProbing, digits)});
    const auto before = shown();
    dropFile("ten.pt", {.size = 1, .symbols = 10});
    wait();
    EXPECT_EQ(shown(), before);
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures[0].startsWith("ten.pt is not on the map: this interactive_probing encoder probes networks "
                                       "with 6 inputs"))
        << failures[0].toStdString();
    EXPECT_TRUE(failures[0].endsWith("; it fits Interactive probing")) << failures[0].toStdString();
    EXPECT_EQ(session->dropped().size(), 1U) << "it stays listed";
}

TEST_F(DroppedFile, TakesThePlaceOfTheSameFileDroppedBefore)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    dropFile("mine.pt");
    wait();
    const auto again = dropFile("mine.pt");
    wait();
    ASSERT_EQ(session->dropped().size(), 1U);
    EXPECT_EQ(session->dropped()[0].zoo, again);
    EXPECT_THAT(selection.ids(), ElementsAre(18));
    dropFile("other.pt");
    wait();
    EXPECT_EQ(session->dropped().size(), 2U);
    EXPECT_THAT(selection.ids(), ElementsAre(19));
}

TEST_F(DroppedFile, ManyNetworksAreAZooLikeOthers)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    dropFile("folder", {.size = 25});
    wait();
    EXPECT_TRUE(session->dropped().empty());
    ASSERT_EQ(session->zoos().size(), 2U);
    EXPECT_EQ(shown()->zoo->size, 43U);
    EXPECT_FALSE(shown()->members.back().dropped);
}

TEST_F(DroppedFile, WhoseEmbeddingIsCancelledStaysListed)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    const auto before = shown();
    control->gated = true;
    const auto file = dropFile("mine.pt", {.size = 12});
    ASSERT_TRUE(test::waitFor([&] { return shown() != before; }));
    session->cancel();
    wait();
    EXPECT_EQ(shown(), before);
    EXPECT_TRUE(session->isHidden(file));
    control->gated = false;
    session->show(file);
    wait();
    EXPECT_EQ(shown()->zoo->size, 30U);
}

TEST_F(DroppedFile, WithoutFiniteWeightsIsSaidToHaveNoEmbedding)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    dropFile("nan.pt", {.size = 1, .notFinite = {0}});
    wait();
    EXPECT_THAT(shown()->failed, ElementsAre(18));
    EXPECT_THAT(selection.ids(), ElementsAre(18));
    EXPECT_TRUE(describeNetwork(*shown(), 18).problem.contains("not finite"));
}

} // namespace
} // namespace rnnscope::ui
