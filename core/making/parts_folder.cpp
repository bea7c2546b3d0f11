#include "core/making/parts_folder.h"

#include "core/base/printable.h"
#include "core/making/recipe.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rnnscope::making {

namespace {

constexpr const char* kOptions = "options.json";
constexpr const char* kLock = "lock";
constexpr std::string_view kPartStart = "run_";
constexpr std::string_view kPartEnd = ".h5";

bool isPart(const std::string& name)
{
    return name.starts_with(kPartStart) && name.ends_with(kPartEnd);
}

/// What replaceFile() was writing when its process was killed.
bool isUnfinished(const std::string& name)
{
    return (name.starts_with(kPartStart) || name.starts_with(kOptions)) && name.find(".part-") != std::string::npos;
}

template <typename Which>
void removeFiles(const fs::path& folder, Which which)
{
    std::error_code status;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder, status))
        if (which(entry.path().filename().string()))
            found.push_back(entry.path());
    for (const fs::path& path : found)
        fs::remove(path, status);
}

} // namespace

/// flock() of a file in the folder: the system takes it back when the process ends, however it ends.
class PartsFolder::Lock
{
public:
    /// Makes the folder where there is none.
    static Result<std::unique_ptr<Lock>> take(const fs::path& folder)
    {
        constexpr int kTries = 10;
        constexpr mode_t kMode = 0666;
        const fs::path path = folder / kLock;
        for (int i = 0; i < kTries; ++i) {
            std::error_code status;
            fs::create_directory(folder, status);
            if (status)
                return fail(Errc::Io, fmt::format("cannot make the folder {}: {}", folder.string(), status.message()));
            const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
            if (fd < 0 && errno == ENOENT)
                continue; // whoever has finished this zoo has removed it in between
            if (fd < 0)
                return fail(Errc::Io, fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
            auto lock = std::unique_ptr<Lock>(new Lock(fd));
            if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
                return errno == EWOULDBLOCK
                    ? fail(Errc::Io, fmt::format("another process is making this zoo: it holds {}", path.string()))
                    : fail(Errc::Io, fmt::format("cannot lock {}: {}", path.string(), std::strerror(errno)));
            if (lock->isOf(path))
                return lock;
        }
        return fail(Errc::Io, fmt::format("cannot lock {}: it is replaced again and again", path.string()));
    }
    ~Lock() { ::close(m_fd); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    explicit Lock(int fd)
        : m_fd(fd)
    {
    }
    /// Not if another process has finished and removed the folder just before.
    bool isOf(const fs::path& path) const
    {
        struct stat held
        {
        }, there {};
        return ::fstat(m_fd, &held) == 0 && ::stat(path.c_str(), &there) == 0 && held.st_ino == there.st_ino
            && held.st_dev == there.st_dev;
    }

    int m_fd;
};

PartsFolder::PartsFolder(fs::path folder, PartPattern pattern, std::unique_ptr<Lock> lock)
    : m_folder(std::move(folder))
    , m_pattern(std::move(pattern))
    , m_lock(std::move(lock))
{
}

PartsFolder::PartsFolder(PartsFolder&&) noexcept = default;
PartsFolder& PartsFolder::operator=(PartsFolder&&) noexcept = default;
PartsFolder::~PartsFolder() = default;

fs::path PartsFolder::beside(const fs::path& zoo)
{
    fs::path folder = zoo;
    folder += ".parts";
    return folder;
}

Result<PartsFolder> PartsFolder::open(const fs::path& zoo, PartPattern pattern, bool force)
{
    const fs::path folder = beside(zoo);
    auto lock = Lock::take(folder);
    if (!lock)
        return forward(lock);
    PartsFolder parts(folder, std::move(pattern), std::move(*lock));
    if (auto settled = parts.settleOptions(force); !settled)
        return forward(settled);
    removeFiles(folder, isUnfinished);
    const std::string merging = zoo.filename().string() + ".part-"; // whoever wrote one is no more: the lock is ours
    removeFiles(zoo.has_parent_path() ? zoo.parent_path() : fs::path("."),
                [&](const std::string& name) { return name.starts_with(merging); });
    return parts;
}

/// Says what the parts belong to, or finds that they belong to something else.
Result<void> PartsFolder::settleOptions(bool force) const
{
    const fs::path path = m_folder / kOptions;
    std::error_code status;
    if (fs::exists(path, status)) {
        const auto text = readText(path);
        const auto before = nlohmann::json::parse(text ? *text : "", nullptr, false);
        const std::string other = difference(m_pattern.recipe, before);
        if (other.empty())
            return {};
        if (!force && hasAny())
            return fail(Errc::BadValue,
                        fmt::format("{} holds runs that were made with other options: {}; --force throws them away",
                                    m_folder.string(), other));
        removeParts();
    }
    return replaceFile(path, [&](const fs::path& part) -> Result<void> {
        std::ofstream out(part);
        out << m_pattern.recipe.dump(2) << "\n";
        if (!out.flush())
            return fail(Errc::Io, fmt::format("cannot write {}", path.string()));
        return {};
    });
}

fs::path PartsFolder::part(std::size_t run) const
{
    return m_folder / fmt::format("{}{}{}", kPartStart, run, kPartEnd);
}

bool PartsFolder::has(std::size_t run) const
{
    std::error_code status;
    return fs::exists(part(run), status);
}

bool PartsFolder::hasAny() const
{
    std::error_code status;
    for (const auto& entry : fs::directory_iterator(m_folder, status))
        if (isPart(entry.path().filename().string()))
            return true;
    return false;
}

Result<std::shared_ptr<const zoo::Zoo>> PartsFolder::openPart(std::size_t run) const
{
    const fs::path path = part(run);
    auto opened = zoo::openZoo(path);
    if (!opened)
        return opened;
    const zoo::Zoo& found = **opened;
    const auto wrong = [&](const std::string& why) {
        return fail(Errc::BadFormat, fmt::format("{} is not run {} of this zoo: {}", path.string(), run, why));
    };
    const auto provenance = nlohmann::json::parse(found.provenance, nullptr, false);
    if (!provenance.is_object() || !provenance.contains("recipe"))
        return wrong("it does not say what it was made of");
    if (const std::string other = difference(m_pattern.recipe, provenance["recipe"]); !other.empty())
        return wrong(other);
    if (found.family != m_pattern.family || found.architecture != m_pattern.architecture
        || found.size != m_pattern.snapshots)
        return wrong(fmt::format("it has {} networks ({})", found.size, found.architecture.description()));
    const zoo::RolloutShape& expected = m_pattern.rollouts;
    const zoo::RolloutShape shape = found.rollouts ? found.rollouts->shape() : zoo::RolloutShape {};
    if (shape.sequences != expected.sequences
        || (shape.sequences > 0
            && (shape.inputValues() != expected.inputValues() || shape.logitValues() != expected.logitValues())))
        return wrong("its roll-outs have another shape");
    for (const zoo::Property& property : m_pattern.properties)
        if (const auto* recorded = found.property(property.name);
            recorded == nullptr || recorded->columns != property.columns)
            return wrong(fmt::format("it does not record '{}'", property.name));
    const auto& runs = found.property("run")->values;
    if (std::ranges::any_of(runs, [&](double id) { return id != static_cast<double>(run); }))
        return wrong("it holds another run");
    return opened;
}

Result<void> PartsFolder::checkPart(std::size_t run) const
{
    const auto part = openPart(run);
    if (!part)
        return forward(part);
    const zoo::Zoo& zoo = **part;
    std::vector<float> values(zoo.architecture.parameterCount());
    for (std::size_t row = 0; row < zoo.size; ++row)
        if (auto read = zoo.parameters->read(row, 1, values); !read)
            return read;
    if (zoo.rollouts == nullptr)
        return {};
    const zoo::RolloutShape shape = zoo.rollouts->shape();
    for (std::size_t row = 0; row < zoo.size; ++row) {
        values.resize(shape.sequences * shape.inputValues());
        if (auto read = zoo.rollouts->readInputs(row, 0, shape.sequences, values); !read)
            return read;
        values.resize(shape.sequences * shape.logitValues());
        if (auto read = zoo.rollouts->readLogits(row, 0, shape.sequences, values); !read)
            return read;
    }
    return {};
}

void PartsFolder::removeParts() const
{
    removeFiles(m_folder, [](const std::string& name) { return isPart(name) || isUnfinished(name); });
}

void PartsFolder::remove()
{
    std::error_code status;
    removeParts();
    fs::remove(m_folder / kOptions, status);
    fs::remove(m_folder / kLock, status);
    fs::remove(m_folder, status);
    m_lock.reset();
}

} // namespace rnnscope::making
