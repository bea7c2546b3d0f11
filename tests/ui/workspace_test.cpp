#include "qt_test.h"
#include "ui/models/workspace.h"
#include "zoo/zoo_files.h"

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

Workspace full()
{
    Workspace made;
    made.files = {"/data/zoos/languages.h5", "/elsewhere/encoder.h5"};
    made.zoo = "/data/zoos/languages.h5";
    made.checkpoint = "/elsewhere/encoder.h5";
    made.hidden = {"/data/zoos/other.h5"};
    made.map = projection::MapKind::Umap;
    made.sides = {{"/elsewhere/encoder.h5", projection::MapKind::Tsne}, {"/data/zoos/flat.h5", {}}};
    made.colour = "predicted:task:1";
    made.size = "trust";
    made.shape = "property:task:2";
    made.clip = {0.25, 0.75};
    made.pose = Workspace::Pose {{1.5, -2.25}, 123.5};
    made.filter.intervals["property:accuracy"] = {0.1, 0.9};
    made.filter.hidden["split"] = {"training", "held \"out\""};
    made.filter.expression = "step > 3";
    made.selected = {{"/data/zoos/languages.h5", 3},
                     {"/data/zoos/languages.h5", 4},
                     {"/data/zoos/languages.h5", 9},
                     {"/data/zoos/other.h5", 0}};
    made.current = Workspace::Network {"/data/zoos/languages.h5", 9};
    made.tab = "table";
    made.geometry = QByteArray("\0\1\xff", 3);
    made.layout = "layout";
    return made;
}

TEST(Workspace, ComesBackAsItWasWritten)
{
    for (const auto* folder : {"/data", "/data/zoos", "/nowhere"})
        EXPECT_EQ(workspaceFromJson(toJson(full(), folder), folder).value(), full()) << folder;
    EXPECT_EQ(workspaceFromJson(toJson({}, "/data"), "/data").value(), Workspace {});
}

TEST(Workspace, MovesWithItsFolder)
{
    const auto moved = workspaceFromJson(toJson(full(), "/data"), "/new/place").value();
    EXPECT_EQ(moved.files[0], "/new/place/zoos/languages.h5");
    EXPECT_EQ(moved.files[1], "/elsewhere/encoder.h5") << "what lies beside it stays";
    EXPECT_EQ(moved.selected[0].zoo, "/new/place/zoos/languages.h5");
}

TEST(Workspace, SaysWhatIsWrong)
{
    const std::vector<std::pair<QByteArray, std::string>> wrong {
        {"", "no JSON object"},
        {"[1]", "no JSON object"},
        {"{}", "format is not rnnscope-workspace"},
        {R"({"format":"rnnscope-workspace","version":2})", "version is 2, expected 1"},
        {R"({"format":"rnnscope-workspace","version":1,"files":"x"})", "files is no list"},
        {R"({"format":"rnnscope-workspace","version":1,"files":[1]})", "no text"},
        {R"({"format":"rnnscope-workspace","version":1,"projection":"globe"})", "globe"},
        {R"({"format":"rnnscope-workspace","version":1,"sides":[{"projection":"x"}]})", "x"},
        {R"({"format":"rnnscope-workspace","version":1,"clip":[1]})", "clip is no pair"},
        {R"({"format":"rnnscope-workspace","version":1,"view":{"x":0,"y":0,"scale":0}})", "scale is not above 0"},
        {R"({"format":"rnnscope-workspace","version":1,"filter":{"intervals":{"a":[1,"b"]}}})", "no pair"},
        {R"({"format":"rnnscope-workspace","version":1,"selected":[{"zoo":"a","rows":[[5,4]]}]})", "no pair of rows"},
        {R"({"format":"rnnscope-workspace","version":1,"selected":[{"zoo":"a","rows":[[0,999999999]]}]})",
         "more networks are selected"},
        {R"({"format":"rnnscope-workspace","version":1,"current":{"zoo":"a","row":-1}})", "no row -1"},
    };
    for (const auto& [json, message] : wrong) {
        const auto read = workspaceFromJson(json, "/data");
        ASSERT_FALSE(read) << json.toStdString();
        EXPECT_THAT(read.error().message, testing::HasSubstr(message));
    }
}

TEST(Workspace, SurvivesEveryCutAndChange)
{
    const auto whole = toJson(full(), "/data");
    for (qsizetype cut = 0; cut < whole.size(); ++cut)
        EXPECT_FALSE(workspaceFromJson(whole.left(cut), "/data") && cut + 2 < whole.size());
    for (qsizetype at = 0; at < whole.size(); at += 3)
        for (const char c : {'\0', '"', '9', '[', '}', '\xff'}) {
            auto changed = whole;
            changed[at] = c;
            (void)workspaceFromJson(changed, "/data");
        }
}

class WorkspaceFileTest : public testdata::FolderTest
{
};

TEST_F(WorkspaceFileTest, IsReplacedWholeOrNotAtAll)
{
    const auto path = folder / "mine.rnnscope";
    ASSERT_TRUE(writeWorkspace(full(), path));
    EXPECT_EQ(readWorkspace(path).value(), full());
    ASSERT_TRUE(writeWorkspace({}, path));
    EXPECT_EQ(readWorkspace(path).value(), Workspace {});
    EXPECT_FALSE(writeWorkspace(full(), folder / "no" / "such" / "folder.rnnscope"));
    const auto none = readWorkspace(folder / "none.rnnscope");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, testing::HasSubstr("none.rnnscope"));
    std::ofstream(folder / "odd.rnnscope") << "{";
    EXPECT_THAT(readWorkspace(folder / "odd.rnnscope").error().message,
                testing::HasSubstr("odd.rnnscope is no workspace"));
}

} // namespace
} // namespace rnnscope::ui
