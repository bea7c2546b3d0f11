#pragma once

#include "core/base/matrix.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace rnnscope::nn {

/// Names of the zoo's properties a head can learn: all but `run`, with at least two different known values.
std::vector<std::string> learnableProperties(const zoo::Zoo& zoo);

/// [N] networks that are not independent of each other share a number: those of one task, or of one run where `splits`
/// tear tasks apart or there are none; a network of neither stands alone.
std::vector<std::int64_t> calibrationGroups(const zoo::Zoo& zoo, std::span<const zoo::Split> splits);

/// A small MLP per property on the frozen `embedding` [N, D]: fitted to the Training rows, stopped where the Validation
/// rows are predicted best, calibrated on the Calibration rows. `splits` [N]. A property that is known for fewer than
/// two training networks gets no head, which is noted. Properties are fitted in parallel, with the same result for any
/// number of threads.
Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                          std::span<const zoo::Split> splits, const engine::HeadOptions& options,
                                          Progress& progress, std::stop_token stop);

/// The same with the first seed.
Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                          std::span<const zoo::Split> splits,
                                          const std::vector<std::string>& properties, Progress& progress,
                                          std::stop_token stop);

} // namespace rnnscope::nn
