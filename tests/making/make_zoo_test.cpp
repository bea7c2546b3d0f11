#include "core/making/parts_folder.h"
#include "making/making_case.h"

#include <cmath>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <thread>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;
namespace fs = std::filesystem;
using testing::HasSubstr;

class MadeZoo : public test::MakingTest, public testing::WithParamInterface<zoo::TaskFamily>
{
protected:
    Recipe recipe() const
    {
        return GetParam() == zoo::TaskFamily::FormalLanguage ? test::smallLanguages() : test::smallMnist();
    }
};

TEST_P(MadeZoo, IsTheSameForAnyNumberOfThreadsAndAnyGroups)
{
    ASSERT_TRUE(make(recipe(), zooPath, rnn::cpuTrainers(1)));
    const std::vector<rnn::TrainerKind> kinds {rnn::cpuTrainers(3), test::groupsOf(2), test::groupsOf(5),
                                               test::groupsOf(1, 2)};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const fs::path other = folder / ("other" + std::to_string(i) + ".h5");
        const auto made = make(recipe(), other, kinds[i]);
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_EQ(test::firstDifference(zooPath, other), "") << i;
    }
    Recipe reseeded = recipe();
    reseeded.seed = 77;
    const fs::path different = folder / "different.h5";
    ASSERT_TRUE(make(reseeded, different));
    EXPECT_NE(test::firstDifference(zooPath, different), "");
}

TEST_P(MadeZoo, HasEveryRunsSnapshotsInOrder)
{
    const auto made = make(recipe(), zooPath);
    ASSERT_TRUE(made) << made.error().message;
    const auto opened = zoo::openZoo(zooPath);
    ASSERT_TRUE(opened) << opened.error().message;
    const zoo::Zoo& zoo = **opened;
    const auto steps = snapshotSteps(recipe());
    ASSERT_EQ(zoo.size, recipe().runs * steps.size());
    EXPECT_EQ(made->networks, zoo.size);
    EXPECT_EQ(made->runs, recipe().runs);
    EXPECT_EQ(made->updates, recipe().runs * (recipe().steps + 1));
    EXPECT_EQ(zoo.family, GetParam());
    EXPECT_EQ(zoo.name, nameOf(recipe()));
    EXPECT_EQ(zoo.architecture, architectureOf(recipe()));
    ASSERT_TRUE(zoo.rollouts);
    EXPECT_EQ(zoo.rollouts->shape().sequences, recipe().sequences);
    for (std::size_t row = 0; row < zoo.size; ++row) {
        EXPECT_EQ(zoo.property("run")->value(row), static_cast<double>(row / steps.size()));
        EXPECT_EQ(zoo.property("step")->value(row), static_cast<double>(steps[row % steps.size()]));
        EXPECT_TRUE(std::isfinite(zoo.property("eval_loss")->value(row)));
    }
    EXPECT_FALSE(fs::exists(partsOf(zooPath)));
    EXPECT_EQ(progress.began.front(), "training 3 runs");
}

TEST_P(MadeZoo, IsFinishedFromWhatAnEarlierCallLeft)
{
    ASSERT_TRUE(make(recipe(), zooPath));
    const fs::path other = folder / "other.h5";
    const auto failing = [&](std::size_t group) {
        rnn::TrainerKind kind = test::groupsOf(1);
        kind.make = [group, made = std::make_shared<std::size_t>(0),
                     all = kind.make](const rnn::Shape& shape, std::span<const float> parameters) {
            return (*made)++ == group ? Result<std::unique_ptr<rnn::GroupTrainer>> {fail(Errc::Device, "gone")}
                                      : all(shape, parameters);
        };
        return kind;
    };
    const auto broken = make(recipe(), other, failing(1));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().message, "gone");
    EXPECT_FALSE(fs::exists(other));
    EXPECT_TRUE(fs::exists(partsOf(other) / "run_0.h5"));
    EXPECT_FALSE(fs::exists(partsOf(other) / "run_1.h5"));
    const auto finished = make(recipe(), other);
    ASSERT_TRUE(finished) << finished.error().message;
    EXPECT_EQ(finished->runs, recipe().runs - 1);
    EXPECT_EQ(test::firstDifference(zooPath, other), "");
    EXPECT_FALSE(fs::exists(partsOf(other)));
    EXPECT_THAT(progress.notes, testing::Contains(HasSubstr("1 of 3 runs are in ")));
    EXPECT_THAT(progress.notes, testing::Contains("1 of 3 runs are there already"));
}

INSTANTIATE_TEST_SUITE_P(Families, MadeZoo,
                         testing::Values(zoo::TaskFamily::FormalLanguage, zoo::TaskFamily::SequentialMnist),
                         [](const auto& tested) { return std::string(zoo::name(tested.param)); });

class Making : public test::MakingTest
{
protected:
    Recipe recipe = test::smallLanguages();
};

TEST_F(Making, LearnsEveryCell)
{
    for (const zoo::Cell cell : {zoo::Cell::Gru, zoo::Cell::RnnTanh}) {
        recipe.cell = cell;
        recipe.runs = 1;
        recipe.steps = 60;
        recipe.snapshots = {0};
        const auto made = make(recipe, folder / "cell.h5", rnn::cpuTrainers(1), true);
        ASSERT_TRUE(made) << made.error().message;
        const auto zoo = zoo::openZoo(folder / "cell.h5").value();
        EXPECT_LT(zoo->property("train_loss")->value(1), 0.8 * zoo->property("train_loss")->value(0));
    }
}

TEST_F(Making, IsDoneWithACompleteZooAndMakesItAgainByForce)
{
    ASSERT_TRUE(make(recipe, zooPath));
    const auto before = fs::last_write_time(zooPath);
    const auto again = make(recipe, zooPath);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->already);
    EXPECT_EQ(again->runs, 0U);
    EXPECT_EQ(again->networks, 9U);
    EXPECT_EQ(fs::last_write_time(zooPath), before);
    EXPECT_FALSE(fs::exists(partsOf(zooPath)));
    const auto forced = make(recipe, zooPath, rnn::cpuTrainers(1), true);
    ASSERT_TRUE(forced);
    EXPECT_EQ(forced->runs, 3U);
}

TEST_F(Making, RefusesAZooOfOtherOptionsUnlessForced)
{
    ASSERT_TRUE(make(recipe, zooPath));
    recipe.batch = 7;
    const auto refused = make(recipe, zooPath);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              zooPath.string()
                  + " exists and was made with other options: batch is 7 now and was 32; --force replaces "
                    "it");
    ASSERT_TRUE(make(recipe, zooPath, rnn::cpuTrainers(1), true));
    EXPECT_TRUE(make(recipe, zooPath)->already);
}

TEST_F(Making, RefusesAFileThatIsNoMadeZooUnlessForced)
{
    std::ofstream(zooPath) << "letters to a friend";
    const auto refused = make(recipe, zooPath);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message,
                testing::StartsWith(zooPath.string() + " exists and cannot be read; --force replaces it: "));
    EXPECT_TRUE(make(recipe, zooPath, rnn::cpuTrainers(1), true));
}

TEST_F(Making, IsNotHeldUpByWhatKilledProcessesLeave)
{
    const fs::path parts = zooPath.string() + ".parts";
    fs::create_directory(parts);
    std::ofstream(parts / "options.json") << R"({"seed": 77})"; // of other options, but no run of theirs was finished
    const fs::path merging = zooPath.string() + ".part-123-4";
    std::ofstream(merging) << "half a zoo";
    EXPECT_TRUE(make(recipe, zooPath));
    EXPECT_FALSE(fs::exists(merging));
    EXPECT_FALSE(fs::exists(parts));
}

TEST_F(Making, StopsWhenAskedAndLeavesNothingWhereNothingIsFinished)
{
    recipe.steps = 1'000'000;
    std::stop_source stop;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        stop.request_stop();
    });
    const auto stopped = make(recipe, zooPath, rnn::cpuTrainers(2), false, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::Cancelled);
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Making, StoresHalfParametersOfTheSameNetworks)
{
    ASSERT_TRUE(make(recipe, zooPath));
    recipe.half = true;
    const fs::path halfPath = folder / "half.h5";
    ASSERT_TRUE(make(recipe, halfPath));
    const auto whole = zoo::openZoo(zooPath).value(), half = zoo::openZoo(halfPath).value();
    EXPECT_TRUE(half->parameters->isHalf());
    const std::size_t count = whole->architecture.parameterCount();
    std::vector<float> a(count), b(count);
    ASSERT_TRUE(whole->parameters->read(4, 1, a) && half->parameters->read(4, 1, b));
    for (std::size_t i = 0; i < count; ++i)
        EXPECT_NEAR(a[i], b[i], 1e-3F);
    EXPECT_EQ(whole->property("accuracy")->values, half->property("accuracy")->values);
}

TEST_F(Making, WritesNoRolloutsWhereNoneAreWanted)
{
    recipe.sequences = 0;
    const auto made = make(recipe, zooPath);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(zoo::openZoo(zooPath).value()->rollouts, nullptr);
}

TEST_F(Making, NamesTheFileThatCannotBeWritten)
{
    rlimit before {};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 4000; // a part is larger
    setrlimit(RLIMIT_FSIZE, &small);
    const auto made = make(recipe, zooPath);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Io);
    EXPECT_THAT(made.error().message, HasSubstr("cannot write " + (partsOf(zooPath) / "run_").string()));
    EXPECT_THAT(made.error().message, HasSubstr("File too large"));
    EXPECT_FALSE(fs::exists(zooPath));
}

} // namespace
