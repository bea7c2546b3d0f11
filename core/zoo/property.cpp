#include "core/zoo/property.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace rnnscope::zoo {

namespace {

constexpr std::array<std::string_view, 4> kKinds {"real", "integer", "categorical", "circular"};

std::string number(double value)
{
    const double magnitude = std::abs(value);
    constexpr double kLargestExact = 1e15;
    if (value == std::round(value) && magnitude < kLargestExact)
        return fmt::format("{:.0f}", value + 0.0); // + 0.0: no "-0"
    if (magnitude >= 1e3 && magnitude < 1e6)
        return fmt::format("{:.0f}", value);
    return fmt::format("{:.3g}", value);
}

/// U+2212 as a person writes it.
std::string withMinusSigns(const std::string& text)
{
    std::string out;
    for (const char c : text)
        c == '-' ? out += "\u2212" : out += c;
    return out;
}

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

std::string formatValue(double value, const std::vector<std::string>& labels)
{
    if (std::isnan(value))
        return "\u2013";
    if (!labels.empty() && value >= 0.0 && value < static_cast<double>(labels.size()))
        return labels[static_cast<std::size_t>(value)];
    return withMinusSigns(number(value));
}

std::string format(const Property& property, std::size_t row)
{
    std::string text;
    for (std::size_t column = 0; column < property.columns; ++column) {
        text += column == 0 ? "" : " ";
        text += formatValue(property.value(row, column), property.labels);
    }
    return text;
}

} // namespace rnnscope::zoo
