#pragma once

#include "core/making/parts_folder.h"

namespace rnnscope::making {

/// The parts of runs 0 to `runs` - 1, one after the other, as one zoo. Only one of them is open at a time, so that
/// memory and file handles do not grow with their number. `parts` must outlive the zoo.
Result<zoo::Zoo> mergedZoo(const PartsFolder& parts, std::size_t runs);

} // namespace rnnscope::making
