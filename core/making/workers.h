#pragma once

#include "core/base/progress.h"
#include "core/making/training.h"

#include <functional>
#include <span>

namespace rnnscope::making {

/// Trains the runs, handed out in order to as many threads as the trainers allow, and gives every finished run to
/// `keep`, on the thread that trained it. The first error stops the others. `progress` counts updates.
Result<void> trainAll(const Workshop& workshop, std::span<const std::size_t> runs,
                      const std::function<Result<void>(TrainedRun)>& keep, Progress& progress, std::stop_token stop);

} // namespace rnnscope::making
