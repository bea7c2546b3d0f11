#include "core/base/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

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

Result<void> replaceFile(const fs::path& target, const std::function<Result<void>(const fs::path&)>& write)
{
    std::error_code status;
    if (fs::is_directory(target, status))
        return fail(Errc::Io, fmt::format("cannot write {}: it is a folder", target.string()));
    fs::path neighbour = target;
    neighbour += fmt::format(".part-{}", ::getpid());
    auto written = write(neighbour);
    if (written)
        written = flushToDisk(neighbour);
    if (written) {
        fs::rename(neighbour, target, status);
        if (status)
            written = fail(Errc::Io, fmt::format("cannot write {}: {}", target.string(), status.message()));
    }
    if (!written)
        fs::remove(neighbour, status);
    return written;
}

Result<std::string> readHead(const fs::path& path, std::size_t count)
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

Result<std::string> readText(const fs::path& path, std::size_t limit)
{
    auto text = readHead(path, limit + 1);
    if (text && text->size() > limit)
        return fail(Errc::BadFormat,
                    fmt::format("{} is larger than the {} bytes expected of it", path.string(), limit));
    return text;
}

std::uint64_t fnv1a(std::span<const std::byte> bytes, std::uint64_t hash)
{
    for (const std::byte b : bytes) {
        hash ^= static_cast<std::uint64_t>(b);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

} // namespace rnnscope
