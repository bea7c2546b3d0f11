#include "qt_test.h"
#include "question_files.h"
#include "ui/dialogs/save_dialog.h"
#include "written_files.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <fstream>
#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::shared_ptr<const zoo::Zoo> zooNamed(const std::string& name)
{
    return std::make_shared<zoo::Zoo>(test::makeZoo({.name = name}));
}

class SavingTest : public testing::Test
{
protected:
    SavingTest()
    {
        NetworkWriters writers;
        writers.one = [this](const zoo::Architecture&, std::span<const float> parameters, const fs::path& path,
                             weights::SaveFormat format) -> Result<void> {
            first = parameters.front();
            formats.push_back(format);
            return write(path);
        };
        writers.several = [this](const zoo::Zoo&, std::span<const std::size_t> rows, const fs::path& folder,
                                 weights::SaveFormat format, Progress& progress,
                                 std::stop_token stop) -> Result<std::vector<fs::path>> {
            progress.begin("saving", rows.size());
            formats.push_back(format);
            if (failsAt && folders.size() == *failsAt)
                return fail(Errc::Io, "the disk is full");
            while (waits && !stop.stop_requested())
                std::this_thread::yield();
            if (stop.stop_requested())
                return cancelled("saving");
            folders.push_back(folder);
            std::vector<fs::path> written;
            fs::create_directories(folder);
            for (const auto row : rows)
                written.push_back(folder / (std::to_string(row) + ".safetensors"));
            for (const auto& path : written)
                if (auto done = write(path); !done)
                    return forward(done);
            return written;
        };
        saving.setWriters(writers);
        QObject::connect(&saving, &Saving::saved, [this](const QString& message) { notes << message; });
        QObject::connect(&saving, &Saving::failed, [this](const QString& message) { failures << message; });
    }

    static Result<void> write(const fs::path& path)
    {
        std::ofstream(path) << "weights";
        return fs::exists(path) ? Result<void> {} : Result<void>(fail(Errc::Io, "cannot write " + path.string()));
    }

    void save(const SavePlan& plan)
    {
        saving.save(plan);
        ASSERT_TRUE(test::waitFor([this] { return !runner.busy(); }));
    }

    test::WrittenFiles files;
    std::shared_ptr<const zoo::Zoo> languages = zooNamed("languages");
    float first = 0.0F;
    std::atomic<bool> waits = false;
    std::optional<std::size_t> failsAt; ///< the folder that cannot be written
    std::vector<weights::SaveFormat> formats;
    std::vector<fs::path> folders;
    QStringList notes;
    QStringList failures;
    JobRunner runner; // ends before what its jobs use
    Saving saving {runner};
};

TEST_F(SavingTest, OneNetworkIsAFile)
{
    const auto target = files.folder() / "net.npz";
    save({.networks = {{languages, {7}}}, .format = weights::SaveFormat::Npz, .target = target});
    EXPECT_TRUE(fs::exists(target));
    std::vector<float> expected(languages->architecture.parameterCount());
    ASSERT_TRUE(languages->parameters->read(7, 1, expected));
    EXPECT_EQ(first, expected.front());
    EXPECT_THAT(formats, testing::ElementsAre(weights::SaveFormat::Npz));
    ASSERT_EQ(notes.size(), 1);
    EXPECT_THAT(notes[0].toStdString(), HasSubstr("Saved the network to"));
}

TEST_F(SavingTest, SeveralZoosHaveFoldersOfTheirOwn)
{
    const auto target = files.folder() / "out";
    save({.networks = {{languages, {1, 2}}, {zooNamed("languages"), {3}}, {zooNamed("../../etc"), {4}}},
          .format = weights::SaveFormat::Safetensors,
          .target = target});
    EXPECT_THAT(folders, testing::ElementsAre(target / "languages", target / "languages-2", target / "_.._etc"));
    ASSERT_EQ(notes.size(), 1);
    EXPECT_THAT(notes[0].toStdString(), HasSubstr("Saved 4 networks to"));
}

TEST_F(SavingTest, NothingStaysWhenTheSecondZooFails)
{
    failsAt = 1;
    const auto target = files.folder() / "out";
    save({.networks = {{languages, {1}}, {zooNamed("digits"), {2}}},
          .format = weights::SaveFormat::Safetensors,
          .target = target});
    EXPECT_THAT(failures, testing::ElementsAre("the disk is full"));
    EXPECT_TRUE(notes.isEmpty());
    EXPECT_FALSE(fs::exists(target / "languages" / "1.safetensors"));
}

TEST_F(SavingTest, CanBeCancelled)
{
    waits = true;
    saving.save({.networks = {{languages, {1, 2}}},
                 .format = weights::SaveFormat::Safetensors,
                 .target = files.folder() / "out"});
    ASSERT_TRUE(test::waitFor([this] { return !formats.empty(); }));
    runner.stopAll();
    ASSERT_TRUE(test::waitFor([this] { return !runner.busy(); }));
    EXPECT_TRUE(notes.isEmpty());
    EXPECT_TRUE(failures.isEmpty()) << "cancelling is no failure";
}

TEST_F(SavingTest, TheDialogProposesAFileForOneNetwork)
{
    const auto folder = QString::fromStdString(files.folder().string());
    SaveDialog dialog({{languages, {7}}}, folder);
    auto* target = dialog.findChild<QLineEdit*>("saveTarget");
    EXPECT_EQ(target->text(), folder + "/languages-7.safetensors");
    auto* format = dialog.findChild<QComboBox*>("saveFormat");
    format->setFocus();
    QTest::keyClick(format, Qt::Key_Down);
    EXPECT_EQ(target->text(), folder + "/languages-7.npz");
    EXPECT_EQ(dialog.plan().format, weights::SaveFormat::Npz);
    EXPECT_EQ(dialog.plan().target, files.folder() / "languages-7.npz");
}

TEST_F(SavingTest, TheDialogSaysWhatIsWrongAndWhatWillBeReplaced)
{
    const auto folder = QString::fromStdString(files.folder().string());
    SaveDialog dialog({{languages, {7}}}, folder);
    auto* target = dialog.findChild<QLineEdit*>("saveTarget");
    auto* problem = dialog.findChild<QLabel*>("saveProblem");
    auto* save = dialog.findChild<QPushButton*>("saveStart");
    EXPECT_TRUE(save->isEnabled());
    target->clear();
    EXPECT_EQ(problem->text(), "Name a file");
    EXPECT_FALSE(save->isEnabled());
    target->setText(folder + "/nowhere/net.npz");
    EXPECT_THAT(problem->text().toStdString(), HasSubstr("There is no folder"));
    target->setText(folder);
    EXPECT_THAT(problem->text().toStdString(), HasSubstr("is a folder"));
    ASSERT_TRUE(write(files.folder() / "net.npz"));
    target->setText(folder + "/net.npz");
    EXPECT_EQ(problem->text(), "net.npz is there already and will be replaced");
    EXPECT_TRUE(save->isEnabled());
}

TEST_F(SavingTest, TheDialogProposesAFolderForSeveral)
{
    const auto folder = QString::fromStdString(files.folder().string());
    SaveDialog dialog({{languages, {1, 2, 3}}}, folder);
    EXPECT_EQ(dialog.windowTitle(), "Save 3 selected networks");
    EXPECT_EQ(dialog.plan().target, files.folder() / "languages-networks");
    EXPECT_EQ(dialog.plan().count(), 3U);
    EXPECT_EQ(dialog.findChild<QLabel*>("saveProblem")->text(),
              "A file for every network, and labels.csv with their properties");
    ASSERT_TRUE(write(files.folder() / "plain"));
    dialog.findChild<QLineEdit*>("saveTarget")->setText(folder + "/plain");
    EXPECT_EQ(dialog.findChild<QLabel*>("saveProblem")->text(), "plain is a file, not a folder");
    EXPECT_FALSE(dialog.findChild<QPushButton*>("saveStart")->isEnabled());
}

TEST_F(SavingTest, ProposedNamesAreSafeWhateverTheZooIsCalled)
{
    for (const auto& name : test::hostileNames()) {
        const auto proposed = proposedFileName(*zooNamed(name), 3);
        EXPECT_LT(proposed.size(), 80);
        for (const QChar c : proposed)
            EXPECT_TRUE(c.isLetterOrNumber() || QStringLiteral("-_.").contains(c)) << proposed.toStdString();
    }
    EXPECT_EQ(proposedFileName(*zooNamed("../x"), 3), "_x-3");
    EXPECT_EQ(proposedFolderName(*zooNamed("...")), "network-networks");
}

} // namespace
} // namespace rnnscope::ui
