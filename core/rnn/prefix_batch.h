#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::rnn {

/// Sequences to train on, as the forest of their distinct prefixes: sequences that agree up to step t share a node
/// there. A network sees nothing but the prefix, so a node is computed once however many sequences pass it, and the
/// loss of them all stands in its targets. The gradient is that of the plain batch.
struct PrefixBatch
{
    std::vector<std::uint32_t> first; ///< [T + 1]: nodes first[t] to first[t + 1] - 1 are step t's
    std::vector<std::uint32_t>
        parent; ///< [nodes]: the node of the step before, never descending within a step; 0 at t = 0
    std::vector<int> tokens; ///< [nodes] one-hot inputs, 0 to I - 1; empty where there are features
    std::vector<float> features; ///< [nodes, I]; empty where there are tokens
    std::vector<float> targets; ///< [nodes, O]: the loss is -sum target * log softmax(logits); 0 where nothing is asked

    std::size_t steps() const { return first.empty() ? 0 : first.size() - 1; }
    std::size_t nodes() const { return first.empty() ? 0 : first.back(); }
};

/// B sequences of T steps, row-major. Their weights are scaled to a sum of 1; the loss is the mean over steps of the
/// weighted mean over sequences of the cross-entropy (nat).
struct LabelledTokens
{
    std::size_t steps = 0; ///< T
    std::size_t classes = 0; ///< O
    std::span<const int> tokens; ///< [B, T]
    std::span<const int> labels; ///< [B, T], each 0 to O - 1; negative: nothing is asked, at no change to the mean
    std::span<const float> weights = {}; ///< [B]; empty: all equal
};

struct LabelledFeatures
{
    std::size_t steps = 0; ///< T
    std::size_t classes = 0; ///< O
    std::size_t inputs = 0; ///< I
    std::span<const float> features; ///< [B, T, I]
    std::span<const int> labels; ///< [B, T], each 0 to O - 1; negative: nothing is asked, at no change to the mean
    std::span<const float> weights = {}; ///< [B]; empty: all equal
};

/// Into `batch`, whose memory is used again.
void makePrefixes(const LabelledTokens& sequences, PrefixBatch& batch);
void makePrefixes(const LabelledFeatures& sequences, PrefixBatch& batch);

} // namespace rnnscope::rnn
