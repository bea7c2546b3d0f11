#include "core/base/text_table.h"

#include <algorithm>

namespace rnnscope {

namespace {

std::size_t characters(std::string_view text)
{
    // bytes that do not continue a UTF-8 sequence
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

std::string TextTable::text(std::string_view indent) const
{
    std::vector<std::size_t> widths;
    for (const auto& row : m_rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], characters(row[i]));
    }
    std::string all;
    for (const auto& row : m_rows) {
        all += indent;
        for (std::size_t i = 0; i < row.size(); ++i) {
            all += row[i];
            if (i + 1 < row.size())
                all.append(widths[i] - characters(row[i]) + 2, ' ');
        }
        all += '\n';
    }
    return all;
}

} // namespace rnnscope
