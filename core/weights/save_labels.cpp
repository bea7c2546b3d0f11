#include "core/weights/save_labels.h"

#include <cmath>
#include <iterator>

namespace rnnscope::weights {

namespace {

constexpr std::string_view kFile = "file";

void appendQuoted(std::string_view text, std::string& out)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text)
        out.append(c == '"' ? 2 : 1, c);
    out += '"';
}

void appendValue(const zoo::Property& property, double value, std::string& out)
{
    if (value >= 0.0 && value < static_cast<double>(property.labels.size()))
        appendQuoted(property.labels[static_cast<std::size_t>(value)], out);
    else if (!std::isnan(value))
        fmt::format_to(std::back_inserter(out), "{}", value);
}

/// The files' old names are not theirs any more.
std::vector<const zoo::Property*> labelled(const zoo::Zoo& zoo)
{
    std::vector<const zoo::Property*> properties;
    for (const zoo::Property& property : zoo.properties)
        if (property.name != kFile)
            properties.push_back(&property);
    return properties;
}

} // namespace

std::string labelsCsv(const zoo::Zoo& zoo, std::span<const std::size_t> rows, std::span<const std::string> names)
{
    const auto properties = labelled(zoo);
    std::string text(kFile);
    for (const zoo::Property* property : properties)
        for (std::size_t k = 0; k < property->columns; ++k) {
            text += ',';
            appendQuoted(property->columns == 1 ? property->name : fmt::format("{}_{}", property->name, k), text);
        }
    text += '\n';
    for (std::size_t i = 0; i < rows.size(); ++i) {
        appendQuoted(names[i], text);
        for (const zoo::Property* property : properties)
            for (std::size_t k = 0; k < property->columns; ++k) {
                text += ',';
                appendValue(*property, property->value(rows[i], k), text);
            }
        text += '\n';
    }
    return text;
}

} // namespace rnnscope::weights
