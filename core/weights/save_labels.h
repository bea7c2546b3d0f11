#pragma once

#include "core/zoo/zoo.h"

#include <span>

namespace rnnscope::weights {

/// CSV of `rows` with the column `file` (names[i] for rows[i]) and the properties: task_0, task_1, … when one has
/// several columns; numbers as the shortest text that reads back the same, unknown ones empty, categories as labels.
std::string labelsCsv(const zoo::Zoo& zoo, std::span<const std::size_t> rows, std::span<const std::string> names);

} // namespace rnnscope::weights
