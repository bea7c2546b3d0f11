#pragma once

#include "core/base/matrix.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <span>
#include <stop_token>

/// What the weights say without any training of an encoder: the baselines that show what learning adds. Columns are
/// standardised by the training rows. Rows with weights that are not finite are NaN.
namespace rnnscope::evaluation {

/// [N, 7 x tensors]: mean, unbiased variance and quantiles 0, .25, .5, .75, 1 of every parameter tensor, which the
/// encoder of layer-wise statistics reads too. Unterthiner et al. 2020.
Result<Matrix> rawStatistics(const zoo::Zoo& zoo, std::span<const zoo::Split> splits, int threads, Progress& progress,
                             std::stop_token stop);

/// [N, 16]: principal components of the flat parameter vectors, fitted to the training rows.
Result<Matrix> weightComponents(const zoo::Zoo& zoo, std::span<const zoo::Split> splits, Progress& progress,
                                std::stop_token stop);

} // namespace rnnscope::evaluation
