#pragma once

#include "core/base/file.h"
#include "core/zoo/property.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::weights {

/// Most bytes, cells and columns of a table of labels.
inline constexpr std::size_t kMostLabelBytes = std::size_t {64} << 20U;
inline constexpr std::size_t kMostLabelCells = 4'000'000;
inline constexpr std::size_t kMostLabelColumns = 2'000;

/// What people know of the networks in their files.
struct LabelTable
{
    fs::path path;
    std::vector<std::string> files; ///< the column `file`, each once
    std::vector<std::size_t> lines; ///< where each begins, counted from 1
    std::vector<zoo::Property> properties; ///< a row per file
    std::vector<std::string> notes; ///< sentences without final stops
};

/// A CSV (RFC 4180: commas, quotes, any line ends, with or without byte order mark) whose first line names the columns.
/// One is `file`. The others' kinds are worked out from all of their cells: integers, reals, else categories; empty
/// cells and "nan" are unknown. Names with a fixed meaning (formats.md) get their kind and unit; columns x_0, x_1, …
/// are one property x. Errors name the file and the line.
Result<LabelTable> readLabels(const fs::path& path);
/// The same of text; `path` is for messages.
Result<LabelTable> parseLabels(std::string_view text, const fs::path& path);

/// The properties for networks in these files, by their names or, where the table has folders, their paths' ends. NaN
/// for files that the table does not have. Rows whose file is not among them become a note.
std::vector<zoo::Property> labelsOf(const LabelTable& table, std::span<const fs::path> files,
                                    std::vector<std::string>& notes);

/// Puts what `more` knows where `property` knows nothing. False when the two are of different kinds or widths.
bool fillIn(zoo::Property& property, const zoo::Property& more);

} // namespace rnnscope::weights
