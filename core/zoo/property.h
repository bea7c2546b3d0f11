#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::zoo {

enum class PropertyKind { Real, Integer, Categorical, Circular };

/// One fact about every network of a zoo, e.g. its accuracy or its task.
struct Property
{
    std::string name; ///< names with a fixed meaning: formats.md
    PropertyKind kind = PropertyKind::Real;
    std::string unit = "1"; ///< "deg", "nat", "1"
    std::string description;
    double period = 0.0; ///< circular only, in `unit`
    std::size_t columns = 1; ///< K; 1 for most, 4 for the formal-language task
    std::vector<double> values; ///< [N, K] row-major; NaN where unknown; categorical: index into labels
    std::vector<std::string> labels; ///< categorical only; empty means the numbers are the labels

    std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
    double value(std::size_t row, std::size_t column = 0) const { return values[row * columns + column]; }
};

/// What a number can be.
struct Range
{
    double lowest = -std::numeric_limits<double>::infinity();
    double highest = std::numeric_limits<double>::infinity();
};

/// Of the properties whose names have a fixed meaning (formats.md): an accuracy is 0 to 1, a loss, a step and a weight
/// decay are not negative. Everything for other names.
Range rangeOf(std::string_view propertyName);

/// "0.982", "135", "0 1 −2 2": one row as a person reads it, without the unit.
std::string format(const Property& property, std::size_t row);

/// "real", "integer", "categorical", "circular".
std::string name(PropertyKind kind);
Result<PropertyKind> propertyKindFromName(std::string_view name);

} // namespace rnnscope::zoo
