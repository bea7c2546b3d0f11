#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <string>

namespace rnnscope {

namespace fs = std::filesystem;

/// Lets `write` fill a temporary neighbour of `target`, then flushes it and renames it to `target`. When `write` fails
/// or the disk is full the neighbour is removed and an old `target` stays as it was.
Result<void> replaceFile(const fs::path& target, const std::function<Result<void>(const fs::path&)>& write);

/// The same for writing that takes several calls: fill path(), then commit(). Uncommitted, it removes what was written.
class PendingFile
{
public:
    static Result<PendingFile> create(fs::path target);
    PendingFile(PendingFile&& other) noexcept;
    PendingFile& operator=(PendingFile&& other) noexcept;
    ~PendingFile();

    const fs::path& path() const { return m_neighbour; } ///< the neighbour, not yet created
    const fs::path& target() const { return m_target; }
    Result<void> commit();

private:
    PendingFile(fs::path target, fs::path neighbour);
    void discard();

    fs::path m_target;
    fs::path m_neighbour; ///< empty once committed
};

/// The file's first bytes, at most `count`; NotFound when it does not exist, Io when it is a pipe or device.
Result<std::string> readHead(const fs::path& path, std::size_t count);

/// A text file, or what comes out of a pipe, of at most `limit` bytes, whole.
Result<std::string> readText(const fs::path& path, std::size_t limit = std::size_t {16} << 20);

} // namespace rnnscope
