#pragma once

#include "core/weights/weight_zoo.h"

#include <optional>

namespace rnnscope::weights {

/// What came of one file of a batch.
struct BatchFile
{
    fs::path path;
    bool fromFolder = false;
    std::optional<LoadedWeights> loaded;
    std::optional<Error> refused;
};

/// The files that `paths` mean: files themselves, folders the weight files in them. NotFound for what does not exist.
Result<std::vector<BatchFile>> listFiles(const std::vector<fs::path>& paths);

/// Loads every file, several at once; Cancelled.
Result<void> loadFiles(std::vector<BatchFile>& files, const Choices& choices, int threads, Progress& progress,
                       std::stop_token stop);

/// One network file, read; an encoder's state is none.
Result<LoadedWeights> loadFile(const fs::path& path, const Choices& choices);

/// Parameters [N, P] in memory, as float16 when `half`.
std::shared_ptr<const zoo::ParameterSource> keepParameters(const std::vector<const LoadedWeights*>& networks,
                                                           std::size_t columns, bool half);

} // namespace rnnscope::weights
