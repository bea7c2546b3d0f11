#include "app/cli/row_list.h"

#include "core/base/printable.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

namespace rnnscope::cli {

namespace {

std::optional<std::size_t> number(std::string_view text)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size())
        return {};
    return value;
}

} // namespace

Result<std::vector<RowRange>> parseRows(std::string_view text)
{
    std::vector<RowRange> ranges;
    while (true) {
        const std::string_view item = text.substr(0, text.find(','));
        const std::size_t dash = item.find('-');
        const auto first = number(item.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : number(item.substr(dash + 1));
        if (!first || !last || *last < *first)
            return fail(Errc::BadValue,
                        fmt::format("'{}' is no row or range of rows, expected e.g. 0,5-9", printable(item)));
        ranges.push_back({*first, *last});
        if (item.size() == text.size())
            return ranges;
        text.remove_prefix(item.size() + 1);
    }
}

Result<std::vector<std::size_t>> rowsIn(const std::vector<RowRange>& ranges, std::size_t size)
{
    std::vector<bool> wanted(size, ranges.empty());
    for (const RowRange& range : ranges) {
        if (range.last >= size)
            return fail(Errc::BadValue,
                        fmt::format("there is no row {}, the last one is {}", range.last, size == 0 ? 0 : size - 1));
        std::fill(wanted.begin() + static_cast<std::ptrdiff_t>(range.first),
                  wanted.begin() + static_cast<std::ptrdiff_t>(range.last) + 1, true);
    }
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < size; ++row)
        if (wanted[row])
            rows.push_back(row);
    return rows;
}

} // namespace rnnscope::cli
