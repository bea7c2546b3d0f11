#pragma once

#include "core/engine/engine.h"

#include <string>

namespace rnnscope::cli {

/// What --config says of its file, for --help.
inline constexpr const char* kTrainConfigHelp
    = "JSON file with settings that replace the preset's: an object of the encoder's settings, or one with any of the "
      "sections \"encoder\", \"emulator\" (hidden_size, num_layers, only_condition_bos) and \"training\" (steps, "
      "batch, learning_rate, final_learning_rate, weight_decay, gradient_clip, permutation_augmentation, criterion, "
      "evaluate_every, patience, constant_steps, seed)";

/// Replaces what the file at `path` gives. Unknown settings and wrong types are BadFormat naming file and setting.
Result<void> applyTrainConfig(const std::string& path, engine::TrainOptions& options);

} // namespace rnnscope::cli
