#pragma once

#include <cstddef>
#include <span>

namespace rnnscope::rnn {

/// [N, columns] logits to probabilities, in place; does not overflow. Whole rows only.
void softmaxRows(std::span<float> values, std::size_t columns);

} // namespace rnnscope::rnn
