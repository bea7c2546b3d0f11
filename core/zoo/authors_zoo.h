#pragma once

#include "core/zoo/zoo.h"

namespace rnnscope::zoo {

/// Files of which at least one is in every authors' folder.
bool looksLikeAuthorsFolder(const std::filesystem::path& folder);

/// The folder of .npy files the authors' programs write: formats.md, "The authors' zoo directory". Nothing large is
/// read; parameters and roll-outs stay in their files.
Result<std::shared_ptr<const Zoo>> openAuthorsFolder(const std::filesystem::path& folder);

} // namespace rnnscope::zoo
