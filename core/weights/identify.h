#pragma once

#include "core/base/file.h"

#include <vector>

namespace rnnscope::weights {

enum class InputKind { Zoo, AuthorsFolder, Checkpoint, Weights, WeightsFolder, EncoderState };

/// What a file or folder is, from its content. Weights: some container of tensors, readable or not. WeightsFolder: a
/// folder that is no zoo with at least one file of weights in it. EncoderState: tensors named as in the authors'
/// published encoders. What is none of these is an error of one sentence that says what it is instead.
Result<InputKind> identify(const fs::path& path);

/// Does the file begin as some container of tensors does? Its extension is enough where the content is not text.
bool looksLikeWeights(const fs::path& file);

/// The weight files right in a folder, by content or extension, in the order of their names, numbers in them counted
/// (net-2.pt before net-10.pt). Hidden files, zoos and encoder checkpoints are left out.
Result<std::vector<fs::path>> weightFilesIn(const fs::path& folder);

} // namespace rnnscope::weights
