#include "core/base/file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>
#include <utility>

namespace rnnscope {

namespace {

Result<void> flushToDisk(const fs::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(Errc::Io, fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
    const int status = ::fsync(fd);
    const int reason = errno;
    ::close(fd);
    if (status != 0 && reason != EINVAL && reason != EROFS)
        return fail(Errc::Io, fmt::format("cannot write {}: {}", path.string(), std::strerror(reason)));
    return {};
}

} // namespace

PendingFile::PendingFile(fs::path target, fs::path neighbour)
    : m_target(std::move(target))
    , m_neighbour(std::move(neighbour))
{
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : m_target(std::move(other.m_target))
    , m_neighbour(std::exchange(other.m_neighbour, {}))
{
}

PendingFile& PendingFile::operator=(PendingFile&& other) noexcept
{
    if (this != &other) {
        discard();
        m_target = std::move(other.m_target);
        m_neighbour = std::exchange(other.m_neighbour, {});
    }
    return *this;
}

PendingFile::~PendingFile()
{
    discard();
}

void PendingFile::discard()
{
    std::error_code status;
    if (!m_neighbour.empty())
        fs::remove(m_neighbour, status);
    m_neighbour.clear();
}

Result<PendingFile> PendingFile::create(fs::path target)
{
    static std::atomic<unsigned> counter {0}; // two threads may write the same target
    std::error_code status;
    if (fs::is_directory(target, status))
        return fail(Errc::Io, fmt::format("cannot write {}: it is a folder", target.string()));
    if (fs::exists(target, status) && !fs::is_regular_file(target, status)) // a device would be gone for everybody
        return fail(Errc::Io, fmt::format("cannot write {}: it is not a regular file", target.string()));
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, status))
        return fail(Errc::Io,
                    fmt::format("cannot write {}: the folder {} does not exist", target.string(), folder.string()));
    fs::path neighbour = target;
    neighbour += fmt::format(".part-{}-{}", ::getpid(), counter.fetch_add(1));
    return PendingFile(std::move(target), std::move(neighbour));
}

Result<void> PendingFile::commit()
{
    if (auto flushed = flushToDisk(m_neighbour); !flushed)
        return fail(Errc::Io, fmt::format("cannot write {}", m_target.string()), flushed.error().message);
    std::error_code status;
    fs::rename(m_neighbour, m_target, status);
    if (status)
        return fail(Errc::Io, fmt::format("cannot write {}: {}", m_target.string(), status.message()));
    m_neighbour.clear();
    return {};
}

Result<void> replaceFile(const fs::path& target, const std::function<Result<void>(const fs::path&)>& write)
{
    auto pending = PendingFile::create(target);
    if (!pending)
        return forward(pending);
    if (auto written = write(pending->path()); !written)
        return written;
    return pending->commit();
}

namespace {

Result<std::string> readUpTo(const fs::path& path, std::size_t count)
{
    std::error_code status;
    if (!fs::exists(path, status))
        return fail(Errc::NotFound, fmt::format("{} does not exist", path.string()));
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return fail(Errc::Io, fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
    std::string head(count, '\0');
    in.read(head.data(), static_cast<std::streamsize>(count));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return head;
}

} // namespace

Result<std::string> readHead(const fs::path& path, std::size_t count)
{
    std::error_code status;
    if (fs::exists(path, status) && !fs::is_regular_file(path, status)) // a pipe would be waited for
        return fail(Errc::Io, fmt::format("cannot read {}: it is not a regular file", path.string()));
    return readUpTo(path, count);
}

Result<std::string> readText(const fs::path& path, std::size_t limit)
{
    auto text = readUpTo(path, limit + 1);
    if (text && text->size() > limit)
        return fail(Errc::BadFormat,
                    fmt::format("{} is larger than the {} bytes expected of it", path.string(), limit));
    return text;
}

} // namespace rnnscope
