#pragma once

#include "core/base/file.h"

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace rnnscope {

/// A file of which only the piece in use is mapped, so that reading 10 GB costs the memory of one piece. Safe to call
/// from several threads. Stays the same file when another one replaces it by rename.
class MappedFile
{
public:
    static Result<std::shared_ptr<const MappedFile>> open(const fs::path& path);
    /// Bytes in memory in the place of a file's, those of an archive's part. `path` is for messages.
    static std::shared_ptr<const MappedFile> ofBytes(fs::path path, std::string bytes);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const fs::path& path() const { return m_path; }
    std::size_t size() const { return m_size; } ///< bytes, when it was opened
    /// All bytes where they are in memory; empty for a file.
    std::span<const std::byte> memory() const { return std::as_bytes(std::span(m_memory)); }

    /// Calls `use` with the bytes [offset, offset + count); they are unmapped when it returns. Refuses what lies
    /// beyond the file's present end, so a file that was cut meanwhile is an error and not a signal.
    Result<void> use(std::size_t offset, std::size_t count,
                     const std::function<void(std::span<const std::byte>)>& use) const;

private:
    MappedFile(fs::path path, int descriptor, std::size_t size);

    fs::path m_path;
    int m_descriptor = -1;
    std::size_t m_size = 0;
    std::string m_memory;
};

} // namespace rnnscope
