#include "core/tasks/dataset_split.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/legacy_random.h"
#include "tasks/golden_file.h"

#include <gtest/gtest.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using test::GoldenFile;
using Rows = std::vector<std::size_t>;
using Task = std::vector<double>;

class GoldenDatasetSplit : public testing::Test
{
protected:
    GoldenFile golden {"dataset_split.h5"};

    std::vector<std::string> groups() const
    {
        auto names = golden.names();
        std::erase(names, "permutations");
        return names;
    }

    /// The rows of `array`, which may be angles.
    static std::vector<Task> rowsOf(const GoldenFile::Array& array)
    {
        std::vector<Task> rows;
        for (std::size_t i = 0; i * array.columns() < array.values.size(); ++i) {
            const auto first = array.values.begin() + static_cast<std::ptrdiff_t>(i * array.columns());
            rows.emplace_back(first, first + static_cast<std::ptrdiff_t>(array.columns()));
        }
        return rows;
    }

    void expectPart(const std::string& group, const std::string& part, const Rows& chosen) const
    {
        SCOPED_TRACE(group + "/" + part);
        const auto unique = rowsOf(golden.array(group.substr(0, group.find('/')) + "/unique_tasks"));
        std::vector<Task> tasks;
        for (const std::size_t i : chosen)
            tasks.push_back(unique.at(i));
        EXPECT_EQ(tasks, rowsOf(golden.array(group + "/" + part + "_tasks")));
        const auto all = rowsOf(golden.array(group.substr(0, group.find('/')) + "/tasks"));
        Rows rows;
        for (std::size_t row = 0; row < all.size(); ++row)
            if (std::find(tasks.begin(), tasks.end(), all[row]) != tasks.end())
                rows.push_back(row);
        EXPECT_EQ(rows, golden.array(group + "/" + part + "_rows").indices());
    }

    void expectSplit(const std::string& group, const TaskSplit& split) const
    {
        expectPart(group, "train", split.train);
        expectPart(group, "eval", split.validation);
        expectPart(group, "ood", split.ood);
    }
};

TEST_F(GoldenDatasetSplit, PermutesAsNumpyDoes)
{
    std::size_t compared = 0;
    for (const auto& name : golden.names("permutations")) {
        const auto seed = static_cast<std::uint32_t>(std::stoul(name.substr(5)));
        const auto expected = golden.array("permutations/" + name).indices();
        EXPECT_EQ(LegacyRandom(seed).permutation(expected.size()), expected) << name;
        ++compared;
    }
    EXPECT_GE(compared, 20U);
}

TEST_F(GoldenDatasetSplit, SortsByTheAuthorsCriterion)
{
    for (const auto& group : groups()) {
        const auto tasks = rowsOf(golden.array(group + "/unique_tasks"));
        const auto criterion = golden.array(group + "/criterion").values;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const std::vector<int> differences(tasks[i].begin(), tasks[i].end());
            const double found = group.starts_with("formal") ? entropyCriterion(differences) : tasks[i].front();
            EXPECT_NEAR(found, criterion[i], 1e-12) << group << " " << i;
        }
    }
}

TEST_F(GoldenDatasetSplit, GivesEveryPartTheAuthorsTasksAndRows)
{
    ASSERT_GE(groups().size(), 7U);
    for (const auto& group : groups()) {
        const auto split = splitTasks(golden.array(group + "/argsort_of_criterion").indices());
        expectSplit(group + "/downstream_on_ood_0", split);
        expectSplit(group + "/downstream_on_ood_1", withHalfOfOodTrained(split));
    }
}

/// The zoo of a group, nine snapshots a run.
zoo::Zoo zooOf(const GoldenFile::Array& tasks, zoo::TaskFamily family)
{
    zoo::Zoo zoo;
    zoo.family = family;
    zoo.size = tasks.shape[0];
    zoo.properties.resize(2);
    zoo.properties[0].name = "task";
    zoo.properties[0].columns = tasks.columns();
    zoo.properties[0].values = tasks.values;
    zoo.properties[1].name = "run";
    for (std::size_t row = 0; row < zoo.size; ++row)
        zoo.properties[1].values.push_back(static_cast<double>(row / 9));
    return zoo;
}

TEST_F(GoldenDatasetSplit, IsWhatAZooGetsWhereNoCriterionIsTied)
{
    for (const std::string group : {"mnist_40_tasks", "mnist_250_tasks"}) {
        const auto plan = splitZoo(zooOf(golden.array(group + "/tasks"), zoo::TaskFamily::SequentialMnist));
        Rows train, validation, ood;
        for (std::size_t row = 0; row < plan.rows.size(); ++row) {
            const auto split = plan.rows[row];
            (split == zoo::Split::Training ? train : split == zoo::Split::Ood ? ood : validation).push_back(row);
        }
        EXPECT_EQ(train, golden.array(group + "/downstream_on_ood_0/train_rows").indices());
        EXPECT_EQ(validation, golden.array(group + "/downstream_on_ood_0/eval_rows").indices());
        EXPECT_EQ(ood, golden.array(group + "/downstream_on_ood_0/ood_rows").indices());
        EXPECT_FALSE(plan.byRun);
        EXPECT_EQ(plan.note, "");
    }
}

} // namespace
