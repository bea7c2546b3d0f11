#pragma once

#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"
#include "ui/jobs/job.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace rnnscope::ui {

/// What a batch of paths turned out to hold; the files that could not be opened are errors, the others go on.
struct Opened
{
    std::vector<std::shared_ptr<const zoo::Zoo>> zoos;
    std::vector<std::shared_ptr<const zoo::Checkpoint>> checkpoints;
    std::vector<Error> errors;
};

/// Zoos, authors' folders, checkpoints, and folders of these, by content. Folders are read in name order.
Result<Opened> openPaths(const std::vector<std::filesystem::path>& paths, JobContext& context);

} // namespace rnnscope::ui
