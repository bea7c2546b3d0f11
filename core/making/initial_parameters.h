#pragma once

#include "core/zoo/architecture.h"

#include <cstdint>
#include <vector>

namespace rnnscope::making {

/// [P], as PyTorch makes new nn.LSTM, nn.GRU, nn.RNN and the nn.Linear that reads them: every weight and bias uniform
/// between -1/sqrt(H) and 1/sqrt(H).
std::vector<float> initialParameters(const zoo::Architecture& architecture, std::uint64_t key);

} // namespace rnnscope::making
