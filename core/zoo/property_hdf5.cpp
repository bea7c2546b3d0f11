#include "core/zoo/property_hdf5.h"

#include "core/zoo/hdf5_dataset.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::zoo::hdf5 {

namespace {

PropertyKind kindOf(const Dataset& dataset)
{
    if (dataset.isText())
        return PropertyKind::Categorical;
    if (!dataset.hasAttribute("kind"))
        return dataset.isInteger() ? PropertyKind::Integer : PropertyKind::Real;
    const auto kind = propertyKindFromName(dataset.text("kind"));
    if (!kind)
        raise(Errc::BadFormat, fmt::format("{}: {}", dataset.where(), kind.error().message));
    return *kind;
}

double periodOf(const Dataset& dataset, const std::string& unit)
{
    const double period = dataset.hasAttribute("period") ? dataset.real("period") : unit == "deg" ? 360.0 : 0.0;
    if (!(period > 0.0) || !std::isfinite(period))
        raise(Errc::BadFormat,
              fmt::format("{} is circular but its attribute 'period' is missing or not positive", dataset.where()));
    return period;
}

/// Distinct texts become labels in ascending order, entries become indices.
void takeTexts(const Dataset& dataset, Property& property)
{
    const auto texts = dataset.readTexts();
    property.labels = texts;
    std::sort(property.labels.begin(), property.labels.end());
    property.labels.erase(std::unique(property.labels.begin(), property.labels.end()), property.labels.end());
    for (const std::string& text : texts) {
        const auto at = std::lower_bound(property.labels.begin(), property.labels.end(), text);
        property.values.push_back(static_cast<double>(at - property.labels.begin()));
    }
}

void takeNumbers(const Dataset& dataset, Property& property)
{
    property.values = dataset.readDoubles();
    if (property.kind != PropertyKind::Categorical || !dataset.hasAttribute("labels"))
        return;
    property.labels = dataset.texts("labels");
    const auto count = static_cast<double>(property.labels.size());
    for (const double value : property.values)
        if (!std::isnan(value) && !(value >= 0.0 && value < count && value == std::floor(value)))
            raise(Errc::BadValue,
                  fmt::format("{} holds {}, expected indices of its {} labels", dataset.where(), value,
                              property.labels.size()));
}

Property readProperty(const Node& group, const std::string& name, std::size_t networks)
{
    const Dataset dataset(group, name);
    const auto& shape = dataset.shape();
    constexpr std::size_t kMostColumns = 4096;
    const std::size_t columns = shape.size() == 1 ? 1 : shape.size() == 2 ? shape[1] : 0;
    if (columns == 0 || columns > kMostColumns)
        raise(Errc::ShapeMismatch,
              fmt::format("property '{}' of {} has shape {}, expected ({}) or ({}, columns)", name,
                          group.file().string(), describeShape(shape), networks, networks));
    if (shape[0] != networks)
        raise(Errc::ShapeMismatch,
              fmt::format("property '{}' of {} has {} rows, expected {} like /parameters", name, group.file().string(),
                          shape[0], networks));
    Property property;
    property.name = name;
    property.kind = kindOf(dataset);
    property.columns = columns;
    if (dataset.hasAttribute("unit"))
        property.unit = dataset.text("unit");
    if (dataset.hasAttribute("description"))
        property.description = dataset.text("description");
    if (property.kind == PropertyKind::Circular)
        property.period = periodOf(dataset, property.unit);
    if (dataset.isText())
        takeTexts(dataset, property);
    else
        takeNumbers(dataset, property);
    return property;
}

bool storedAsInteger(const Property& property, const std::vector<double>& values)
{
    constexpr double kLargestExact = 9007199254740992.0; // 2^53
    return (property.kind == PropertyKind::Integer || property.kind == PropertyKind::Categorical)
        && std::all_of(values.begin(), values.end(),
                       [](double value) { return value == std::floor(value) && std::abs(value) <= kLargestExact; });
}

} // namespace

std::vector<Property> readProperties(const Node& group, std::size_t networks)
{
    std::vector<Property> properties;
    for (const std::string& name : group.members())
        if (group.has(name))
            properties.push_back(readProperty(group, name, networks));
    return properties;
}

void writeProperty(const Writer& group, const Property& property, std::span<const std::size_t> rows)
{
    std::vector<double> values = property.values;
    if (!rows.empty()) {
        values.clear();
        for (const std::size_t row : rows)
            for (std::size_t column = 0; column < property.columns; ++column)
                values.push_back(property.value(row, column));
    }
    std::vector<std::size_t> shape {property.columns == 0 ? 0 : values.size() / property.columns};
    if (property.columns != 1)
        shape.push_back(property.columns);
    const bool integers = storedAsInteger(property, values);
    const Writer dataset = group.array<double>(property.name, integers ? Store::Int64 : Store::Float64, shape, values);
    dataset.text("kind", name(property.kind));
    dataset.text("unit", property.unit);
    dataset.text("description", property.description);
    if (property.kind == PropertyKind::Circular)
        dataset.real("period", property.period);
    if (!property.labels.empty())
        dataset.texts("labels", property.labels);
}

} // namespace rnnscope::zoo::hdf5
