#include "core/making/parts_folder.h"
#include "making/making_case.h"

#include <fstream>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;
namespace fs = std::filesystem;
using testing::HasSubstr;

/// Two of three runs are finished when each test begins.
class Parts : public test::MakingTest
{
protected:
    Recipe recipe = test::smallLanguages();
    fs::path parts;
    fs::path whole;

    void SetUp() override
    {
        MakingTest::SetUp();
        whole = folder / "whole.h5";
        ASSERT_TRUE(make(recipe, whole));
        leaveTwo(recipe, zooPath);
        parts = partsOf(zooPath);
        ASSERT_TRUE(fs::exists(parts / "run_1.h5"));
        ASSERT_FALSE(fs::exists(parts / "run_2.h5"));
    }

    void leaveTwo(const Recipe& made, const fs::path& output)
    {
        rnn::TrainerKind kind = test::groupsOf(1);
        kind.make = [count = std::make_shared<int>(0), all = kind.make](const rnn::Shape& shape,
                                                                        std::span<const float> parameters) {
            return ++*count == 3 ? Result<std::unique_ptr<rnn::GroupTrainer>> {fail(Errc::Device, "gone")}
                                 : all(shape, parameters);
        };
        ASSERT_FALSE(make(made, output, kind));
    }

    /// Finishes the zoo, of which `made` runs are made now.
    void expectFinished(std::size_t made)
    {
        const auto finished = make(recipe, zooPath);
        ASSERT_TRUE(finished) << finished.error().message;
        EXPECT_EQ(finished->runs, made);
        EXPECT_EQ(test::firstDifference(whole, zooPath), "");
    }
};

TEST_F(Parts, AreZoosThemselves)
{
    const auto part = zoo::openZoo(parts / "run_1.h5");
    ASSERT_TRUE(part) << part.error().message;
    EXPECT_EQ((*part)->size, snapshotSteps(recipe).size());
    expectFinished(1);
}

TEST_F(Parts, OfOtherOptionsAreRefusedAndThrownAwayByForce)
{
    recipe.learningRate = 0.02;
    const auto refused = make(recipe, zooPath);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              parts.string()
                  + " holds runs that were made with other options: learning_rate is 0.02 now and was 0.01; "
                    "--force throws them away");
    EXPECT_TRUE(fs::exists(parts / "run_1.h5"));
    const auto forced = make(recipe, zooPath, rnn::cpuTrainers(1), true);
    ASSERT_TRUE(forced) << forced.error().message;
    EXPECT_EQ(forced->runs, 3U);
}

TEST_F(Parts, ThatAreCutShortAreMadeAgain)
{
    const fs::path intact = folder / "intact";
    fs::copy(parts, intact);
    for (const double share : {0.0, 0.5, 0.99}) {
        fs::remove(zooPath);
        fs::remove_all(parts);
        fs::copy(intact, parts);
        const auto size = static_cast<double>(fs::file_size(parts / "run_0.h5"));
        fs::resize_file(parts / "run_0.h5", static_cast<std::uintmax_t>(share * size));
        expectFinished(2);
    }
    EXPECT_THAT(progress.notes, testing::Contains(HasSubstr("run 0 is made again: ")));
}

TEST_F(Parts, ThatADiskHasDamagedAreMadeAgain)
{
    const fs::path intact = folder / "intact";
    fs::copy(parts, intact);
    const auto size = fs::file_size(parts / "run_0.h5");
    for (const double share : {0.5, 0.8, 0.999}) { // of the datasets' values, which any bytes could be
        fs::remove(zooPath);
        fs::remove_all(parts);
        fs::copy(intact, parts);
        std::fstream file(parts / "run_0.h5", std::ios::in | std::ios::out | std::ios::binary);
        const auto at = static_cast<std::streamoff>(share * static_cast<double>(size));
        file.seekg(at);
        const int byte = file.get();
        file.seekp(at);
        file.put(static_cast<char>(byte ^ 1));
        file.close();
        expectFinished(2);
    }
}

TEST_F(Parts, OfOtherRunsAreMadeAgain)
{
    fs::copy_file(parts / "run_1.h5", parts / "run_0.h5", fs::copy_options::overwrite_existing);
    expectFinished(2);
    EXPECT_THAT(progress.notes, testing::Contains(HasSubstr("it holds another run")));
}

TEST_F(Parts, OfOtherZoosAreMadeAgain)
{
    Recipe other = recipe;
    other.seed = 99;
    leaveTwo(other, folder / "other.h5");
    fs::copy_file(partsOf(folder / "other.h5") / "run_0.h5", parts / "run_0.h5", fs::copy_options::overwrite_existing);
    fs::copy_file(whole, parts / "run_1.h5", fs::copy_options::overwrite_existing);
    expectFinished(3);
    EXPECT_THAT(progress.notes, testing::Contains(HasSubstr("seed is 3 now and was 99")));
    EXPECT_THAT(progress.notes, testing::Contains(HasSubstr("it has 9 networks")));
}

TEST_F(Parts, KnowWhatAKilledProcessLeftUnfinished)
{
    std::ofstream(parts / "run_2.h5.part-123-4") << "half";
    std::ofstream(parts / "notes.txt") << "mine";
    expectFinished(1);
    EXPECT_EQ(std::distance(fs::directory_iterator(parts), fs::directory_iterator {}), 1);
    EXPECT_TRUE(fs::exists(parts / "notes.txt"));
}

TEST_F(Parts, WithoutTheirOptionsAreStillKnown)
{
    fs::remove(parts / "options.json");
    expectFinished(1);
}

TEST_F(Parts, WithUnreadableOptionsAreRefused)
{
    std::ofstream(parts / "options.json") << "{";
    const auto refused = make(recipe, zooPath);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("made with other options: they are not known; --force"));
}

TEST_F(Parts, AreOneProcesssAtATime)
{
    const auto held = PartsFolder::open(zooPath, {.recipe = toJson(recipe, "")}, false);
    ASSERT_TRUE(held) << held.error().message;
    const auto refused = make(recipe, zooPath);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "another process is making this zoo: it holds " + (parts / "lock").string());
}

TEST_F(Parts, AreTakenAwayFromBesideACompleteZoo)
{
    expectFinished(1);
    fs::create_directories(parts);
    std::ofstream(parts / "run_0.h5") << "left";
    EXPECT_TRUE(make(recipe, zooPath)->already);
    EXPECT_FALSE(fs::exists(parts));
}

TEST_F(Parts, OfAnotherZooToBeDoNotHoldUpACompleteOne)
{
    expectFinished(1);
    Recipe other = recipe;
    other.seed = 99;
    const auto taken = zooPath.string() + ".taken";
    fs::rename(zooPath, taken);
    leaveTwo(other, zooPath);
    fs::rename(taken, zooPath);
    const auto again = make(recipe, zooPath);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->already);
    EXPECT_TRUE(fs::exists(parts / "run_1.h5"));
}

TEST_F(Parts, NeedAFolder)
{
    std::ofstream(partsOf(folder / "new.h5")) << "a file";
    const auto refused = make(recipe, folder / "new.h5");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("cannot make the folder"));
}

} // namespace
