#pragma once

#include "core/making/string_forest.h"
#include "core/rnn/rnn.h"

#include <span>

namespace rnnscope::making {

/// How a network reads the strings of a forest.
struct ReadingScores
{
    double loss = 0.0; ///< nat a token: mean over all tokens up to and including the first end tokens
    double certain = 0.0; ///< share of the strings whose every determined token has the highest logit
};

/// A string is determined from the first token that is not its first letter: by then n is known. NaN where logits are
/// not finite.
ReadingScores readStrings(const rnn::Shape& shape, std::span<const float> parameters, const StringForest& strings);

} // namespace rnnscope::making
