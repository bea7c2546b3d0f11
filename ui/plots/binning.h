#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::ui {

/// Values sorted into bins: one for each where they are few, else of equal width.
struct Binning
{
    static constexpr std::uint16_t kNone = 0xffff;

    std::vector<double> low; ///< [B] the least value that belongs into a bin
    std::vector<double> high; ///< [B] the greatest
    std::vector<std::uint16_t> binOf; ///< [N]; kNone: not finite
    bool single = false; ///< a bin is one value

    std::size_t bins() const { return low.size(); }
    /// [B] how many of the rows that are 1 in `shown` [N].
    std::vector<std::size_t> counts(std::span<const std::uint8_t> shown) const;
};

/// At most `most` bins.
Binning binned(std::span<const double> values, std::size_t most);

} // namespace rnnscope::ui
