#pragma once

#include "core/base/result.h"
#include "core/making/recipe.h"

namespace rnnscope::making {

/// Bytes that training and judging one run take at most, within a factor of two.
double memoryOfRun(const Recipe& recipe);

/// Refuses `runs` at once that this machine's memory cannot hold.
Result<void> checkMemory(const Recipe& recipe, std::size_t runs);

} // namespace rnnscope::making
