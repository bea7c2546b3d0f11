#pragma once

#include "core/base/progress.h"
#include "core/weights/load.h"
#include "core/zoo/zoo.h"

#include <memory>
#include <stop_token>

namespace rnnscope::weights {

struct Refused
{
    fs::path file;
    Error error; ///< NeedsChoice: it can be opened once the user has said which
};

/// What came of a batch of weight files.
struct WeightZoos
{
    /// One per architecture, in order of first appearance; a row per network, in the order of the files. Each has the
    /// property `file` (categorical, the file's name) and those of the labels.
    std::vector<std::shared_ptr<const zoo::Zoo>> zoos;
    std::vector<LoadReport> reports; ///< one per loaded file
    std::vector<Refused> refused;
    fs::path labels {}; ///< the CSV that was read where there was just one, so that refused files can have it, too
};

struct WeightZooOptions
{
    Choices choices {};
    fs::path labels {}; ///< CSV with a column `file` and any others; empty: none
    std::string name {}; ///< of the zoo; empty: the file's, or the folder's when there are several files
    int threads = 0; ///< 0: every core
};

/// Opens weight files, or the weight files of folders (not of folders in them), in name order. A folder's only .csv is
/// its labels unless `labels` names others. Fails only where nothing can go on: labels that cannot be read, Cancelled.
Result<WeightZoos> openWeightZoos(const std::vector<fs::path>& paths, const WeightZooOptions& options,
                                  Progress& progress, std::stop_token stop);

} // namespace rnnscope::weights
