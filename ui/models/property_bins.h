#pragma once

#include "core/zoo/zoo.h"
#include "ui/plots/binning.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rnnscope::ui {

/// The networks of a zoo sorted into a few bins, property by property. Sorted once, when first asked for: of a
/// selection there is but to count.
class PropertyBins
{
public:
    static constexpr std::size_t kMost = 24; ///< bins of numbers

    /// Sorts those of another zoo from now on. Null: none.
    void follow(const std::shared_ptr<const zoo::Zoo>& zoo);

    /// Numbers by value, classes by class, rows of several columns by what is in all of them. No bins where the zoo
    /// does not have it.
    const Binning& of(const std::string& property);

private:
    std::shared_ptr<const zoo::Zoo> m_zoo;
    std::map<std::string, Binning> m_bins;
};

/// [B] how many of `rows` there are in each bin.
std::vector<std::size_t> countRows(const Binning& bins, const std::vector<std::size_t>& rows);

} // namespace rnnscope::ui
