#pragma once

#include "core/evaluation/numbers.h"

namespace rnnscope::evaluation {

/// Heads are trained and calibrated anew on random re-splits of the tasks and judged on the tasks left out; means over
/// `resplits` of them. One split of few tasks says little; and since the tasks are drawn at random, the coverage here
/// is what the calibration promises.
Result<std::vector<Number>> resplitNumbers(Workshop& workshop, const Subject& subject);

} // namespace rnnscope::evaluation
