#include "ui/models/opening.h"

#include "core/zoo/file_kind.h"

#include <algorithm>
#include <system_error>

namespace rnnscope::ui {

namespace {

namespace fs = std::filesystem;

/// The HDF5 files of a folder that is not itself a zoo, in name order.
std::vector<fs::path> filesOf(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const auto extension = it->path().extension();
        if (extension == ".h5" || extension == ".hdf5")
            files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<fs::path> expanded(const std::vector<fs::path>& paths)
{
    std::vector<fs::path> files;
    for (const auto& path : paths) {
        std::error_code error;
        const auto inside = fs::is_directory(path, error) ? filesOf(path) : std::vector<fs::path> {};
        if (inside.empty())
            files.push_back(path);
        else
            files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

void openOne(const fs::path& path, Opened& opened)
{
    const auto kind = zoo::fileKind(path);
    if (!kind) {
        opened.errors.push_back(kind.error());
        return;
    }
    if (*kind == zoo::FileKind::Checkpoint) {
        if (auto checkpoint = zoo::openCheckpoint(path))
            opened.checkpoints.push_back(*checkpoint);
        else
            opened.errors.push_back(checkpoint.error());
        return;
    }
    if (auto zoo = zoo::openZoo(path))
        opened.zoos.push_back(*zoo);
    else
        opened.errors.push_back(zoo.error());
}

} // namespace

Result<Opened> openPaths(const std::vector<fs::path>& paths, JobContext& context)
{
    const auto files = expanded(paths);
    context.begin("Opening files", files.size());
    Opened opened;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop().stop_requested())
            return cancelled("opening files");
        openOne(files[i], opened);
        context.update(i + 1);
    }
    return opened;
}

} // namespace rnnscope::ui
