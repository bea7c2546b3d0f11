#include "core/tasks/dataset_split.h"

#include "core/tasks/formal_language.h"
#include "core/tasks/legacy_random.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

namespace rnnscope::tasks {

namespace {

constexpr double kValidationShare = 0.15;
constexpr double kOodShare = 0.15;
constexpr std::uint32_t kSplitSeed = 1; // the authors'
constexpr std::uint32_t kDownstreamSeed = 2;
constexpr std::size_t kFewestTasks = 7; // int(0.15 * 7) = 1
constexpr double kLargestRun = 9007199254740992.0; // 2^53

using Task = std::vector<double>;

/// Networks that must not be parted: those of one task, or of one run.
struct Group
{
    double criterion = 0.0;
    std::vector<std::size_t> rows;
};

std::size_t shareOf(double share, std::size_t count)
{
    return static_cast<std::size_t>(share * static_cast<double>(count));
}

/// `from` reordered at random.
std::vector<std::size_t> shuffled(std::span<const std::size_t> from, std::uint32_t seed)
{
    std::vector<std::size_t> result;
    for (const std::size_t i : LegacyRandom(seed).permutation(from.size()))
        result.push_back(from[i]);
    return result;
}

/// The first `train`, then `validation` of the shuffled ones before the last, which are out of distribution.
TaskSplit cut(std::span<const std::size_t> order, std::size_t train, std::size_t validation)
{
    const auto mixed = shuffled(order.first(train + validation), kSplitSeed);
    const auto middle = mixed.begin() + static_cast<std::ptrdiff_t>(train);
    const auto ood = order.subspan(train + validation);
    return {{mixed.begin(), middle}, {middle, mixed.end()}, {ood.begin(), ood.end()}};
}

/// At least one run for validation, and from three runs one out of distribution.
TaskSplit splitRuns(std::span<const std::size_t> order)
{
    const std::size_t count = order.size();
    const std::size_t validation = count < 2 ? 0 : std::max<std::size_t>(1, shareOf(kValidationShare, count));
    const std::size_t ood = count < 3 ? 0 : std::max<std::size_t>(1, shareOf(kOodShare, count));
    return cut(order, count - validation - ood, validation);
}

std::optional<std::int64_t> runOf(const zoo::Zoo& zoo, std::size_t row)
{
    const zoo::Property* run = zoo.property("run");
    const double id = run == nullptr ? static_cast<double>(row) : run->value(row);
    if (!(std::abs(id) <= kLargestRun))
        return std::nullopt;
    return static_cast<std::int64_t>(std::llround(id));
}

/// Empty when not recorded.
Task taskOf(const zoo::Property* task, std::size_t row)
{
    Task entries;
    for (std::size_t k = 0; task != nullptr && k < task->columns; ++k)
        entries.push_back(task->value(row, k));
    const bool known = std::none_of(entries.begin(), entries.end(), [](double x) { return std::isnan(x); });
    return known ? entries : Task {};
}

double criterionOf(const zoo::Zoo& zoo, const zoo::Property* task, std::size_t row)
{
    if (task != nullptr && zoo.family == zoo::TaskFamily::FormalLanguage) {
        const auto differences = differencesOf(*task, row);
        if (!differences.empty())
            return entropyCriterion(differences);
    }
    const Task entries = taskOf(task, row);
    return std::accumulate(entries.begin(), entries.end(), 0.0);
}

bool runsHaveOneTask(const zoo::Zoo& zoo, const zoo::Property* task)
{
    std::map<std::int64_t, Task> first;
    for (std::size_t row = 0; row < zoo.size; ++row) {
        const auto run = runOf(zoo, row);
        const Task entries = taskOf(task, row);
        if (run && !entries.empty() && first.try_emplace(*run, entries).first->second != entries)
            return false;
    }
    return true;
}

template <typename Key>
std::vector<Group> valuesOf(std::map<Key, Group> groups)
{
    std::vector<Group> list;
    list.reserve(groups.size());
    for (auto& [key, group] : groups)
        list.push_back(std::move(group));
    return list;
}

std::vector<Group> groupByTask(const zoo::Zoo& zoo, const zoo::Property* task)
{
    std::map<Task, Group> groups;
    for (std::size_t row = 0; row < zoo.size; ++row) {
        const Task entries = taskOf(task, row);
        if (entries.empty() || !runOf(zoo, row))
            continue;
        Group& group = groups[entries];
        group.criterion = criterionOf(zoo, task, row);
        group.rows.push_back(row);
    }
    return valuesOf(std::move(groups));
}

std::vector<Group> groupByRun(const zoo::Zoo& zoo, const zoo::Property* task)
{
    std::map<std::int64_t, Group> groups;
    for (std::size_t row = 0; row < zoo.size; ++row) {
        const auto run = runOf(zoo, row);
        if (!run)
            continue;
        Group& group = groups[*run];
        if (group.rows.empty())
            group.criterion = criterionOf(zoo, task, row);
        group.rows.push_back(row);
    }
    return valuesOf(std::move(groups));
}

/// Positions in ascending criterion. Stable, so ties keep the order of tasks or runs on every machine.
std::vector<std::size_t> orderOf(const std::vector<Group>& groups)
{
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return groups[a].criterion < groups[b].criterion; });
    return order;
}

void fill(SplitPlan& plan, const std::vector<Group>& groups, std::span<const std::size_t> chosen, zoo::Split split)
{
    for (const std::size_t g : chosen)
        for (const std::size_t row : groups[g].rows)
            plan.rows[row] = split;
}

void listRuns(SplitPlan& plan, const zoo::Zoo& zoo)
{
    std::map<zoo::Split, std::set<std::int64_t>> runs;
    for (std::size_t row = 0; row < zoo.size; ++row)
        if (plan.rows[row] != zoo::Split::Unknown)
            runs[plan.rows[row]].insert(*runOf(zoo, row));
    const auto listed
        = [&](zoo::Split split) { return std::vector<std::int64_t>(runs[split].begin(), runs[split].end()); };
    plan.runs = {listed(zoo::Split::Training), listed(zoo::Split::Validation), listed(zoo::Split::Calibration),
                 listed(zoo::Split::Ood)};
}

/// Why the split goes by run; empty when it can go by task.
std::string reasonForRuns(const zoo::Zoo& zoo, const zoo::Property* task, std::size_t tasks)
{
    if (task == nullptr)
        return "the tasks are not recorded: the split is by run";
    if (tasks < kFewestTasks)
        return fmt::format("only {} distinct task{}: the split is by run", tasks, tasks == 1 ? "" : "s");
    if (!runsHaveOneTask(zoo, task))
        return "some runs have several tasks: the split is by run";
    return {};
}

/// `order` gives the positions of the groups; the last ones are out of distribution.
template <typename Order>
SplitPlan planFor(const zoo::Zoo& zoo, const Order& order)
{
    const zoo::Property* task = zoo.property("task");
    SplitPlan plan;
    plan.rows.assign(zoo.size, zoo::Split::Unknown);
    auto groups = groupByTask(zoo, task);
    plan.note = reasonForRuns(zoo, task, groups.size());
    plan.byRun = !plan.note.empty();
    if (plan.byRun)
        groups = groupByRun(zoo, task);
    if (groups.size() == 1)
        plan.note += ", and nothing is held out of the only one";

    const std::vector<std::size_t> positions = order(groups);
    const auto split = plan.byRun ? splitRuns(positions) : splitTasks(positions);
    const std::span<const std::size_t> validation = split.validation;
    const std::size_t calibration = validation.size() / 2;
    fill(plan, groups, split.train, zoo::Split::Training);
    fill(plan, groups, validation.first(validation.size() - calibration), zoo::Split::Validation);
    fill(plan, groups, validation.last(calibration), zoo::Split::Calibration);
    fill(plan, groups, split.ood, zoo::Split::Ood);
    listRuns(plan, zoo);
    return plan;
}

} // namespace

TaskSplit splitTasks(std::span<const std::size_t> order)
{
    return cut(order, shareOf(1.0 - kValidationShare - kOodShare, order.size()),
               shareOf(kValidationShare, order.size()));
}

TaskSplit withHalfOfOodTrained(TaskSplit split)
{
    const auto mixed = shuffled(split.ood, kDownstreamSeed);
    const auto middle = mixed.begin() + static_cast<std::ptrdiff_t>(mixed.size() / 2);
    split.train.insert(split.train.end(), middle, mixed.end());
    split.ood.assign(mixed.begin(), middle);
    return split;
}

SplitPlan splitZoo(const zoo::Zoo& zoo)
{
    return planFor(zoo, orderOf);
}

SplitPlan resplitZoo(const zoo::Zoo& zoo, std::uint32_t seed)
{
    return planFor(zoo, [seed](const std::vector<Group>& groups) { return shuffled(orderOf(groups), seed); });
}

} // namespace rnnscope::tasks
