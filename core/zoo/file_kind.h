#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace rnnscope::zoo {

enum class FileKind { Zoo, AuthorsFolder, Checkpoint };

/// From the content, whatever the name says. What is none of these is an error of one sentence that says what it is
/// instead: "x.png is a PNG image, not a zoo or an encoder checkpoint".
Result<FileKind> fileKind(const std::filesystem::path& path);

} // namespace rnnscope::zoo
