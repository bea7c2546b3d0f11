#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/zoo/zoo.h"

#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::tasks {

struct LanguageAccuracyOptions
{
    std::size_t samples = 1000; ///< S strings a network, as the authors'
    std::size_t length = 42; ///< tokens of a string, begin included; what has no end by then is undefined
    std::uint64_t seed = 1;
    int threads = 1;
};

/// What one network's own strings are worth, as shares of the S sampled. NaN where weights are not finite or the task
/// is unknown.
struct LanguageAccuracy
{
    double accuracy = std::numeric_limits<double>::quiet_NaN(); ///< accepted by the authors' rule: counts only
    double orderedAccuracy = std::numeric_limits<double>::quiet_NaN(); ///< and the letters stand in order
    double undefined = std::numeric_limits<double>::quiet_NaN(); ///< no end token; counted as not accepted
};

/// Accuracy measured by running networks of a formal-language zoo: strings that start with begin, each further token
/// drawn from the softmax of the logits before it, judged by accept() against the network's own recorded task. One
/// result per entry of `rows`. String s of row r is the same for any thread count and any choice of rows. Refuses zoos
/// whose `task` is missing or does not fit their tokens. Herrmann et al. 2024, reference README 23 to 25.
Result<std::vector<LanguageAccuracy>> measureLanguageAccuracy(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                                              const LanguageAccuracyOptions& options,
                                                              Progress& progress, std::stop_token stop);

} // namespace rnnscope::tasks
