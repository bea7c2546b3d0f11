#pragma once

#include "core/base/file.h"

namespace rnnscope::weights {

enum class InputKind { Zoo, AuthorsFolder, Checkpoint, Weights, WeightsFolder, EncoderState };

/// What a file or folder is, from its content. Weights: some container of tensors, readable or not. WeightsFolder: a
/// folder that is no zoo with at least one file of weights in it. EncoderState: tensors named as in the authors'
/// published encoders. What is none of these is an error of one sentence that says what it is instead.
Result<InputKind> identify(const fs::path& path);

} // namespace rnnscope::weights
