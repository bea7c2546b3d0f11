#pragma once

#include <cstddef>
#include <span>

namespace rnnscope::evaluation {

/// A mean over seeds with its 95 % confidence interval (Student's t).
struct Estimate
{
    double mean = 0.0; ///< NaN: not measured
    double halfWidth = 0.0; ///< NaN with fewer than two seeds
    std::size_t seeds = 0; ///< that gave a number
};

/// NaN entries are left out.
Estimate estimate(std::span<const double> values);

/// The 97.5 % quantile of Student's t with `degrees` >= 1 degrees of freedom.
double studentQuantile(std::size_t degrees);

} // namespace rnnscope::evaluation
