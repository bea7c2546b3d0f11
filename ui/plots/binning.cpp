#include "ui/plots/binning.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

/// Ascending; empty when there are more than `most`.
std::vector<double> distinctValues(std::span<const double> values, std::size_t most)
{
    std::vector<double> distinct;
    for (const double value : values) {
        if (!std::isfinite(value))
            continue;
        const auto at = std::lower_bound(distinct.begin(), distinct.end(), value);
        if (at != distinct.end() && *at == value)
            continue;
        if (distinct.size() == most)
            return {};
        distinct.insert(at, value);
    }
    return distinct;
}

} // namespace

Binning binned(std::span<const double> values, std::size_t most)
{
    Binning made;
    made.binOf.assign(values.size(), Binning::kNone);
    made.low = distinctValues(values, most);
    if (!made.low.empty()) {
        made.single = true;
        made.high = made.low;
        for (std::size_t row = 0; row < values.size(); ++row)
            if (std::isfinite(values[row]))
                made.binOf[row] = static_cast<std::uint16_t>(
                    std::lower_bound(made.low.begin(), made.low.end(), values[row]) - made.low.begin());
        return made;
    }
    double least = std::numeric_limits<double>::infinity();
    double greatest = -least;
    for (const double value : values)
        if (std::isfinite(value)) {
            least = std::min(least, value);
            greatest = std::max(greatest, value);
        }
    if (!(least < greatest))
        return made;
    for (std::size_t bin = 0; bin < most; ++bin)
        made.low.push_back(std::lerp(least, greatest, static_cast<double>(bin) / static_cast<double>(most)));
    for (std::size_t bin = 1; bin < most; ++bin)
        made.high.push_back(std::nextafter(made.low[bin], least));
    made.high.push_back(greatest);
    for (std::size_t row = 0; row < values.size(); ++row)
        if (std::isfinite(values[row]))
            made.binOf[row] = static_cast<std::uint16_t>(
                std::upper_bound(made.low.begin() + 1, made.low.end(), values[row]) - made.low.begin() - 1);
    return made;
}

std::vector<std::size_t> Binning::counts(std::span<const std::uint8_t> shown) const
{
    std::vector<std::size_t> counts(bins());
    for (std::size_t row = 0; row < std::min(shown.size(), binOf.size()); ++row)
        if (shown[row] != 0 && binOf[row] != kNone)
            ++counts[binOf[row]];
    return counts;
}

} // namespace rnnscope::ui
