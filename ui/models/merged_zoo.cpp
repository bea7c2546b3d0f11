#include "ui/models/merged_zoo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

using zoo::Property;
using zoo::PropertyKind;

bool isNumber(PropertyKind kind)
{
    return kind == PropertyKind::Real || kind == PropertyKind::Integer;
}

bool agree(const Property& a, const Property& b)
{
    return a.columns == b.columns && a.period == b.period
        && (a.kind == b.kind || (isNumber(a.kind) && isNumber(b.kind)));
}

/// The number as a label: categorical properties without labels are their numbers.
std::string labelOf(const Property& property, double value)
{
    if (!property.labels.empty() && value >= 0 && value < static_cast<double>(property.labels.size()))
        return property.labels[static_cast<std::size_t>(value)];
    return fmt::format("{:g}", value);
}

/// The property of all members that are merged so far.
class MergedProperty
{
public:
    MergedProperty(const Property& first, std::string name, std::size_t rows)
        : m_result(first)
    {
        m_result.name = std::move(name);
        m_result.labels.clear();
        m_result.values.assign(rows * first.columns, kMissing);
    }

    const Property& result() const { return m_result; }

    void add(const Property& property, std::size_t firstRow)
    {
        if (property.kind == PropertyKind::Real)
            m_result.kind = PropertyKind::Real;
        if (m_result.unit.empty() || m_result.unit == "1")
            m_result.unit = property.unit;
        for (const auto& label : property.labels) // in their order, so that those of the first zoo keep their numbers
            labelled(label);
        const auto begin = std::min(firstRow * m_result.columns, m_result.values.size());
        const auto count = std::min(property.values.size(), m_result.values.size() - begin);
        for (std::size_t i = 0; i < count; ++i)
            m_result.values[begin + i] = m_result.kind == PropertyKind::Categorical
                ? category(property, property.values[i])
                : property.values[i];
    }

private:
    double category(const Property& property, double value)
    {
        return std::isfinite(value) ? labelled(labelOf(property, value)) : kMissing;
    }

    double labelled(const std::string& label)
    {
        const auto [at, fresh] = m_labels.try_emplace(label, m_result.labels.size());
        if (fresh)
            m_result.labels.push_back(label);
        return static_cast<double>(at->second);
    }

    Property m_result;
    std::map<std::string, std::size_t> m_labels;
};

MergedProperty& placeFor(const Property& property, const zoo::Zoo& zoo, std::size_t rows,
                         std::vector<MergedProperty>& merged)
{
    const auto named = [&](const std::string& name) {
        return std::find_if(merged.begin(), merged.end(),
                            [&](const MergedProperty& each) { return each.result().name == name; });
    };
    std::string name = property.name;
    auto at = named(name);
    while (at != merged.end() && !agree(at->result(), property)) {
        name += name == property.name ? fmt::format(" ({})", zoo.name) : "'";
        at = named(name);
    }
    return at != merged.end() ? *at : merged.emplace_back(property, name, rows);
}

zoo::TaskFamily familyOf(const std::vector<Member>& members, zoo::TaskFamily otherwise)
{
    std::optional<zoo::TaskFamily> family;
    for (const auto& member : members) {
        if (member.dropped)
            continue;
        if (family && *family != member.zoo->family)
            return otherwise;
        family = member.zoo->family;
    }
    return family.value_or(otherwise);
}

} // namespace

std::shared_ptr<const zoo::Zoo> mergeZoos(const std::vector<Member>& members, zoo::TaskFamily family)
{
    auto result = std::make_shared<zoo::Zoo>();
    for (const auto& member : members)
        result->size += member.zoo->size;
    result->family = familyOf(members, family);
    std::vector<MergedProperty> merged;
    for (const auto& member : members) {
        if (result->name.empty())
            result->architecture = member.zoo->architecture;
        result->name += (result->name.empty() ? "" : ", ") + member.zoo->name;
        for (const auto& property : member.zoo->properties)
            placeFor(property, *member.zoo, result->size, merged).add(property, member.first);
    }
    for (const auto& property : merged)
        result->properties.push_back(property.result());
    return result;
}

} // namespace rnnscope::ui
