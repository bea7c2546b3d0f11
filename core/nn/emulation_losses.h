#pragma once

#include "core/engine/engine.h"

#include <c10/core/Device.h>

#include <stop_token>
#include <vector>

namespace rnnscope::nn {

/// As engine::Engine::emulationLosses, on a device.
Result<std::vector<double>> emulationLosses(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint,
                                            const engine::EmulationOptions& options, c10::Device device,
                                            Progress& progress, const std::stop_token& stop);

} // namespace rnnscope::nn
