#pragma once

#include "core/weights/weight_zoo.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"
#include "ui/jobs/job.h"
#include "ui/models/session.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace rnnscope::ui {

/// Zoos of weight files with at most so many networks are dropped files, each a star; larger ones are zoos like others.
inline constexpr std::size_t kMostStars = 24;

/// What a batch of paths turned out to hold; the files that could not be opened are errors, the others go on.
struct Opened
{
    std::vector<std::shared_ptr<const zoo::Zoo>> zoos;
    std::vector<std::shared_ptr<const zoo::Checkpoint>> checkpoints;
    std::vector<weights::WeightZoos> weights; ///< per file, or per batch where there are many
    std::vector<std::filesystem::path> encoderStates; ///< published encoders, to be imported
    std::vector<Error> errors;
};

/// Zoos, authors' folders, checkpoints, weight files, published encoders, and folders of these, by content. Folders are
/// read in name order.
Result<Opened> openPaths(const std::vector<std::filesystem::path>& paths, JobContext& context);

/// Every zoo with the reports of its files.
std::vector<WeightsOpened> byZoo(const weights::WeightZoos& loaded);

} // namespace rnnscope::ui
