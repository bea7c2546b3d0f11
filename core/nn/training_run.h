#pragma once

#include "core/engine/engine.h"

#include <c10/core/Device.h>

#include <memory>

namespace rnnscope::nn {

/// As engine::Engine::startTraining, on a device. Networks with weights that are not finite are left out, and named.
Result<std::unique_ptr<engine::TrainingRun>> startTraining(std::shared_ptr<const zoo::Zoo> zoo,
                                                           const engine::TrainOptions& options, c10::Device device,
                                                           const zoo::Checkpoint* unfinished, Progress& progress);

} // namespace rnnscope::nn
