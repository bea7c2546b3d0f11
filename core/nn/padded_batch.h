#pragma once

#include "core/base/result.h"
#include "core/rnn/group_trainer.h"

#include <cstddef>
#include <span>

namespace rnnscope::nn {

/// Batches of G networks as whole sequences, all of one length and as many a network as the widest batch has. A GPU
/// works on full arrays; that a shared prefix is computed several times costs it nothing.
struct PaddedSize
{
    std::size_t networks = 0; ///< G
    std::size_t steps = 0; ///< T
    std::size_t sequences = 0; ///< D, the most leaves a batch has
    std::size_t width = 0; ///< floats of an input: I, or 1 for tokens
    std::size_t classes = 0; ///< O
    bool tokens = false;

    std::size_t inputs() const { return networks * steps * sequences * width; }
    std::size_t targets() const { return networks * steps * sequences * classes; }
};

/// BadValue when a batch is no forest, does not fit `shape`, or has another number of steps or other inputs than the
/// first one.
Result<PaddedSize> paddedSize(std::span<const rnn::PrefixBatch> batches, const rnn::Shape& shape);

/// `inputs` [G, T, D, width], `targets` [G, T, D, O]. A node's targets stand in one of the sequences that pass it.
/// Sequences that fill up have a true one's inputs, so that they stay as finite as that, and no targets.
void pad(std::span<const rnn::PrefixBatch> batches, const PaddedSize& size, std::span<float> inputs,
         std::span<float> targets);

} // namespace rnnscope::nn
