#include "shared_map_case.h"
#include "ui/models/map_layout.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QComboBox>

#include <cmath>

namespace rnnscope::ui {
namespace {

using projection::MapKind;

class MapLayouts : public SharedMapCase
{
protected:
    MapLayout& layout() const { return session->layout(); }
    void choose(MapKind kind) const
    {
        layout().setKind(kind);
        wait();
    }
};

/// Bit by bit, for the rows that both have.
std::size_t moved(const Matrix& left, const Matrix& right)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(left.values.size(), right.values.size()); ++i)
        count
            += left.values[i] == right.values[i] || (std::isnan(left.values[i]) && std::isnan(right.values[i])) ? 0 : 1;
    return count;
}

TEST_F(MapLayouts, AreThePrincipalComponentsUntilOthersAreWanted)
{
    EXPECT_EQ(layout().map(), nullptr);
    openAndWait({files.zoo(), files.checkpoint("probing")});
    ASSERT_NE(layout().map(), nullptr);
    EXPECT_EQ(moved(*layout().map(), shown()->map), 0U);
    EXPECT_EQ(layout().shownKind(), MapKind::Pca);
    std::size_t changes = 0;
    QObject::connect(&layout(), &MapLayout::changed, session.get(), [&] { ++changes; });
    choose(MapKind::Umap);
    EXPECT_EQ(layout().shownKind(), MapKind::Umap);
    EXPECT_GT(moved(*layout().map(), shown()->map), 10U);
    EXPECT_GE(changes, 2U);
    const Matrix umap = *layout().map();
    choose(MapKind::Tsne);
    EXPECT_GT(moved(*layout().map(), umap), 10U);
    choose(MapKind::Pca);
    EXPECT_EQ(moved(*layout().map(), shown()->map), 0U);
    layout().setKind(MapKind::Umap);
    EXPECT_FALSE(session->busy()) << "it is known";
    EXPECT_EQ(moved(*layout().map(), umap), 0U);
}

TEST_F(MapLayouts, BeginWhenAllAreEmbedded)
{
    layout().setKind(MapKind::Umap);
    control->gated = true;
    session->open({files.zoo(), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return shown() && shown()->done > 0; }));
    EXPECT_FALSE(shown()->complete);
    EXPECT_EQ(layout().shownKind(), MapKind::Pca);
    control->gate.release(1000);
    wait();
    ASSERT_TRUE(shown()->complete);
    EXPECT_EQ(layout().shownKind(), MapKind::Umap);
    session->close(session->zoos().front());
    EXPECT_EQ(layout().map(), nullptr);
}

TEST_F(MapLayouts, StayAsTheyAreWhenAFileIsDropped)
{
    openAndWait({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    choose(MapKind::Umap);
    const auto before = layout().map();
    dropFile("mine.pt");
    wait();
    ASSERT_EQ(layout().map()->rows, before->rows + 1);
    EXPECT_EQ(moved(*layout().map(), *before), 0U);
    EXPECT_EQ(layout().shownKind(), MapKind::Umap);
    EXPECT_TRUE(std::isfinite((*layout().map())(before->rows, 0)));
    session->close(session->dropped()[0].zoo);
    wait();
    EXPECT_EQ(moved(*layout().map(), *before), 0U);
}

TEST_F(MapLayouts, StayWhileSeveralFilesAreBeingEmbedded)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    choose(MapKind::Umap);
    const auto before = layout().map();
    std::size_t principal = 0;
    QObject::connect(session.get(), &Session::embeddedChanged, session.get(),
                     [&] { principal += layout().shownKind() == MapKind::Pca ? 1 : 0; });
    for (const char* name : {"a.pt", "b.pt", "c.pt"})
        dropFile(name);
    wait();
    EXPECT_EQ(principal, 0U);
    EXPECT_EQ(layout().map()->rows, before->rows + 3);
    EXPECT_EQ(moved(*layout().map(), *before), 0U);
}

TEST_F(MapLayouts, AreMadeOfDroppedFilesWhereThereIsNothingElse)
{
    openAndWait({files.checkpoint("probing")});
    for (const char* name : {"a.pt", "b.pt", "c.pt"})
        dropFile(name);
    wait();
    choose(MapKind::Umap);
    EXPECT_EQ(layout().map()->rows, 3U);
    EXPECT_EQ(layout().shownKind(), MapKind::Umap);
}

TEST_F(MapLayouts, AreAnotherForEachEncoder)
{
    openAndWait({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    choose(MapKind::Umap);
    const auto first = layout().map();
    for (const auto& each : session->fittingCheckpoints())
        if (each != session->currentCheckpoint()) {
            session->setCurrentCheckpoint(each);
            break;
        }
    wait();
    EXPECT_EQ(layout().shownKind(), MapKind::Umap);
    EXPECT_EQ(layout().map()->rows, shown()->zoo->size);
    EXPECT_NE(layout().map(), first);
}

TEST_F(MapLayouts, AreMeasuredWhenAskedOnceTheyHaveSettled)
{
    openAndWait({files.zoo({.size = 60}), files.checkpoint("probing")});
    EXPECT_EQ(layout().trustworthiness(), nullptr);
    layout().wantTrustworthiness(true);
    wait();
    ASSERT_NE(layout().trustworthiness(), nullptr);
    EXPECT_EQ(layout().trustworthiness()->size(), 60U);
    const auto ofComponents = *layout().trustworthiness();
    layout().setKind(MapKind::Umap);
    EXPECT_EQ(layout().trustworthiness(), nullptr);
    wait();
    ASSERT_NE(layout().trustworthiness(), nullptr);
    EXPECT_NE(*layout().trustworthiness(), ofComponents);
    layout().wantTrustworthiness(false);
    EXPECT_EQ(layout().trustworthiness(), nullptr);
    choose(MapKind::Pca);
    EXPECT_EQ(layout().trustworthiness(), nullptr);
}

TEST_F(MapLayouts, GoBackToPrincipalComponentsWhenCancelled)
{
    openAndWait({files.zoo({.size = 900}), files.checkpoint("probing")});
    layout().setKind(MapKind::Tsne);
    ASSERT_TRUE(test::waitFor([&] { return layout().shownKind() == MapKind::Tsne; }));
    session->cancel();
    wait();
    EXPECT_EQ(layout().kind(), MapKind::Pca);
    EXPECT_EQ(moved(*layout().map(), shown()->map), 0U);
    EXPECT_TRUE(failures.isEmpty());
}

class ProjectionChooser : public WindowCase
{
};

TEST_F(ProjectionChooser, ShowsThePlacesOfTheEncoderThatIsChosen)
{
    drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    auto* map = find<MapView>("map");
    const auto both = session.fittingCheckpoints();
    ASSERT_EQ(both.size(), 2U);
    const auto isShown = [&] {
        const auto place = map->dataAt(map->pixelOf(3));
        const auto& expected = session.embedded()->map;
        return std::abs(place.x() - static_cast<double>(expected(3, 0))) < 1e-3
            && std::abs(place.y() - static_cast<double>(expected(3, 1))) < 1e-3;
    };
    for (const std::size_t index : {0U, 1U, 0U, 1U}) {
        session.setCurrentCheckpoint(both[index]);
        ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
        EXPECT_TRUE(isShown()) << index;
        EXPECT_EQ(session.embedded()->checkpoint, both[index]);
    }
}

TEST_F(ProjectionChooser, SaysWhatIsWantedAndTheMapFollows)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* chooser = find<QComboBox>("projectionChooser");
    EXPECT_EQ(chooser->currentText(), "PCA");
    QTest::keyClick(&window, Qt::Key_M);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_EQ(chooser->currentText(), "UMAP");
    EXPECT_EQ(session.layout().shownKind(), MapKind::Umap);
    window.setProjection(MapKind::Tsne);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_EQ(chooser->currentText(), "t-SNE");
    window.setProjection(MapKind::Pca);
    EXPECT_EQ(chooser->currentText(), "PCA");
}

} // namespace
} // namespace rnnscope::ui
