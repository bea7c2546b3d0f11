#pragma once

#include "core/nn/training_data.h"
#include "core/tasks/dataset_split.h"

#include <memory>
#include <string>
#include <vector>

namespace rnnscope::nn {

/// A zoo as training sees it: which networks are usable and what each of them is for.
struct TrainingSet
{
    std::shared_ptr<const zoo::Zoo> zoo; ///< remembers what was read
    std::string fingerprint;
    tasks::SplitPlan plan; ///< networks with weights that are not finite are Unknown
    std::vector<std::int64_t> runs; ///< [N] run ids; row numbers where the zoo has none

    std::vector<std::size_t> rows(zoo::Split split) const;
    /// The same sequences each time, so that losses of different steps can be compared: every network of the split at
    /// least once, and 512 sequences where there are so many.
    std::vector<Example> sample(zoo::Split split, Reads reads) const;
};

/// Names the networks that are left out, and why the splits are as they are, by progress.note(). BadValue when nothing
/// is left to train on.
Result<std::shared_ptr<const TrainingSet>> makeTrainingSet(std::shared_ptr<const zoo::Zoo> zoo, Progress& progress);

} // namespace rnnscope::nn
