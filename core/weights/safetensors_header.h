#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::weights {

/// One tensor as a safetensors header describes it, unchecked.
struct SafetensorsEntry
{
    std::string name;
    std::string dtype; ///< "F32"
    std::vector<std::size_t> shape;
    std::size_t begin = 0; ///< bytes behind the header
    std::size_t end = 0;
};

/// The JSON header {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {…}}, in its
/// order. The metadata is left out. Messages name `where`.
Result<std::vector<SafetensorsEntry>> parseSafetensorsHeader(std::string_view json, const std::string& where);

} // namespace rnnscope::weights
