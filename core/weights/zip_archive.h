#pragma once

#include "core/base/mapped_file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace rnnscope::weights {

/// A zip archive to read from, by libzip. Entries are stored or deflated; others are refused by name when they are
/// read. Not for two threads at once.
class ZipArchive
{
public:
    struct Entry
    {
        std::string name;
        std::size_t size = 0; ///< bytes unpacked
        std::size_t packed = 0; ///< bytes in the file
        bool stored = false; ///< not compressed
    };

    /// BadFormat when it is no archive, is cut short, has two entries of one name or over 100 000 of them, or when an
    /// entry claims to unpack to over a thousand times its packed size.
    static Result<std::shared_ptr<const ZipArchive>> open(const std::shared_ptr<const MappedFile>& file);
    ~ZipArchive();
    ZipArchive(const ZipArchive&) = delete;
    ZipArchive& operator=(const ZipArchive&) = delete;

    const fs::path& path() const { return m_file->path(); }
    const std::vector<Entry>& entries() const { return m_entries; } ///< in the order of the archive
    const Entry* find(std::string_view name) const; ///< nullptr when there is none

    /// Bytes [offset, offset + count) of the entry. A whole entry (offset 0, its full size) has its checksum verified.
    /// Deflated entries are unpacked from their beginning.
    Result<void> read(const Entry& entry, std::size_t offset, std::span<std::byte> out) const;
    /// The whole entry; BadFormat when it is larger than `limit`.
    Result<std::string> readAll(const Entry& entry, std::size_t limit) const;

private:
    ZipArchive(std::shared_ptr<const MappedFile> file, struct zip* archive);

    std::shared_ptr<const MappedFile> m_file;
    struct zip* m_archive = nullptr;
    std::vector<Entry> m_entries;
    std::vector<std::size_t> m_byName; ///< indices of entries, sorted by name
};

} // namespace rnnscope::weights
