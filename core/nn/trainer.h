#pragma once

#include "core/engine/engine.h"

#include <c10/core/Device.h>

#include <stop_token>

namespace rnnscope::nn {

/// Emulation training of an encoder, then heads on its frozen embedding. Herrmann et al. 2024, section 3; encoders.md,
/// "Emulation". The state with the lowest validation loss is kept. Networks with weights that are not finite are left
/// out, and named. A loss that is not finite stops the training with the step.
Result<zoo::Checkpoint> trainEncoder(const zoo::Zoo& zoo, const engine::TrainOptions& options, c10::Device device,
                                     Progress& progress, std::stop_token stop);

} // namespace rnnscope::nn
