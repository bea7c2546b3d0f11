#pragma once

#include "ui/models/training_plan.h"

#include <memory>
#include <vector>

namespace rnnscope::ui {

/// The options an unfinished training was begun with. BadFormat when they cannot be read, NotFound when the checkpoint
/// is a finished one.
Result<engine::TrainOptions> resumeOptions(const zoo::Checkpoint& unfinished);

/// What goes on with an unfinished training, into the file it came from: on `preferred` when it fits, else on the first
/// of `zoos` that does. Whether that is the zoo it was begun on, the engine finds out.
Result<TrainingPlan> planToGoOn(const std::shared_ptr<const zoo::Checkpoint>& unfinished,
                                const std::vector<std::shared_ptr<const zoo::Zoo>>& zoos,
                                const std::shared_ptr<const zoo::Zoo>& preferred);

} // namespace rnnscope::ui
