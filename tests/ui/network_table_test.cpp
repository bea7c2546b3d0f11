#include "core/zoo/hdf5_dataset.h"
#include "core/zoo/property_hdf5.h"
#include "ui/models/saving.h"
#include "window_case.h"

#include <QAction>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using zoo::hdf5::Dataset;
using zoo::hdf5::Node;

/// Two runs of nine snapshots.
class NetworkTableTest : public WindowCase
{
protected:
    NetworkTableTest() { drop({files.zoo(), files.checkpoint("probing")}); }

    std::filesystem::path path(const char* name) const { return files.folder() / name; }
    std::filesystem::path written(const char* name = "networks.h5")
    {
        window.exportTo(Exportable::Table, QString::fromStdString(path(name).string()), {});
        EXPECT_TRUE(test::waitFor([&] { return !session.busy() && std::filesystem::exists(path(name)); }));
        return path(name);
    }
};

TEST_F(NetworkTableTest, HoldsWhatTheWindowKnowsOfEveryNetwork)
{
    const Node file = Node::openFile(written());
    EXPECT_EQ(file.text("format"), "rnn-embedding");
    EXPECT_EQ(file.text("zoo"), session.currentZoo()->name);
    EXPECT_EQ(file.text("zoo_fingerprint"), zoo::fingerprint(*session.currentZoo()).value());
    EXPECT_EQ(file.text("checkpoint_fingerprint"), zoo::fingerprint(*session.currentCheckpoint()));
    const auto shown = session.embedded();
    EXPECT_EQ(Dataset(file, "embedding").readFloats(), shown->embedding.values);
    EXPECT_FALSE(file.has("embedding_raw")) << "the window does not know it";
    EXPECT_EQ(Dataset(file.group("projection"), "pca").shape(), (std::vector<std::size_t> {18, 2}));
    const auto properties = zoo::hdf5::readProperties(file.group("properties"), 18);
    EXPECT_EQ(properties.size(), session.currentZoo()->properties.size());
    for (const auto& each : properties)
        EXPECT_EQ(each.values, session.currentZoo()->property(each.name)->values) << each.name;
    const Node accuracy = file.group("predictions").group("accuracy");
    for (const auto& prediction : shown->predictions)
        if (prediction.property == "accuracy") {
            EXPECT_EQ(Dataset(accuracy, "value").readDoubles(), prediction.values);
            EXPECT_EQ(accuracy.has("lower"), !prediction.lower.empty());
        }
}

TEST_F(NetworkTableTest, NetworksHaveNamesNotJustNumbers)
{
    const Node file = Node::openFile(written());
    const auto names = Dataset(file, "network_name").readTexts();
    ASSERT_EQ(names.size(), 18U);
    EXPECT_THAT(names[3], HasSubstr("run 0"));
    EXPECT_THAT(names[12], HasSubstr("run 1"));
    EXPECT_NE(names[3], names[4]);
}

TEST_F(NetworkTableTest, SaysWhatIsSelectedAndWhatTheFilterShows)
{
    window.selection().set({2, 11});
    ASSERT_TRUE(window.filter().setExpression("run == 1"));
    const Node file = Node::openFile(written());
    std::vector<std::int64_t> selected(18, 0);
    selected[2] = selected[11] = 1;
    EXPECT_EQ(Dataset(file, "selected").readIntegers(), selected);
    std::vector<std::int64_t> shown(18, 0);
    std::fill(shown.begin() + 9, shown.end(), 1);
    EXPECT_EQ(Dataset(file, "shown").readIntegers(), shown);
}

TEST_F(NetworkTableTest, NamesTheZooOfEachWhereThereAreSeveral)
{
    EXPECT_FALSE(Node::openFile(written("one.h5")).has("network_zoo"));
    drop({files.zoo({.name = "more"})});
    const Node file = Node::openFile(written("two.h5"));
    const auto zoos = Dataset(file, "network_zoo").readTexts();
    ASSERT_EQ(zoos.size(), 36U);
    EXPECT_NE(zoos.front(), zoos.back());
    EXPECT_EQ(zoos.back(), session.zoos().back()->name);
    EXPECT_THAT(file.text("zoo_fingerprint"), HasSubstr(zoo::fingerprint(*session.zoos().back()).value()));
}

TEST_F(NetworkTableTest, RefusesOtherEndingsAndSaysWhereItCannotWrite)
{
    window.exportTo(Exportable::Table, "/does/not/exist/networks.h5", {});
    ASSERT_TRUE(test::waitFor([&] { return messages().count() == 1; }));
    window.exportTo(Exportable::Table, "networks.xlsx", {});
    EXPECT_EQ(messages().count(), 2);
}

} // namespace
} // namespace rnnscope::ui
