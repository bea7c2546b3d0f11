#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/tasks/mnist.h"
#include "core/zoo/zoo.h"

#include <limits>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::tasks {

struct MnistOptions
{
    std::size_t mostDigits = 13000; ///< of training and of held-out digits each: the authors' 13 batches of 1000
    int threads = 1;
};

/// NaN where weights are not finite or the rotation is unknown.
struct MnistScore
{
    double accuracy = std::numeric_limits<double>::quiet_NaN(); ///< held-out digits recognised at the last step
    double trainLoss = std::numeric_limits<double>::quiet_NaN(); ///< nat; cross-entropy, mean over all steps
    double evalLoss = std::numeric_limits<double>::quiet_NaN(); ///< the same on held-out digits

    double generalizationGap() const { return evalLoss - trainLoss; }
};

/// Accuracy and losses measured by running networks of a sequential-MNIST zoo on `digits`, each rotated by the
/// network's own recorded angle. One result per entry of `rows`; the same bits for any thread count. Refuses zoos whose
/// networks do not read square tiles of a digit and answer with ten logits. Herrmann et al. 2024, reference README 28.
Result<std::vector<MnistScore>> measureMnist(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                             const Digits& digits, const MnistOptions& options, Progress& progress,
                                             std::stop_token stop);

} // namespace rnnscope::tasks
