#include "ui/models/autosave.h"

#include <algorithm>
#include <cctype>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace rnnscope::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".rnnscope";

/// Whether the name is a process' number and, if that had been taken, a second one: "31942", "31942-1".
bool isOurs(const fs::path& path)
{
    const auto name = path.stem().string();
    return path.extension() == kEnding && !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) != 0
        && name.find_first_not_of("0123456789-") == std::string::npos;
}

fs::path lockOf(fs::path path)
{
    return path.replace_extension(".lock");
}

/// Locked, or -1 where another program holds it.
int openLocked(const fs::path& path, int flags)
{
    constexpr mode_t kMode = 0600;
    const int lock = ::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, kMode);
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    ::close(lock);
    return -1;
}

/// Where there is no lock, nobody writes any more.
bool isLost(const fs::path& path)
{
    std::error_code error;
    const auto lock = lockOf(path);
    if (!fs::exists(lock, error))
        return !error;
    const int taken = openLocked(lock, 0);
    if (taken < 0)
        return false;
    ::close(taken);
    return true;
}

} // namespace

Autosave::Autosave(fs::path folder, long process)
    : m_folder(std::move(folder))
    , m_process(process)
{
    claim();
}

Autosave::~Autosave()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

bool Autosave::claim()
{
    if (!m_path.empty())
        return true;
    constexpr int kTries = 100;
    std::error_code error;
    fs::create_directories(m_folder, error);
    for (int i = 0; i < kTries; ++i) {
        auto path = m_folder / fmt::format("{}{}{}", m_process, i == 0 ? "" : fmt::format("-{}", i), kEnding);
        if (fs::exists(path, error)) // a crash of a program that had the same number
            continue;
        m_lock = openLocked(lockOf(path), O_CREAT);
        if (m_lock < 0)
            continue;
        m_path = std::move(path);
        return true;
    }
    return false;
}

Result<void> Autosave::save(const Workspace& workspace)
{
    if (m_saved == workspace)
        return {};
    if (!claim())
        return fail(Errc::Io, fmt::format("cannot write in {}", m_folder.string()));
    auto written = writeWorkspace(workspace, m_path);
    if (written)
        m_saved = workspace;
    return written;
}

void Autosave::discard()
{
    std::error_code error;
    fs::remove(m_path, error);
    fs::remove(lockOf(m_path), error);
    if (m_lock >= 0)
        ::close(std::exchange(m_lock, -1));
    m_path.clear();
    m_saved.reset();
}

std::optional<Workspace> Autosave::takeLost()
{
    std::vector<std::pair<fs::file_time_type, fs::path>> lost;
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error))
        if (isOurs(it->path()) && it->path() != m_path && isLost(it->path())) {
            std::error_code gone;
            const auto time = it->last_write_time(gone);
            if (!gone)
                lost.emplace_back(time, it->path());
        }
    std::sort(lost.rbegin(), lost.rend());
    std::optional<Workspace> newest;
    for (const auto& [time, path] : lost) {
        if (!newest)
            if (auto read = readWorkspace(path))
                newest = std::move(*read);
        fs::remove(path, error);
        fs::remove(lockOf(path), error);
    }
    return newest;
}

} // namespace rnnscope::ui
