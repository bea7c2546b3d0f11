#pragma once

#include "core/engine/engine.h"
#include "core/nn/training_set.h"

#include <c10/core/Device.h>

#include <memory>
#include <stop_token>

namespace rnnscope::nn {

/// A trained `encoder` with all that a finished checkpoint has besides: the constant-embedding baseline, embedding,
/// splits and runs of the whole zoo, and heads with calibration. Heads that were learned end to end are only
/// calibrated.
Result<zoo::Checkpoint> completed(zoo::Checkpoint encoder, const std::shared_ptr<const TrainingSet>& set,
                                  const engine::TrainOptions& options, c10::Device device, Progress& progress,
                                  const std::stop_token& stop);

} // namespace rnnscope::nn
