#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rnnscope {

/// Columns padded to their widest cell, counted in characters of UTF-8.
class TextTable
{
public:
    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    std::string text(std::string_view indent = "") const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace rnnscope
