#include "ui/models/opening.h"

#include "core/weights/identify.h"
#include "core/zoo/file_kind.h"
#include "ui/models/load_reports.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace rnnscope::ui {

namespace {

namespace fs = std::filesystem;
using weights::InputKind;

/// Tells what is done, but not of the steps within a file.
class Within final : public Progress
{
public:
    explicit Within(JobContext& context)
        : m_context(context)
    {
    }
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t) override { }
    void note(std::string_view message) override { m_context.note(message); }

private:
    JobContext& m_context;
};

bool isZooOrCheckpoint(const fs::path& path)
{
    return zoo::fileKind(path).has_value();
}

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

/// A folder of zoos and checkpoints is what it holds; one of weight files is opened as one.
std::vector<fs::path> expanded(const std::vector<fs::path>& paths)
{
    std::vector<fs::path> files;
    for (const auto& path : paths) {
        std::error_code error;
        const auto inside = fs::is_directory(path, error) ? filesOf(path) : std::vector<fs::path> {};
        if (std::any_of(inside.begin(), inside.end(), &isZooOrCheckpoint))
            files.insert(files.end(), inside.begin(), inside.end());
        else
            files.push_back(path);
    }
    return files;
}

/// Paths that hold weights; the readers come once all are known.
struct WeightPaths
{
    std::vector<fs::path> files;
    std::vector<fs::path> folders;
};

template <typename T>
void take(Result<T>&& opened, std::vector<T>& into, std::vector<Error>& errors)
{
    if (opened)
        into.push_back(std::move(*opened));
    else
        errors.push_back(opened.error());
}

void openOne(const fs::path& path, Opened& opened, WeightPaths& weightPaths)
{
    if (const auto kind = zoo::fileKind(path)) {
        if (*kind == zoo::FileKind::Checkpoint)
            return take(zoo::openCheckpoint(path), opened.checkpoints, opened.errors);
        return take(zoo::openZoo(path), opened.zoos, opened.errors);
    }
    const auto kind = weights::identify(path);
    if (!kind)
        return opened.errors.push_back(kind.error());
    switch (*kind) {
    case InputKind::Weights:
        return weightPaths.files.push_back(path);
    case InputKind::WeightsFolder:
        return weightPaths.folders.push_back(path);
    case InputKind::EncoderState:
        return opened.encoderStates.push_back(path);
    case InputKind::Checkpoint:
        return take(zoo::openCheckpoint(path), opened.checkpoints, opened.errors);
    case InputKind::Zoo:
    case InputKind::AuthorsFolder:
        return take(zoo::openZoo(path), opened.zoos, opened.errors);
    }
}

/// Few files are opened one by one, so that each can be closed by itself.
Result<void> openWeights(const WeightPaths& paths, Opened& opened, JobContext& context)
{
    std::vector<std::vector<fs::path>> batches;
    for (const auto& folder : paths.folders)
        batches.push_back({folder});
    if (paths.files.size() > kMostStars)
        batches.push_back(paths.files);
    else
        for (const auto& file : paths.files)
            batches.push_back({file});
    Within quiet(context);
    if (!batches.empty())
        context.begin("Reading weights", batches.size());
    for (std::size_t i = 0; i < batches.size(); ++i) {
        if (context.stop().stop_requested())
            return cancelled("reading weights");
        auto loaded = weights::openWeightZoos(batches[i], {}, quiet, context.stop());
        if (!loaded && loaded.error().code == Errc::Cancelled)
            return forward(loaded);
        take(std::move(loaded), opened.weights, opened.errors);
        context.update(i + 1);
    }
    return {};
}

} // namespace

Result<Opened> openPaths(const std::vector<fs::path>& paths, JobContext& context)
{
    const auto files = expanded(paths);
    context.begin("Opening files", files.size());
    Opened opened;
    WeightPaths weightPaths;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop().stop_requested())
            return cancelled("opening files");
        openOne(files[i], opened, weightPaths);
        context.update(i + 1);
    }
    if (auto read = openWeights(weightPaths, opened, context); !read)
        return forward(read);
    return opened;
}

std::vector<WeightsOpened> byZoo(const weights::WeightZoos& loaded)
{
    std::vector<WeightsOpened> zoos;
    for (const auto& zoo : loaded.zoos) {
        WeightsOpened each {.zoo = zoo, .reports = {}};
        const auto* files = zoo->property("file");
        for (const auto& report : loaded.reports) {
            const auto calls = [&](const std::string& title) { return isCalled(report, title); };
            if (files == nullptr || std::any_of(files->labels.begin(), files->labels.end(), calls))
                each.reports.push_back(report);
        }
        zoos.push_back(std::move(each));
    }
    return zoos;
}

} // namespace rnnscope::ui
