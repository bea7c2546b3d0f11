#include "core/zoo/property.h"

#include "core/zoo/property_format.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace rnnscope::zoo {

namespace {

constexpr std::array<std::string_view, 4> kKinds {"real", "integer", "categorical", "circular"};

} // namespace

std::string name(PropertyKind kind)
{
    return std::string(kKinds.at(static_cast<std::size_t>(kind)));
}

Result<PropertyKind> propertyKindFromName(std::string_view text)
{
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (kKinds.at(i) == text)
            return static_cast<PropertyKind>(i);
    return fail(Errc::BadFormat,
                fmt::format("unknown kind '{}', expected real, integer, categorical or circular", text.substr(0, 40)));
}

Range rangeOf(std::string_view propertyName)
{
    constexpr std::array<std::string_view, 4> kShares {"accuracy", "ordered_accuracy", "long_accuracy", "undefined"};
    if (std::find(kShares.begin(), kShares.end(), propertyName) != kShares.end())
        return {0.0, 1.0};
    constexpr std::array<std::string_view, 4> kNotNegative {"train_loss", "eval_loss", "step", "weight_decay"};
    Range range;
    if (std::find(kNotNegative.begin(), kNotNegative.end(), propertyName) != kNotNegative.end())
        range.lowest = 0.0;
    return range;
}

std::string format(const Property& property, std::size_t row)
{
    const std::span<const double> values(property.values);
    return formatRow(values.subspan(row * property.columns, property.columns), property.kind, property.period,
                     property.labels);
}

} // namespace rnnscope::zoo
