#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/property.h"

#include <cstdint>
#include <span>
#include <vector>

/// Split conformal calibration: intervals and sets that hold the truth for a chosen share of unseen networks. A
/// network's nonconformity score is the largest over the property's columns of
///   real:     |truth - value| / spread
///   circular: angular difference / circular standard deviation that the length of (sin, cos) stands for
///   classes:  1 - probability of the true class; infinite when it was not among the training networks
/// so intervals of all columns hold at once. Vovk et al. 2005; Lei et al. 2018; Angelopoulos and Bates 2023.
namespace rnnscope::prediction {

/// Scores of `rows`, NaN where the truth or the embedding is not known. `embedding` [N, D], `property` of N networks.
Result<std::vector<double>> nonconformity(const zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                                          std::span<const std::size_t> rows);

/// Gives the head its scores on held-out `rows`; `groups` [N] says which networks belong together (one task, one run).
/// Rows without a score are left out.
Result<void> calibrate(zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                       std::span<const std::size_t> rows, std::span<const std::int64_t> groups);

/// From so many groups on the threshold holds without any assumption on networks of one group.
inline constexpr std::size_t kManyGroups = 99;

/// The score that an unseen network of an unseen group stays below with probability `level` (0..1), or more. Infinite
/// when there are too few calibration networks for that level, NaN when there are none.
///
/// Every group has the same weight, shared by its networks, and above all scores lies a mass of 1 / (c + 1): "pooling
/// CDFs" of Dunn, Wasserman and Ramdas 2022; Lee, Barber and Willett 2023. With c the number of groups the level is
/// guaranteed, but 3 groups say nothing above 75 %, and 9 take the largest score for 90 %. So c is the number of groups
/// from 99 on, where every level up to 99 % costs at most one hundredth, and the number of networks below: exact when
/// networks of a group are independent, and right in the limit of many groups anyway. Simulated with 3 groups of 9,
/// 90 % intervals hold for 93 % of networks when scores within a group are uncorrelated, 89 % at a correlation of
/// 0.45, 83 % at 0.8.
double threshold(const zoo::Calibration& calibration, double level);

/// Share of `scores` (NaN left out) within `threshold`, infinite scores never; NaN when there are none. Sets of classes
/// may hold the truth a little more often: the likeliest class is always in them.
double coverage(std::span<const double> scores, double threshold);

} // namespace rnnscope::prediction
