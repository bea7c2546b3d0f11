#pragma once

#include "core/zoo/zoo.h"

namespace rnnscope::zoo {

/// `zoo` with a memory: rows and roll-outs that were read once are kept until `budget` bytes are full, so that training
/// on a small compressed zoo inflates it once and not in every step. Numbers stay float16 in memory where that loses
/// nothing. What no longer fits is read anew each time. As safe to call from several threads as `zoo` itself.
std::shared_ptr<const Zoo> cachedZoo(std::shared_ptr<const Zoo> zoo, std::size_t budget);

} // namespace rnnscope::zoo
