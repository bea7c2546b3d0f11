#include "core/rnn/prefix_batch.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace rnnscope::rnn {

namespace {

/// What both kinds of sequences have in common.
struct Labelled
{
    std::size_t steps = 0;
    std::size_t classes = 0;
    std::size_t sequences = 0;
    std::span<const int> labels;
    std::span<const float> weights;
};

template <typename Sequences>
Labelled labelled(const Sequences& from)
{
    assert(from.steps > 0 && from.classes > 0);
    return {from.steps, from.classes, from.labels.size() / from.steps, from.labels, from.weights};
}

/// Keeps the sequences of a node side by side and splits them where their inputs differ. `same(a, b, t)` compares the
/// inputs of two sequences at one step, `add(s, t)` takes over the input of a new node.
template <typename Same, typename Add>
void grow(const Labelled& from, PrefixBatch& batch, const Same& same, const Add& add)
{
    const auto sum = std::accumulate(from.weights.begin(), from.weights.end(), 0.0);
    const double each = 1.0 / static_cast<double>(from.sequences);
    const auto weight = [&](std::size_t s) {
        const double share = from.weights.empty() ? each : static_cast<double>(from.weights[s]) / sum;
        return static_cast<float>(share / static_cast<double>(from.steps));
    };
    std::vector<std::size_t> order(from.sequences);
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::vector<std::size_t> ends {from.sequences}; // of the nodes' stretches of `order`, at the step before
    std::vector<std::size_t> nextEnds;
    batch.first.assign(1, 0);
    batch.parent.clear();
    batch.targets.clear();
    for (std::size_t t = 0; t < from.steps; ++t) {
        const std::uint32_t before = t == 0 ? 0 : batch.first[t - 1];
        nextEnds.clear();
        std::size_t begin = 0;
        for (std::size_t group = 0; group < ends.size(); ++group)
            while (begin < ends[group]) {
                const std::size_t model = order[begin];
                const auto stretch = order.begin() + static_cast<std::ptrdiff_t>(begin);
                const auto groupEnd = order.begin() + static_cast<std::ptrdiff_t>(ends[group]);
                const auto end
                    = std::stable_partition(stretch, groupEnd, [&](std::size_t s) { return same(model, s, t); });
                batch.parent.push_back(t == 0 ? 0 : before + static_cast<std::uint32_t>(group));
                add(model, t);
                batch.targets.resize(batch.targets.size() + from.classes);
                float* const targets = &batch.targets[batch.targets.size() - from.classes];
                for (auto s = stretch; s != end; ++s)
                    if (const int label = from.labels[*s * from.steps + t]; label >= 0)
                        targets[label] += weight(*s);
                begin = static_cast<std::size_t>(end - order.begin());
                nextEnds.push_back(begin);
            }
        ends.swap(nextEnds);
        batch.first.push_back(static_cast<std::uint32_t>(batch.parent.size()));
    }
}

} // namespace

void makePrefixes(const LabelledTokens& sequences, PrefixBatch& batch)
{
    batch.tokens.clear();
    batch.features.clear();
    const auto token = [&](std::size_t s, std::size_t t) { return sequences.tokens[s * sequences.steps + t]; };
    grow(
        labelled(sequences), batch,
        [&](std::size_t a, std::size_t b, std::size_t t) { return token(a, t) == token(b, t); },
        [&](std::size_t s, std::size_t t) { batch.tokens.push_back(token(s, t)); });
}

void makePrefixes(const LabelledFeatures& sequences, PrefixBatch& batch)
{
    batch.tokens.clear();
    batch.features.clear();
    const auto features = [&](std::size_t s, std::size_t t) {
        return sequences.features.subspan((s * sequences.steps + t) * sequences.inputs, sequences.inputs);
    };
    grow(
        labelled(sequences), batch,
        [&](std::size_t a, std::size_t b, std::size_t t) {
            return a == b || std::ranges::equal(features(a, t), features(b, t));
        },
        [&](std::size_t s, std::size_t t) {
            const auto row = features(s, t);
            batch.features.insert(batch.features.end(), row.begin(), row.end());
        });
}

} // namespace rnnscope::rnn
