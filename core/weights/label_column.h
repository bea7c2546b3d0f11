#pragma once

#include "core/weights/csv.h"
#include "core/zoo/property.h"

#include <optional>

namespace rnnscope::weights {

/// The property in these columns of a table; nothing when all cells are empty. BadValue naming file and line when a
/// column whose name has a fixed meaning (accuracy, train_loss, …) holds something else than numbers.
Result<std::optional<zoo::Property>> propertyOf(const Csv& csv, const fs::path& path, const std::string& name,
                                                const std::vector<std::size_t>& columns);

} // namespace rnnscope::weights
