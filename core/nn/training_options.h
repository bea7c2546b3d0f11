#pragma once

#include "core/engine/engine.h"

#include <string>

namespace rnnscope::nn {

/// Refuses options that no training can have, whatever the zoo.
Result<void> checkOptions(const engine::TrainOptions& options);

/// JSON of all that decides what a run computes, so not the device.
std::string optionsText(const engine::TrainOptions& options);

/// What two such texts disagree on: "steps is 3000 now and was 2000; emulator hidden_size is …"; empty when they agree.
std::string optionsDifference(const std::string& wanted, const std::string& found);

} // namespace rnnscope::nn
