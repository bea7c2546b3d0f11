#pragma once

#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rnnscope::tasks {

/// Which tasks are for what, as indices into the list of distinct tasks.
struct TaskSplit
{
    std::vector<std::size_t> train;
    std::vector<std::size_t> validation;
    std::vector<std::size_t> ood;
};

/// The authors' split of tasks given in ascending `order` of their criterion: the last are out of distribution, the
/// others shuffled; 70 : 15 : 15, cut to whole numbers, so there is no validation below 7 tasks. Reference README 27.
TaskSplit splitTasks(std::span<const std::size_t> order);

/// The authors' variant for downstream predictors: half of the out-of-distribution tasks, at random, join training.
TaskSplit withHalfOfOodTrained(TaskSplit split);

struct SplitPlan
{
    std::vector<zoo::Split> rows; ///< [N]; Unknown where run or task is not recorded
    zoo::Splits runs; ///< the same by run id, ascending; a zoo without runs counts every row as a run of its own
    bool byRun = false; ///< too few tasks to keep them apart
    std::string note; ///< why, for people; empty when there is nothing to say
};

/// By task (Herrmann et al. 2024): no task stands in two splits, half of the validation tasks become calibration.
/// By run when there are fewer than 7 distinct tasks: one run of two is validation, of three or more at least one is
/// validation and one is out of distribution (with the last tasks). Deterministic.
SplitPlan splitZoo(const zoo::Zoo& zoo);

/// The same shares, but which tasks (or runs) are in which split is drawn at random, the out-of-distribution ones too:
/// they are then merely left out. For measuring how far a result depends on the split.
SplitPlan resplitZoo(const zoo::Zoo& zoo, std::uint32_t seed);

} // namespace rnnscope::tasks
