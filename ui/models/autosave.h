#pragma once

#include "ui/models/workspace.h"

#include <filesystem>
#include <optional>

namespace rnnscope::ui {

/// What a running program shows, in a file of its own that goes when it ends well. A file whose program is gone was
/// left by a crash.
class Autosave
{
public:
    /// `folder` need not be there yet. `process`: this program's number.
    Autosave(std::filesystem::path folder, long process);

    /// Nothing is written while it is the same. Io when it cannot be.
    Result<void> save(const Workspace& workspace);
    void discard();
    /// The newest that a crash has left; that file and older ones go. None where they cannot be read.
    std::optional<Workspace> takeLost();

private:
    std::filesystem::path m_folder;
    std::filesystem::path m_path;
    std::optional<Workspace> m_saved;
};

} // namespace rnnscope::ui
