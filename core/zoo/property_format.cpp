#include "core/zoo/property_format.h"

#include <cmath>
#include <fmt/format.h>

namespace rnnscope::zoo {

namespace {

constexpr const char* kMinus = "\u2212";
constexpr const char* kUnknown = "\u2013";

std::string realDigits(double magnitude)
{
    if (magnitude != 0.0 && (magnitude < 0.001 || magnitude >= 1e7))
        return fmt::format("{:.3g}", magnitude);
    return fmt::format("{:.3f}", magnitude);
}

std::string circularDigits(double magnitude)
{
    std::string digits = fmt::format("{:.1f}", magnitude);
    if (digits.ends_with(".0"))
        digits.resize(digits.size() - 2);
    return digits;
}

std::string digitsOf(double magnitude, PropertyKind kind)
{
    if (std::isinf(magnitude))
        return "∞";
    switch (kind) {
    case PropertyKind::Real:
        return realDigits(magnitude);
    case PropertyKind::Circular:
        return circularDigits(magnitude);
    case PropertyKind::Integer:
    case PropertyKind::Categorical:
        break;
    }
    return fmt::format("{:.0f}", magnitude);
}

std::string entryText(double value, PropertyKind kind, double period, const std::vector<std::string>& labels)
{
    if (kind == PropertyKind::Categorical && value >= 0.0 && value < static_cast<double>(labels.size()))
        return labels[static_cast<std::size_t>(value)];
    if (kind == PropertyKind::Circular && period > 0.0 && std::abs(value - period) < 0.05)
        return "0";
    return formatNumber(value, kind);
}

} // namespace

std::string formatNumber(double value, PropertyKind kind)
{
    if (std::isnan(value))
        return kUnknown;
    const std::string digits = digitsOf(std::abs(value), kind);
    const bool negative = value < 0.0 && digits.find_first_not_of("0.") != std::string::npos;
    return negative ? kMinus + digits : digits;
}

std::string formatRow(std::span<const double> row, PropertyKind kind, double period,
                      const std::vector<std::string>& labels)
{
    std::string text;
    for (const double value : row) {
        if (!text.empty())
            text += ' ';
        text += entryText(value, kind, period, labels);
    }
    return text;
}

} // namespace rnnscope::zoo
