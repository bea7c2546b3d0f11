#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"

#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::prediction {

/// Neighbours whose mean distance counts. One alone depends on chance; among 1, 3, 5, 10 and 20, three told networks of
/// unseen kinds of task best from networks of unseen tasks of a known kind, by little.
inline constexpr std::size_t kTrustNeighbours = 3;

/// Beyond this percentile a network is far from all that was trained on, and predictions of it should not be trusted.
inline constexpr double kFarPercentile = 95.0;

/// How far an embedding lies from the networks an encoder was trained on: its mean distance to the nearest
/// training embeddings in all D dimensions, as a percentile of the same distance among training networks (snapshots of
/// a network's own run do not count as its neighbours). 0: as close as the closest; 100: farther than all of them, so
/// no interval of a prediction holds.
class Trust
{
public:
    /// From the checkpoint's reference; NotFound when it has none that says which networks were trained on.
    static Result<Trust> fromCheckpoint(const zoo::Checkpoint& checkpoint);
    /// `embedding` [N, D] of training networks, `runs` [N] their training runs.
    static Result<Trust> fromTraining(Matrix embedding, std::vector<std::int64_t> runs);

    /// [n] 0..100 for `embedding` [n, D]; NaN where the embedding is. ShapeMismatch when D differs.
    Result<std::vector<double>> percentiles(const Matrix& embedding, int threads) const;

private:
    Trust() = default;

    Matrix m_training; ///< [D, M]
    std::vector<std::int64_t> m_runs; ///< [M]
    std::vector<double> m_distances; ///< [M] ascending, among training networks
};

/// Probability that a random value of `positives` is larger than one of `negatives`, ties half: the area under the ROC
/// curve. NaN entries are left out; NaN when either side is empty.
double auroc(std::span<const double> positives, std::span<const double> negatives);

} // namespace rnnscope::prediction
