#include "ui/models/autosave.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <system_error>
#include <vector>

namespace rnnscope::ui {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".rnnscope";

/// The number of the program that wrote the file; 0: it is none of ours.
long processOf(const fs::path& path)
{
    const auto name = path.stem().string();
    long number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && end == name.data() + name.size() && path.extension() == kEnding ? number : 0;
}

bool runs(long process)
{
    return ::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM;
}

} // namespace

Autosave::Autosave(fs::path folder, long process)
    : m_folder(std::move(folder))
    , m_path(m_folder / (std::to_string(process) + kEnding))
{
}

Result<void> Autosave::save(const Workspace& workspace)
{
    if (m_saved == workspace)
        return {};
    std::error_code error;
    fs::create_directories(m_folder, error);
    auto written = writeWorkspace(workspace, m_path);
    if (written)
        m_saved = workspace;
    return written;
}

void Autosave::discard()
{
    std::error_code error;
    fs::remove(m_path, error);
    m_saved.reset();
}

std::optional<Workspace> Autosave::takeLost()
{
    std::vector<std::pair<fs::file_time_type, fs::path>> lost;
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error))
        if (const long process = processOf(it->path()); process > 0 && it->path() != m_path && !runs(process)) {
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
    }
    return newest;
}

} // namespace rnnscope::ui
