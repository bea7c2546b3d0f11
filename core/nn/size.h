#pragma once

#include "core/zoo/encoder_config.h"

namespace rnnscope::nn {

/// How many weights an encoder of this config has at least: its large matrices. A double, since configs from files can
/// ask for more than any integer holds.
double leastWeights(const zoo::EncoderConfig& config);

} // namespace rnnscope::nn
