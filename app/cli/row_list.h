#pragma once

#include "core/base/result.h"

#include <string_view>
#include <vector>

namespace rnnscope::cli {

/// Rows of a zoo as the user writes them: "0,5-9". Both ends count.
struct RowRange
{
    std::size_t first = 0;
    std::size_t last = 0;
};
Result<std::vector<RowRange>> parseRows(std::string_view text);

/// Ascending, each once; all rows when there are no ranges. BadValue for rows that a zoo of `size` networks lacks.
Result<std::vector<std::size_t>> rowsIn(const std::vector<RowRange>& ranges, std::size_t size);

} // namespace rnnscope::cli
