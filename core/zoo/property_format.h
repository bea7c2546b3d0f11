#pragma once

#include "core/zoo/property.h"

#include <span>
#include <string>
#include <vector>

namespace rnnscope::zoo {

/// One number as a person reads it, without unit, with U+2212 as the minus sign. Real: "0.982", below 0.001 three
/// significant digits; integer and categorical: "135"; circular: at most one decimal. NaN is an en dash.
std::string formatNumber(double value, PropertyKind kind);

/// One row of K entries joined by spaces: "0 1 −2 2". A circular entry that rounds to `period` is 0; `labels` are a
/// categorical property's.
std::string formatRow(std::span<const double> row, PropertyKind kind, double period,
                      const std::vector<std::string>& labels);

} // namespace rnnscope::zoo
