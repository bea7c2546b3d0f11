#pragma once

#include "core/engine/engine.h"
#include "core/nn/training_set.h"

#include <c10/core/Device.h>

#include <memory>
#include <stop_token>

namespace rnnscope::nn {

/// Trains the emulator of `options` for options.constantSteps (at most options.steps) steps with one embedding for
/// every network and measures it where its validation loss was lowest. Learning rate, batch, criterion and splits are
/// those of the encoder's training; the rate falls over its own steps.
Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const TrainingSet> set, const engine::TrainOptions& options,
                                            c10::Device device, Progress& progress, const std::stop_token& stop);
/// The same on the splits of a zoo, as engine::Engine::trainConstant.
Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const zoo::Zoo> zoo, const engine::TrainOptions& options,
                                            c10::Device device, Progress& progress, const std::stop_token& stop);

} // namespace rnnscope::nn
