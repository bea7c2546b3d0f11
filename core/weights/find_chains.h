#pragma once

#include "core/weights/find_stacks.h"

namespace rnnscope::weights {

/// Lists of one-layer modules ("lstms.0.weight_ih_l0", "lstms.1.weight_ih_l0", with dropout between them perhaps)
/// become one stack where their sizes say so: same cell and units, and only the first reads another number of inputs.
/// Where all read as many as there are units they might as well stand side by side, and stay apart.
void joinChains(std::vector<FoundStack>& stacks);

} // namespace rnnscope::weights
