#pragma once
#include "core/base/result.h"
#include <filesystem>
namespace rnnscope::zoo {
enum class FileKind { Zoo, AuthorsFolder, Checkpoint };
Result<FileKind> fileKind(const std::filesystem::path& path);
}
