#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/property.h"

#include <cstdint>
#include <span>

/// Split conformal calibration: intervals and sets that hold the truth for a chosen share of unseen networks. A
/// network's nonconformity score is the largest over the property's columns of
///   real:     |truth - value| / spread
///   circular: angular difference / circular standard deviation that the length of (sin, cos) stands for
///   classes:  1 - probability of the true class
/// so intervals of all columns hold at once. Vovk et al. 2005; Lei et al. 2018; Angelopoulos and Bates 2023.
namespace rnnscope::prediction {

/// Scores of `rows`, NaN where the truth or the embedding is not known. `embedding` [N, D], `property` of N networks.
Result<std::vector<double>> nonconformity(const zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                                          std::span<const std::size_t> rows);

/// Gives the head its scores on held-out `rows`; `groups` [N] says which networks belong together (one task, one run).
/// Rows without a score are left out.
Result<void> calibrate(zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                       std::span<const std::size_t> rows, std::span<const std::int64_t> groups);

/// The score that an unseen network stays below with probability `level` (0..1). Infinite when there are too few
/// calibration networks for that level, NaN when there are none.
double threshold(const zoo::Calibration& calibration, double level);

/// Share of `scores` (NaN left out) within `threshold`; NaN when there are none.
double coverage(std::span<const double> scores, double threshold);

} // namespace rnnscope::prediction
