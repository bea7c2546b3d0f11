#include "core/weights/zip_archive.h"

#include "core/base/printable.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <zip.h>

namespace rnnscope::weights {

namespace {

constexpr zip_int64_t kMostFiles = 100'000;
constexpr std::size_t kMostRatio = 1000;
constexpr std::size_t kSmall = 4096; ///< entries below may unpack at any ratio

std::string reason(zip_error_t* error)
{
    std::string text = zip_error_strerror(error);
    zip_error_fini(error);
    return text;
}

struct CloseEntry
{
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using OpenEntry = std::unique_ptr<zip_file_t, CloseEntry>;

} // namespace

ZipArchive::ZipArchive(std::shared_ptr<const MappedFile> file, struct zip* archive)
    : m_file(std::move(file))
    , m_archive(archive)
{
}

ZipArchive::~ZipArchive()
{
    zip_discard(m_archive);
}

Result<std::shared_ptr<const ZipArchive>> ZipArchive::open(const std::shared_ptr<const MappedFile>& file)
{
    const std::string where = file->path().string();
    int code = 0;
    struct zip* handle = zip_open(where.c_str(), ZIP_RDONLY, &code);
    if (handle == nullptr) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        return fail(Errc::BadFormat, fmt::format("{} is a ZIP archive that is cut short or damaged", where),
                    reason(&error));
    }
    const std::shared_ptr<ZipArchive> archive(new ZipArchive(file, handle));
    const zip_int64_t count = zip_get_num_entries(handle, 0);
    if (count > kMostFiles)
        return fail(Errc::BadFormat,
                    fmt::format("{} is a ZIP archive of {} files, expected at most {}", where, count, kMostFiles));
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        if (zip_stat_index(handle, static_cast<zip_uint64_t>(i), 0, &stat) != 0)
            return fail(Errc::BadFormat, fmt::format("{} is a damaged ZIP archive", where),
                        zip_error_strerror(zip_get_error(handle)));
        Entry entry {
            .name = stat.name, .size = stat.size, .packed = stat.comp_size, .stored = stat.comp_method == ZIP_CM_STORE};
        if (entry.packed > file->size() || (entry.stored && entry.size != entry.packed))
            return fail(Errc::BadFormat,
                        fmt::format("{}: its part {} is longer than the file", where, printable(entry.name)));
        if (entry.size > kSmall && entry.size / kMostRatio > entry.packed)
            return fail(Errc::BadFormat,
                        fmt::format("{}: its part {} would unpack {} bytes to {}, over a thousand times as many", where,
                                    printable(entry.name), entry.packed, entry.size));
        archive->m_entries.push_back(std::move(entry));
    }
    auto& order = archive->m_byName;
    order.resize(archive->m_entries.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    const auto& entries = archive->m_entries;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return entries[a].name < entries[b].name; });
    const auto twin = std::adjacent_find(
        order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return entries[a].name == entries[b].name; });
    if (twin != order.end())
        return fail(Errc::BadFormat,
                    fmt::format("{} is a ZIP archive with two parts named {}", where, printable(entries[*twin].name)));
    return archive;
}

const ZipArchive::Entry* ZipArchive::find(std::string_view name) const
{
    const auto at
        = std::lower_bound(m_byName.begin(), m_byName.end(), name,
                           [&](std::size_t i, std::string_view wanted) { return m_entries[i].name < wanted; });
    return at != m_byName.end() && m_entries[*at].name == name ? &m_entries[*at] : nullptr;
}

Result<void> ZipArchive::read(const Entry& entry, std::size_t offset, std::span<std::byte> out) const
{
    const auto failed = [&](std::string_view what, const char* detail) {
        return fail(Errc::BadFormat, fmt::format("{}: its part {} {}", path().string(), printable(entry.name), what),
                    detail);
    };
    if (offset > entry.size || out.size() > entry.size - offset)
        return failed(fmt::format("has {} bytes, {} to {} were asked for", entry.size, offset, offset + out.size()),
                      "");
    const auto index = static_cast<zip_uint64_t>(&entry - m_entries.data());
    const OpenEntry opened(zip_fopen_index(m_archive, index, 0));
    if (!opened)
        return failed("cannot be unpacked", zip_error_strerror(zip_get_error(m_archive)));
    std::size_t skip = offset;
    if (entry.stored && skip > 0 && zip_fseek(opened.get(), static_cast<zip_int64_t>(skip), SEEK_SET) == 0)
        skip = 0;
    for (std::array<std::byte, 1 << 14> dropped; skip > 0;) {
        const zip_int64_t got = zip_fread(opened.get(), dropped.data(), std::min(skip, dropped.size()));
        if (got <= 0)
            return failed("is cut short or damaged", zip_error_strerror(zip_file_get_error(opened.get())));
        skip -= static_cast<std::size_t>(got);
    }
    for (std::size_t done = 0; done < out.size();) {
        const zip_int64_t got = zip_fread(opened.get(), out.data() + done, out.size() - done);
        if (got <= 0)
            return failed("is cut short or damaged", zip_error_strerror(zip_file_get_error(opened.get())));
        done += static_cast<std::size_t>(got);
    }
    // The checksum is verified when libzip meets the end.
    std::byte beyond {};
    if (offset == 0 && out.size() == entry.size && zip_fread(opened.get(), &beyond, 1) != 0)
        return failed("does not have the checksum it should have",
                      zip_error_strerror(zip_file_get_error(opened.get())));
    return {};
}

Result<std::string> ZipArchive::readAll(const Entry& entry, std::size_t limit) const
{
    if (entry.size > limit)
        return fail(Errc::BadFormat,
                    fmt::format("{}: its part {} has {} bytes, expected at most {}", path().string(),
                                printable(entry.name), entry.size, limit));
    std::string text(entry.size, '\0');
    if (auto done = read(entry, 0, std::as_writable_bytes(std::span(text))); !done)
        return forward(done);
    return text;
}

} // namespace rnnscope::weights
