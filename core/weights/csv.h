#pragma once

#include "core/base/file.h"

#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::weights {

/// A table of text.
struct Csv
{
    std::vector<std::string> header;
    std::vector<std::string> cells; ///< [rows, header.size()], row-major
    std::vector<std::size_t> lines; ///< [rows], where each begins in the file, counted from 1

    std::size_t rows() const { return lines.size(); }
    const std::string& cell(std::size_t row, std::size_t column) const { return cells[row * header.size() + column]; }
};

/// RFC 4180: commas, quoted cells with doubled quotes and line ends in them; LF, CRLF or CR; a byte order mark is
/// skipped, so are empty lines. BadFormat naming `path` and line for ragged rows, quotes that do not end, more than
/// `mostColumns` or `mostCells`.
Result<Csv> parseCsv(std::string_view text, const fs::path& path, std::size_t mostColumns, std::size_t mostCells);

} // namespace rnnscope::weights
