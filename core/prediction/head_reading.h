#pragma once

#include "core/prediction/head.h"

#include <vector>

namespace rnnscope::prediction {

/// What a head says before calibration: predictions without intervals, and how uncertain the head is itself.
struct HeadReading
{
    Prediction prediction;
    /// [n, K] in the property's unit: real, the mean absolute error it expects (one training standard deviation when it
    /// does not say); circular, the circular standard deviation. Empty for classes; NaN where the embedding is.
    std::vector<double> spread;
};

/// Errors as predict().
Result<HeadReading> readHead(const zoo::Head& head, const Matrix& embedding);

} // namespace rnnscope::prediction
