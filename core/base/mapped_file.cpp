#include "core/base/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rnnscope {

namespace {

tl::unexpected<Error> cannotRead(const fs::path& path, int reason)
{
    return fail(reason == ENOENT ? Errc::NotFound : Errc::Io,
                reason == ENOENT ? fmt::format("{} does not exist", path.string())
                                 : fmt::format("cannot read {}: {}", path.string(), std::strerror(reason)));
}

} // namespace

MappedFile::MappedFile(fs::path path, int descriptor, std::size_t size)
    : m_path(std::move(path))
    , m_descriptor(descriptor)
    , m_size(size)
{
}

MappedFile::~MappedFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::shared_ptr<const MappedFile> MappedFile::ofBytes(fs::path path, std::string bytes)
{
    const std::shared_ptr<MappedFile> file(new MappedFile(std::move(path), -1, bytes.size()));
    file->m_memory = std::move(bytes);
    return file;
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const fs::path& path)
{
    // Non-blocking, so that a pipe is refused below instead of waited for.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return cannotRead(path, errno);
    struct stat status
    {
    };
    const int result = ::fstat(descriptor, &status);
    std::shared_ptr<const MappedFile> file(
        new MappedFile(path, descriptor, result == 0 ? static_cast<std::size_t>(status.st_size) : 0));
    if (result != 0 || !S_ISREG(status.st_mode))
        return fail(Errc::Io, fmt::format("cannot read {}: it is not a regular file", path.string()));
    return file;
}

Result<void> MappedFile::use(std::size_t offset, std::size_t count,
                             const std::function<void(std::span<const std::byte>)>& use) const
{
    if (count == 0)
        return {};
    const auto cut = [&](std::size_t size) {
        return fail(Errc::BadFormat,
                    fmt::format("{} is cut short: bytes {} to {} were expected, it has {}", m_path.string(), offset,
                                offset + count, size));
    };
    if (m_descriptor < 0) {
        if (offset > m_size || count > m_size - offset)
            return cut(m_size);
        use(memory().subspan(offset, count));
        return {};
    }
    struct stat status
    {
    };
    if (::fstat(m_descriptor, &status) != 0)
        return cannotRead(m_path, errno);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (offset > size || count > size - offset)
        return cut(size);
    const std::size_t lead = offset % static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* mapped = ::mmap(nullptr, lead + count, PROT_READ, MAP_PRIVATE | MAP_POPULATE, m_descriptor,
                          static_cast<off_t>(offset - lead));
    if (mapped == MAP_FAILED)
        return cannotRead(m_path, errno);
    use({static_cast<const std::byte*>(mapped) + lead, count});
    ::munmap(mapped, lead + count);
    return {};
}

} // namespace rnnscope
