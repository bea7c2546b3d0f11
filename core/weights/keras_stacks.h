#pragma once

#include "core/weights/keras_units.h"

namespace rnnscope::weights {

/// What a Keras file declares.
struct KerasNetworks
{
    std::vector<RecurrentStack> stacks;
    std::vector<std::string> notes;
};

/// Recurrent layers that feed each other become stacks, Dense layers of their width become heads. Gate orders: LSTM
/// i, f, c, o as PyTorch's i, f, g, o; GRU z, r, h for PyTorch's r, z, n. What PyTorch's cells cannot compute is unfit.
KerasNetworks buildKerasStacks(const std::vector<TensorInfo>& tensors, const KerasConfig& config,
                               const KerasUnits& units);

} // namespace rnnscope::weights
