#pragma once

#include "core/weights/tensor_file.h"

#include <string>
#include <vector>

namespace rnnscope::weights {

/// Canonical parameters of a declared stack and its first head, put together from their parts entry by entry.
std::vector<float> assembled(const TensorFile& file, const RecurrentStack& stack);

/// Largest difference between the stack's outputs and `output` for `input`, both in the group `name` of an HDF5 file.
float largestDifference(const TensorFile& file, const RecurrentStack& stack, const fs::path& expected,
                        const std::string& name);

} // namespace rnnscope::weights
