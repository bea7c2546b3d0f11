#pragma once

#include "core/weights/find_rnn.h"

#include <span>

namespace rnnscope::weights {

/// BadFormat when a file of this size cannot honestly hold so many numbers, or they are more than memory is for.
Result<void> checkAffordable(const TensorFile& file, std::size_t entries);

/// The canonical parameter [rows, columns] out of its place in the file; zeros when it is absent. BadFormat naming the
/// tensor when it reaches outside.
Result<void> readPart(const TensorFile& file, const Part& part, std::size_t rows, std::size_t columns, int gates,
                      std::span<float> out);

/// Canonical parameters of a stack and, unless null, its head: zoo::Architecture's order.
Result<std::vector<float>> readParameters(const TensorFile& file, const RecurrentStack& stack, const LinearHead* head);

/// Indices of the tensors that these are made of, each once, in the order of use.
std::vector<std::size_t> tensorsOf(const RecurrentStack& stack, const LinearHead* head);

} // namespace rnnscope::weights
