#pragma once

/// How uncertain a head says it is, in its own outputs.
namespace rnnscope::prediction {

/// The logarithm of a real head's spread, in units of the training networks' standard deviation, counts within these
/// bounds only: 0.05 to 20. Without a floor a few networks that a head is too sure of make every interval wide.
inline constexpr double kLeastLogSpread = -3.0;
inline constexpr double kLargestLogSpread = 3.0;

/// The length of (sin, cos) counts within these bounds only: a circular standard deviation of 174 to 2.6 degrees.
inline constexpr double kLeastLength = 0.01;
inline constexpr double kLargestLength = 0.999;

} // namespace rnnscope::prediction
