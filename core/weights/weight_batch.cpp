#include "core/weights/weight_batch.h"

#include "core/base/threads.h"
#include "core/weights/encoder_state.h"
#include "core/weights/identify.h"
#include "core/zoo/memory_parameters.h"

#include <algorithm>
#include <new>

namespace rnnscope::weights {

namespace {

void take(BatchFile& file, const Choices& choices)
{
    auto loaded = loadFile(file.path, choices);
    if (loaded)
        file.loaded = *std::move(loaded);
    else
        file.refused = loaded.error();
}

} // namespace

Result<std::vector<BatchFile>> listFiles(const std::vector<fs::path>& paths)
{
    std::vector<BatchFile> files;
    for (const fs::path& path : paths) {
        std::error_code status;
        if (!fs::exists(path, status))
            return fail(Errc::NotFound, fmt::format("{} does not exist", path.string()));
        if (!fs::is_directory(path, status)) {
            files.push_back({path, false, {}, {}});
            continue;
        }
        const auto found = weightFilesIn(path);
        if (!found)
            return forward(found);
        if (found->empty())
            return fail(Errc::NotFound, fmt::format("{} has no weight files in it", path.string()));
        for (const fs::path& file : *found)
            files.push_back({file, true, {}, {}});
    }
    return files;
}

Result<LoadedWeights> loadFile(const fs::path& path, const Choices& choices)
{
    try {
        const auto file = openTensorFile(path);
        if (!file)
            return forward(file);
        if (isEncoderState(**file))
            return fail(Errc::BadFormat,
                        fmt::format("{} holds the weights of an encoder, not a network: import-encoder reads it",
                                    path.string()));
        return loadWeights(**file, choices);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", path.string()));
    }
}

Result<void> loadFiles(std::vector<BatchFile>& files, const Choices& choices, int threads, Progress& progress,
                       std::stop_token stop)
{
    constexpr std::size_t kAtOnce = 64; // between two looks at `stop`
    progress.begin(files.size() == 1 ? "reading 1 weight file" : fmt::format("reading {} weight files", files.size()),
                   files.size());
    const int helpers = threads > 0 ? threads : availableCores();
    for (std::size_t first = 0; first < files.size(); first += kAtOnce) {
        if (stop.stop_requested())
            return cancelled("reading weight files");
        const std::size_t count = std::min(kAtOnce, files.size() - first);
        parallelFor(count, 1, helpers, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                take(files[first + i], choices);
        });
        progress.update(first + count);
    }
    return {};
}

std::shared_ptr<const zoo::ParameterSource> keepParameters(const std::vector<const LoadedWeights*>& networks,
                                                           std::size_t columns, bool half)
{
    auto kept = std::make_shared<zoo::MemoryParameters>(columns, half);
    for (const LoadedWeights* network : networks)
        kept->append(network->parameters);
    return kept;
}

} // namespace rnnscope::weights
