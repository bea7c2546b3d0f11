#include "ui/models/property_bins.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace rnnscope::ui {

namespace {

using zoo::Property;
using zoo::PropertyKind;

/// One bin for each of `count` classes, which the values number.
Binning byClass(const std::vector<double>& values, std::size_t count)
{
    Binning made;
    made.single = true;
    for (std::size_t bin = 0; bin < std::min<std::size_t>(count, Binning::kNone); ++bin)
        made.low.push_back(static_cast<double>(bin));
    made.high = made.low;
    for (const double value : values) // NaN is no class
        made.binOf.push_back(value >= 0 && value < static_cast<double>(made.bins()) ? static_cast<std::uint16_t>(value)
                                                                                    : Binning::kNone);
    return made;
}

/// One bin for each different row.
Binning byRow(const Property& property)
{
    std::map<std::vector<double>, double> seen;
    std::vector<double> number(property.rows(), std::nan(""));
    std::vector<double> key;
    for (std::size_t row = 0; row < property.rows(); ++row) {
        const auto values = std::span(property.values).subspan(row * property.columns, property.columns);
        if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
            continue;
        key.assign(values.begin(), values.end());
        number[row] = seen.try_emplace(key, static_cast<double>(seen.size())).first->second;
    }
    return byClass(number, seen.size());
}

Binning sorted(const Property& property)
{
    const bool classes = property.kind == PropertyKind::Categorical;
    if (property.columns > 1 || (classes && property.labels.empty()))
        return byRow(property);
    if (classes)
        return byClass(property.values, property.labels.size());
    if (property.kind != PropertyKind::Circular || property.period <= 0)
        return binned(property.values, PropertyBins::kMost);
    auto turned = property.values;
    for (double& value : turned)
        value -= std::floor(value / property.period) * property.period;
    return binned(turned, PropertyBins::kMost);
}

} // namespace

void PropertyBins::follow(const std::shared_ptr<const zoo::Zoo>& zoo)
{
    if (zoo == m_zoo)
        return;
    m_zoo = zoo;
    m_bins.clear();
}

const Binning& PropertyBins::of(const std::string& property)
{
    const auto [at, fresh] = m_bins.try_emplace(property);
    const Property* known = m_zoo ? m_zoo->property(property) : nullptr;
    if (fresh && known != nullptr)
        at->second = sorted(*known);
    return at->second;
}

std::vector<std::size_t> countRows(const Binning& bins, const std::vector<std::size_t>& rows)
{
    std::vector<std::size_t> counts(bins.bins());
    for (const std::size_t row : rows)
        if (row < bins.binOf.size() && bins.binOf[row] != Binning::kNone)
            ++counts[bins.binOf[row]];
    return counts;
}

} // namespace rnnscope::ui
