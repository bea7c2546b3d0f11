#pragma once

#include "core/weights/tensor_file.h"

#include <optional>

namespace rnnscope::weights {

/// Most recurrent stacks that are told apart in one file.
inline constexpr std::size_t kMostStacks = 1000;

/// A group of tensors that are named like a recurrent stack.
struct FoundStack
{
    RecurrentStack stack; ///< without heads
    int width = 0; ///< H; with projections their size, bidirectional: both directions
    std::optional<Error> broken; ///< a tensor is missing or does not fit: names it, not the file
};

/// By names and shapes alone, in the order of the file; at most kMostStacks + 1.
std::vector<FoundStack> findStacks(const TensorFile& file);

/// "(128, 6)"; a single number: "()".
std::string shapeText(const std::vector<std::size_t>& shape);

} // namespace rnnscope::weights
