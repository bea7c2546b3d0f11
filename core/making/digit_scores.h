#pragma once

#include "core/making/rotated_tiles.h"
#include "core/rnn/rnn.h"

#include <optional>
#include <span>
#include <stop_token>

namespace rnnscope::making {

/// How a network reads digits.
struct DigitScores
{
    double loss = 0.0; ///< nat; cross-entropy, mean over all steps
    double accuracy = 0.0; ///< digits recognised at the last step
};

/// Reads digits `part` of `digits`, turned and cut by `cut`. NaN where logits are not finite; nothing once `stop` is
/// requested.
std::optional<DigitScores> readDigitsBy(const rnn::Shape& shape, std::span<const float> parameters,
                                        const tasks::Digits& digits, std::span<const std::size_t> part,
                                        const RotatedTiles& cut, const std::stop_token& stop);

} // namespace rnnscope::making
