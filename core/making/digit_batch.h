#pragma once

#include "core/making/rotated_tiles.h"
#include "core/rnn/prefix_batch.h"

#include <span>
#include <vector>

namespace rnnscope::making {

/// Some digits as a batch that asks for the digit at every step. Keeps its memory for the next.
class DigitBatch
{
public:
    void fill(const tasks::Digits& digits, std::span<const std::size_t> part, const RotatedTiles& cut,
              rnn::PrefixBatch& batch);

private:
    std::vector<float> m_tiles; ///< [B, T, I]
    std::vector<int> m_labels; ///< [B, T]
};

} // namespace rnnscope::making
