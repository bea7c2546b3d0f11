#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace rnnscope {

namespace fs = std::filesystem;

/// Lets `write` fill a temporary neighbour of `target`, then flushes it and renames it to `target`. When `write` fails
/// or the disk is full the neighbour is removed and an old `target` stays as it was.
Result<void> replaceFile(const fs::path& target, const std::function<Result<void>(const fs::path&)>& write);

/// The file's first bytes, at most `count`; NotFound when it cannot be opened.
Result<std::string> readHead(const fs::path& path, std::size_t count);

/// A text file of at most `limit` bytes, whole.
Result<std::string> readText(const fs::path& path, std::size_t limit = std::size_t {16} << 20);

/// 64-bit FNV-1a; start with kFnvOffset and chain.
inline constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325ULL;
std::uint64_t fnv1a(std::span<const std::byte> bytes, std::uint64_t hash = kFnvOffset);

} // namespace rnnscope
