#pragma once

#include "core/base/result.h"
#include "core/making/family.h"
#include "core/making/recipe.h"
#include "core/rnn/group_trainer.h"

#include <atomic>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::making {

struct TrainedRun
{
    std::size_t run = 0;
    std::vector<Snapshot> snapshots; ///< ascending steps
};

/// Where and how runs are trained.
struct Workshop
{
    const Recipe& recipe;
    const Family& family;
    const rnn::TrainerKind& trainers;
    int threads = 1; ///< that draw batches and judge networks beside a trainer of several
};

/// Trains these runs side by side, from new networks to their last snapshots. `updates` grows by one for every update
/// of every network. Cancelled within an update or a judged batch of digits.
Result<std::vector<TrainedRun>> trainTogether(const Workshop& workshop, std::span<const std::size_t> runs,
                                              std::atomic<std::size_t>& updates, const std::stop_token& stop);

} // namespace rnnscope::making
