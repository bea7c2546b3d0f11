#include "core/evaluation/estimate.h"

#include <array>
#include <cmath>
#include <limits>

namespace rnnscope::evaluation {

Estimate estimate(std::span<const double> values)
{
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    double sum = 0.0;
    std::size_t count = 0;
    for (const double value : values)
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    if (count == 0)
        return {kNan, kNan, 0};
    const double mean = sum / static_cast<double>(count);
    if (count == 1)
        return {mean, kNan, 1};
    double squares = 0.0;
    for (const double value : values)
        if (!std::isnan(value))
            squares += (value - mean) * (value - mean);
    const auto n = static_cast<double>(count);
    return {mean, studentQuantile(count - 1) * std::sqrt(squares / (n - 1.0) / n), count};
}

double studentQuantile(std::size_t degrees)
{
    constexpr std::array<double, 10> kFew {12.7062, 4.30265, 3.18245, 2.77645, 2.57058,
                                           2.44691, 2.36462, 2.30600, 2.26216, 2.22814};
    if (degrees <= kFew.size())
        return kFew.at(degrees - 1);
    // Cornish-Fisher expansion, Abramowitz and Stegun 26.7.5; off by less than 2e-4 from 11 degrees on.
    constexpr double kNormal = 1.959963985;
    const auto n = static_cast<double>(degrees);
    const double x = kNormal;
    const double x3 = x * x * x;
    const double x5 = x3 * x * x;
    const double x7 = x5 * x * x;
    return x + (x3 + x) / (4.0 * n) + (5.0 * x5 + 16.0 * x3 + 3.0 * x) / (96.0 * n * n)
        + (3.0 * x7 + 19.0 * x5 + 17.0 * x3 - 15.0 * x) / (384.0 * n * n * n);
}

} // namespace rnnscope::evaluation
