#pragma once

#include "core/base/progress.h"
#include "core/tasks/mnist.h"
#include "ui/models/embedded_zoo.h"

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::ui {

/// Accuracies of networks `rows` of the map, measured by running them: 1000 strings of their own, or `digits` that they
/// have not learned from (null where there are none at hand; NotFound then). NaN where a network's task is unknown or
/// its weights are not finite. Refuses networks of other families.
Result<std::vector<double>> measureAccuracy(const EmbeddedZoo& shown, std::span<const std::size_t> rows,
                                            const tasks::Digits* digits, Progress& progress, std::stop_token stop);

/// "accuracy" as the encoder predicts it of `row`; NaN where it does not.
double predictedAccuracy(const EmbeddedZoo& shown, std::size_t row);

} // namespace rnnscope::ui
