#include "core/tasks/dataset_split.h"

#include <gtest/gtest.h>

#include <gmock/gmock.h>
#include <limits>
#include <map>
#include <set>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using testing::ElementsAre;
using testing::IsEmpty;
using zoo::Split;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

zoo::Zoo zooOf(const std::vector<double>& runs, const std::vector<double>& tasks)
{
    zoo::Zoo zoo;
    zoo.family = zoo::TaskFamily::SequentialMnist;
    zoo.size = std::max(runs.size(), tasks.size());
    if (!runs.empty()) {
        zoo.properties.emplace_back().name = "run";
        zoo.properties.back().values = runs;
    }
    if (!tasks.empty()) {
        zoo.properties.emplace_back().name = "task";
        zoo.properties.back().values = tasks;
    }
    return zoo;
}

/// `tasks` runs of three snapshots, each with a task of its own and ids from 100.
zoo::Zoo regularZoo(std::size_t tasks)
{
    std::vector<double> runs, angles;
    for (std::size_t row = 0; row < 3 * tasks; ++row) {
        runs.push_back(100.0 + static_cast<double>(row / 3));
        angles.push_back(10.0 * static_cast<double>(row / 3));
    }
    return zooOf(runs, angles);
}

std::map<Split, std::set<double>> tasksBySplit(const zoo::Zoo& zoo, const SplitPlan& plan)
{
    std::map<Split, std::set<double>> found;
    for (std::size_t row = 0; row < zoo.size; ++row)
        found[plan.rows[row]].insert(zoo.property("task")->value(row));
    return found;
}

class SplitZoo : public testing::TestWithParam<std::size_t>
{
};

TEST_P(SplitZoo, PutsNoTaskInTwoSplitsAndAllInOne)
{
    const auto zoo = regularZoo(GetParam());
    const auto plan = splitZoo(zoo);
    std::size_t tasks = 0;
    for (const auto& [split, found] : tasksBySplit(zoo, plan)) {
        EXPECT_NE(split, Split::Unknown);
        tasks += found.size();
    }
    EXPECT_EQ(tasks, GetParam());
    EXPECT_EQ(plan.byRun, GetParam() < 7);
}

TEST_P(SplitZoo, ListsTheRunsOfEverySplit)
{
    const auto zoo = regularZoo(GetParam());
    const auto plan = splitZoo(zoo);
    const auto& runs = plan.runs;
    EXPECT_EQ(runs.train.size() + runs.validation.size() + runs.calibration.size() + runs.ood.size(), GetParam());
    for (std::size_t row = 0; row < zoo.size; ++row) {
        const auto run = static_cast<std::int64_t>(zoo.property("run")->value(row));
        const auto& list = plan.rows[row] == Split::Training ? runs.train
            : plan.rows[row] == Split::Validation            ? runs.validation
            : plan.rows[row] == Split::Calibration           ? runs.calibration
                                                             : runs.ood;
        EXPECT_THAT(list, testing::Contains(run));
    }
}

INSTANTIATE_TEST_SUITE_P(Tasks, SplitZoo, testing::Values(1, 2, 3, 6, 7, 8, 14, 56, 100));

TEST(SplitZooByTask, HoldsTheLastTasksOutAndHalvesTheValidationTasks)
{
    const auto zoo = regularZoo(20);
    const auto found = tasksBySplit(zoo, splitZoo(zoo));
    EXPECT_EQ(found.at(Split::Ood), (std::set<double> {170, 180, 190}));
    EXPECT_EQ(found.at(Split::Training).size(), 14U);
    EXPECT_EQ(found.at(Split::Validation).size(), 2U);
    EXPECT_EQ(found.at(Split::Calibration).size(), 1U);
}

TEST(SplitZooByTask, HasNoCalibrationForOneValidationTask)
{
    const auto plan = splitZoo(regularZoo(8));
    EXPECT_EQ(plan.runs.validation.size(), 1U);
    EXPECT_THAT(plan.runs.calibration, IsEmpty());
}

TEST(SplitZooByRun, SaysWhyAndStillHoldsRunsOut)
{
    const auto plan = splitZoo(regularZoo(3));
    EXPECT_EQ(plan.note, "only 3 distinct tasks: the split is by run");
    EXPECT_EQ(plan.runs.train.size(), 1U);
    EXPECT_EQ(plan.runs.validation.size(), 1U);
    EXPECT_THAT(plan.runs.calibration, IsEmpty());
    EXPECT_THAT(plan.runs.ood, ElementsAre(102));
}

TEST(SplitZooByRun, ServesManyRunsOfFewTasks)
{
    std::vector<double> runs, tasks;
    for (std::size_t run = 0; run < 40; ++run) {
        runs.push_back(static_cast<double>(run));
        tasks.push_back(static_cast<double>(run % 2) * 90.0);
    }
    const auto plan = splitZoo(zooOf(runs, tasks));
    EXPECT_EQ(plan.note, "only 2 distinct tasks: the split is by run");
    EXPECT_EQ(plan.runs.train.size(), 28U);
    EXPECT_EQ(plan.runs.validation.size(), 3U);
    EXPECT_EQ(plan.runs.calibration.size(), 3U);
    EXPECT_EQ(plan.runs.ood.size(), 6U);
}

TEST(SplitZooByRun, LeavesNothingOutOfASingleRun)
{
    const auto plan = splitZoo(zooOf({5, 5, 5}, {90, 90, 90}));
    EXPECT_THAT(plan.runs.train, ElementsAre(5));
    EXPECT_THAT(plan.rows, testing::Each(Split::Training));
    EXPECT_EQ(plan.note, "only 1 distinct task: the split is by run, and nothing is held out of the only one");
}

TEST(SplitZooByRun, KeepsTwoRunsApart)
{
    const auto plan = splitZoo(zooOf({5, 6, 6}, {}));
    EXPECT_EQ(plan.runs.train.size(), 1U);
    EXPECT_EQ(plan.runs.validation.size(), 1U);
    EXPECT_EQ(plan.note, "the tasks are not recorded: the split is by run");
}

TEST(SplitZooByRun, IsTakenWhenARunChangesItsTask)
{
    auto zoo = regularZoo(10);
    zoo.properties[1].values[0] = 90.0;
    const auto plan = splitZoo(zoo);
    EXPECT_TRUE(plan.byRun);
    EXPECT_EQ(plan.note, "some runs have several tasks: the split is by run");
    std::map<double, std::set<Split>> splits;
    for (std::size_t row = 0; row < zoo.size; ++row)
        splits[zoo.properties[0].value(row)].insert(plan.rows[row]);
    for (const auto& [run, found] : splits)
        EXPECT_EQ(found.size(), 1U) << run;
}

TEST(SplitZooWithoutRuns, CountsRowsAsRuns)
{
    std::vector<double> tasks;
    for (std::size_t row = 0; row < 10; ++row)
        tasks.push_back(static_cast<double>(row));
    const auto plan = splitZoo(zooOf({}, tasks));
    EXPECT_FALSE(plan.byRun);
    EXPECT_THAT(plan.runs.ood, ElementsAre(8, 9));
}

TEST(SplitZooWithGaps, LeavesUnknownNetworksOut)
{
    auto zoo = regularZoo(10);
    zoo.properties[1].values[0] = kNan;
    zoo.properties[0].values[4] = kNan;
    const auto plan = splitZoo(zoo);
    EXPECT_EQ(plan.rows[0], Split::Unknown);
    EXPECT_EQ(plan.rows[4], Split::Unknown);
    EXPECT_NE(plan.rows[1], Split::Unknown);
}

TEST(SplitZooOfNothing, IsEmpty)
{
    const auto plan = splitZoo(zooOf({}, {}));
    EXPECT_THAT(plan.rows, IsEmpty());
    EXPECT_THAT(plan.runs.train, IsEmpty());
}

TEST(SplitZooOfLanguages, HoldsTheTasksOfHighestEntropyOut)
{
    zoo::Zoo zoo;
    zoo.family = zoo::TaskFamily::FormalLanguage;
    zoo.properties.resize(1);
    zoo.properties[0].name = "task";
    zoo.properties[0].columns = 2;
    for (int m = -4; m <= 4; ++m)
        zoo.properties[0].values.insert(zoo.properties[0].values.end(), {0.0, static_cast<double>(m)});
    zoo.size = 9;
    const auto plan = splitZoo(zoo);
    EXPECT_EQ(plan.rows[4], Split::Ood); // a^n b^n: evenest
}

TEST(ResplitZoo, DrawsOtherTasksWithEverySeedInTheSameShares)
{
    const auto zoo = regularZoo(40);
    const auto whole = splitZoo(zoo);
    std::set<double> leftOut;
    for (std::uint32_t seed = 1; seed <= 50; ++seed) {
        const auto plan = resplitZoo(zoo, seed);
        std::set<double> seen;
        for (const auto& [split, tasks] : tasksBySplit(zoo, plan)) {
            EXPECT_EQ(tasks.size(), tasksBySplit(zoo, whole)[split].size());
            for (const double task : tasks)
                EXPECT_TRUE(seen.insert(task).second) << "task " << task << " stands in two splits";
        }
        const auto ood = tasksBySplit(zoo, plan)[Split::Ood];
        leftOut.insert(ood.begin(), ood.end());
        EXPECT_EQ(plan.rows, resplitZoo(zoo, seed).rows);
    }
    EXPECT_EQ(leftOut.size(), 40U); // every task is left out now and then
    EXPECT_NE(resplitZoo(zoo, 1).rows, resplitZoo(zoo, 2).rows);
}

} // namespace
