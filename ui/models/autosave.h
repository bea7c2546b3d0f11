#pragma once

#include "ui/models/workspace.h"

#include <filesystem>
#include <optional>

namespace rnnscope::ui {

/// What a running program shows, in a file of its own that goes when it ends well. Beside it lies a lock that the
/// system takes back however the program ends: a file that nobody locks was left by a crash. The number of the process
/// alone would not do, as another one may have it after that, this one included.
class Autosave
{
public:
    /// `folder` need not be there yet. `process`: this program's number.
    Autosave(std::filesystem::path folder, long process);
    ~Autosave();
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    /// Nothing is written while it is the same. Io when it cannot be.
    Result<void> save(const Workspace& workspace);
    void discard();
    /// The newest that a crash has left; that file and older ones go. None where they cannot be read.
    std::optional<Workspace> takeLost();

private:
    bool claim(); ///< a file that is nobody's; false: the folder cannot be written

    std::filesystem::path m_folder;
    long m_process;
    std::filesystem::path m_path; ///< empty until it is claimed
    int m_lock = -1;
    std::optional<Workspace> m_saved;
};

} // namespace rnnscope::ui
