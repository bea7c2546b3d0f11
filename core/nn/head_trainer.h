#pragma once

#include "core/base/matrix.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace rnnscope::nn {

/// Names of the zoo's properties a head can learn: all but `run`, with at least two different known values.
std::vector<std::string> learnableProperties(const zoo::Zoo& zoo);

/// A small MLP per property on the frozen `embedding` [N, D], fitted on the training rows and stopped where the
/// validation rows are predicted best.
Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                          std::span<const zoo::Split> splits,
                                          const std::vector<std::string>& properties, Progress& progress,
                                          std::stop_token stop);

} // namespace rnnscope::nn
