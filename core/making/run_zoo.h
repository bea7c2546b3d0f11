#pragma once

#include "core/making/training.h"
#include "core/zoo/zoo.h"

namespace rnnscope::making {

/// The snapshots of one run as a zoo, in memory.
zoo::Zoo zooOf(const Recipe& recipe, const Family& family, TrainedRun run);

/// Run, step and what the family records, without values.
std::vector<zoo::Property> recordedProperties(const Family& family);

} // namespace rnnscope::making
