#include "ui/panels/side_map.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QAction>
#include <QComboBox>
#include <QListWidget>
#include <QToolButton>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

class SideMapTest : public WindowCase
{
protected:
    SideMap* add()
    {
        const auto actions = window.findChildren<QAction*>();
        const auto at = std::ranges::find(actions, QStringLiteral("Add &Map Beside"), &QAction::text);
        EXPECT_NE(at, actions.end());
        (*at)->trigger();
        EXPECT_TRUE(test::waitFor([&] { return !window.busy(); }));
        const auto sides = window.findChildren<SideMap*>();
        return sides.isEmpty() ? nullptr : sides.back();
    }
    MapView& map() { return *find<MapView>("map"); }
    static bool has(MapView& view, std::size_t row) { return !std::isnan(view.pixelOf(row).x()); }
};

TEST_F(SideMapTest, ShowsTheSameNetworksByAnotherEncoder)
{
    drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    const auto embedded = control->encoded.load();
    auto* side = add();
    ASSERT_NE(side, nullptr);
    EXPECT_NE(side->checkpoint(), session.currentCheckpoint());
    EXPECT_EQ(control->encoded, embedded + 1);
    for (std::size_t row = 0; row < 18; ++row)
        EXPECT_TRUE(has(side->view(), row)) << row;
    EXPECT_EQ(side->view().colour().title, map().colour().title);
    EXPECT_FALSE(map().legendBar().isNull());
    EXPECT_TRUE(side->view().legendBar().isNull()) << "said once";
    auto* movers = find<QListWidget>("movers");
    ASSERT_EQ(movers->count(), 18);
    EXPECT_GE(movers->item(0)->text().split(' ').front().toDouble(),
              movers->item(17)->text().split(' ').front().toDouble());
    const auto moved = movers->item(2)->data(Qt::UserRole).toULongLong();
    QTest::mouseClick(movers->viewport(), Qt::LeftButton, Qt::NoModifier,
                      movers->visualItemRect(movers->item(2)).center());
    EXPECT_EQ(window.selection().current(), moved) << "a click goes there on both maps";
    QTest::mouseClick(&side->view(), Qt::LeftButton, Qt::NoModifier, side->view().pixelOf(4).toPoint());
    EXPECT_TRUE(window.selection().current());
}

TEST_F(SideMapTest, OfTheSameEncoderNothingMoves)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* side = add();
    ASSERT_NE(side, nullptr);
    EXPECT_EQ(side->checkpoint(), session.currentCheckpoint()) << "there is no other";
    auto* movers = find<QListWidget>("movers");
    ASSERT_EQ(movers->count(), 18);
    EXPECT_LT(movers->item(0)->text().split(' ').front().toDouble(), 1e-3);
}

TEST_F(SideMapTest, FollowsZoosAndFiltersAndCloses)
{
    drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    auto* side = add();
    ASSERT_NE(side, nullptr);
    const auto flat = side->checkpoint();
    ASSERT_EQ(flat->config.kind, zoo::EncoderKind::Flat);
    drop({files.zoo({.name = "gru", .size = 5, .cell = zoo::Cell::Gru})});
    EXPECT_NE(side->checkpoint(), flat) << "it cannot read the zoo that is current now";
    session.setCurrentZoo(session.zoos().front());
    side->setCheckpoint(flat);
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    ASSERT_EQ(session.embedded()->zoo->size, 23U);
    EXPECT_TRUE(has(side->view(), 3));
    EXPECT_FALSE(has(side->view(), 20)) << "not read by the encoder of this map";
    EXPECT_EQ(find<QListWidget>("movers")->count(), 18) << "only those on both maps can move";
    QTest::mouseClick(find<QToolButton>("closeMap"), Qt::LeftButton);
    ASSERT_TRUE(test::waitFor([&] { return window.findChildren<SideMap*>().isEmpty(); }));
}

TEST_F(SideMapTest, ComesBackWithItsWorkspace)
{
    drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    auto* side = add();
    ASSERT_NE(side, nullptr);
    side->setKind(projection::MapKind::Umap);
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    const auto saved = window.workspace();
    ASSERT_EQ(saved.sides.size(), 1U);
    window.restoreWorkspace(saved);
    ASSERT_TRUE(test::waitFor([&] { return !window.busy() && window.workspace() == saved; }));
}

TEST_F(SideMapTest, OfAWorkspaceWithTooManyTheFirstThreeAreShown)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto wanted = window.workspace();
    using enum projection::MapKind;
    for (const auto kind : {Umap, Pca, Umap, Tsne, Pca})
        wanted.sides.push_back({wanted.checkpoint, kind});
    window.restoreWorkspace(wanted);
    wanted.sides.resize(3);
    EXPECT_TRUE(test::waitFor([&] { return !window.busy() && window.workspace().sides.size() == 3; }));
    EXPECT_EQ(window.workspace().sides, wanted.sides);
    EXPECT_EQ(messages().count(), 0);
}

} // namespace
} // namespace rnnscope::ui
