#include "ui/models/autosave.h"
#include "ui/models/map_layout.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QComboBox>

#include <fstream>
#include <gmock/gmock.h>
#include <memory>
#include <unistd.h>

namespace rnnscope::ui {
namespace {

using testing::ElementsAre;

class WorkspaceWindowTest : public WindowCase
{
protected:
    /// Another window, as of the program's next start.
    struct Next
    {
        Next(std::shared_ptr<test::FakeControl> control, ApplicationStyle& style, MainWindowOptions options = {})
            : session([control]() -> Result<std::shared_ptr<engine::Engine>> {
                return std::make_shared<test::FakeEngine>(control);
            })
            , window(session, style, std::move(options))
        {
            window.resize(1280, 800);
            window.show();
            EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
        }
        Session session;
        MainWindow window;
    };
    static MainWindowOptions plain() { return {.persistent = false, .demoFolder = {}}; }

    static bool settled(Session& session)
    {
        const bool quiet = test::waitFor([&] { return !session.busy(); });
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        return quiet && !session.busy();
    }
    QString file(const char* name) const { return QString::fromStdString((files.folder() / name).string()); }

    /// Everything that a workspace remembers is other than at the start.
    void arrange()
    {
        drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
        session.setCurrentCheckpoint(session.fittingCheckpoints().back());
        ASSERT_TRUE(settled(session));
        window.setColour("predicted:accuracy");
        window.setPointSize("property:step");
        window.setPointShape("property:run");
        auto* map = window.findChild<MapView*>();
        map->setClip(std::pair {0.1, 0.2});
        window.filter().setInterval("property:step", Filter::Interval {0, 5000});
        ASSERT_TRUE(window.filter().setExpression("run == 0"));
        window.selection().set({2, 3, 7}, 3);
        map->setPose({1.0, 2.0}, 77.0);
        window.showTab("table");
        ASSERT_TRUE(settled(session));
    }
};

TEST_F(WorkspaceWindowTest, ComesBackAsItWas)
{
    arrange();
    const auto before = window.workspace();
    window.saveWorkspaceTo(file("mine.rnnscope"));
    Next next(control, style, plain());
    next.window.openFiles({file("mine.rnnscope")});
    ASSERT_TRUE(settled(next.session));
    auto after = next.window.workspace();
    after.geometry = before.geometry; // of a window elsewhere
    EXPECT_EQ(after.files, before.files);
    EXPECT_EQ(after.tab, before.tab);
    EXPECT_EQ(after.layout.toHex(), before.layout.toHex());
    EXPECT_EQ(after.selected, before.selected);
    EXPECT_EQ(after.pose, before.pose);
    EXPECT_EQ(after, before);
    EXPECT_EQ(next.session.currentCheckpoint()->config.kind, zoo::EncoderKind::Flat);
    EXPECT_THAT(next.window.selection().ids(), ElementsAre(2, 3, 7));
    EXPECT_EQ(next.window.filter().shownCount(), window.filter().shownCount());
}

TEST_F(WorkspaceWindowTest, TakesThePlaceOfAllThatIsOpen)
{
    arrange();
    window.saveWorkspaceTo(file("mine.rnnscope"));
    const auto before = window.workspace();
    drop({files.zoo({.name = "another"})});
    window.filter().clear();
    window.openWorkspace(file("mine.rnnscope"));
    ASSERT_TRUE(settled(session));
    EXPECT_EQ(session.zoos().size(), 1U);
    EXPECT_EQ(session.checkpoints().size(), 2U);
    EXPECT_EQ(window.workspace().selected, before.selected);
    EXPECT_EQ(window.workspace().filter, before.filter);
}

TEST_F(WorkspaceWindowTest, WhatIsGoneIsLeftOutAndSaid)
{
    arrange();
    window.saveWorkspaceTo(file("mine.rnnscope"));
    std::filesystem::remove(files.folder() / "flat.h5");
    Next next(control, style, plain());
    next.window.openWorkspace(file("mine.rnnscope"));
    ASSERT_TRUE(settled(next.session));
    EXPECT_EQ(next.session.zoos().size(), 1U);
    EXPECT_GE(next.window.findChild<MessageBar*>()->count(), 1);
    EXPECT_THAT(next.window.selection().ids(), ElementsAre(2, 3, 7)) << "of the zoo, whatever the encoder";
}

TEST_F(WorkspaceWindowTest, ADamagedOneChangesNothing)
{
    arrange();
    std::ofstream(files.folder() / "odd.rnnscope") << "{\"format\": 3}";
    const auto before = window.workspace();
    window.openWorkspace(file("odd.rnnscope"));
    EXPECT_EQ(window.workspace(), before);
    EXPECT_EQ(messages().count(), 1);
}

TEST_F(WorkspaceWindowTest, AKilledProgramLosesNothing)
{
    arrange();
    const auto folder = files.folder() / "autosave";
    ASSERT_TRUE(Autosave(folder, ::getpid()).save(window.workspace())) << "by a process that had our number before";
    Autosave other(folder, ::getppid());
    ASSERT_TRUE(other.save(window.workspace()));
    const auto running = folder / (std::to_string(::getppid()) + ".rnnscope");
    Next next(control, style,
              {.persistent = false, .demoFolder = {}, .autosaveFolder = QString::fromStdString(folder.string())});
    ASSERT_TRUE(next.window.restoreLost());
    ASSERT_TRUE(settled(next.session));
    EXPECT_THAT(next.window.selection().ids(), ElementsAre(2, 3, 7));
    EXPECT_TRUE(std::filesystem::exists(running)) << "its program still runs";
    EXPECT_FALSE(next.window.restoreLost()) << "once is enough";
    next.window.close();
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 2) << "the other's, and its lock";
}

TEST(AutosaveTest, WritesOnlyWhatHasChangedAndPassesOverForeignFiles)
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    auto autosave = std::make_unique<Autosave>(path, 1L << 30);
    Workspace shown;
    shown.files = {"/a.h5"};
    ASSERT_TRUE(autosave->save(shown));
    const auto file = path / (std::to_string(1L << 30) + ".rnnscope");
    const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(file, old);
    ASSERT_TRUE(autosave->save(shown));
    EXPECT_EQ(std::filesystem::last_write_time(file), old);
    shown.colour = "trust";
    ASSERT_TRUE(autosave->save(shown));
    EXPECT_NE(std::filesystem::last_write_time(file), old);
    std::ofstream(path / "notes.rnnscope") << "mine";
    std::ofstream(path / (std::to_string((1L << 30) + 1) + ".rnnscope")) << "damaged";
    Autosave next(path, (1L << 30) + 2);
    EXPECT_FALSE(next.takeLost()) << "its program still runs";
    autosave.reset();
    EXPECT_EQ(next.takeLost(), shown);
    EXPECT_TRUE(std::filesystem::exists(path / "notes.rnnscope"));
    EXPECT_FALSE(std::filesystem::exists(file));
}

} // namespace
} // namespace rnnscope::ui
