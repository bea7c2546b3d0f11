#include "core/nn/padded_batch.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rnnscope::nn {

namespace {

using rnn::PrefixBatch;

std::ptrdiff_t offset(std::size_t count)
{
    return static_cast<std::ptrdiff_t>(count);
}

/// Nodes without a child, by step.
std::vector<std::uint32_t> leavesOf(const PrefixBatch& batch)
{
    std::vector<bool> inner(batch.nodes());
    for (std::size_t node = batch.first[1]; node < batch.nodes(); ++node)
        inner[batch.parent[node]] = true;
    std::vector<std::uint32_t> leaves;
    for (std::uint32_t node = 0; node < batch.nodes(); ++node)
        if (!inner[node])
            leaves.push_back(node);
    return leaves;
}

/// Empty when all nodes stand one step after their parents.
std::string_view forestFault(const PrefixBatch& batch)
{
    if (batch.steps() == 0 || batch.first[0] != 0 || batch.first[1] == 0)
        return "has no first step";
    if (!std::ranges::is_sorted(batch.first))
        return "has steps that overlap";
    if (batch.parent.size() != batch.nodes())
        return "has not one parent a node";
    for (std::size_t t = 1; t < batch.steps(); ++t)
        for (std::size_t node = batch.first[t]; node < batch.first[t + 1]; ++node)
            if (batch.parent[node] < batch.first[t - 1] || batch.parent[node] >= batch.first[t])
                return "has a node whose parent is not in the step before";
    return {};
}

std::string_view inputFault(const PrefixBatch& batch, const rnn::Shape& shape)
{
    const bool tokens = !batch.tokens.empty();
    if (tokens && (!batch.features.empty() || batch.tokens.size() != batch.nodes()))
        return "has not one token a node";
    if (!tokens && batch.features.size() != batch.nodes() * shape.inputSize)
        return "has inputs that do not fit the network's";
    if (batch.targets.size() != batch.nodes() * shape.outputSize)
        return "has targets that do not fit the network's outputs";
    const auto known = [&](int token) { return token >= 0 && static_cast<std::size_t>(token) < shape.inputSize; };
    if (!std::ranges::all_of(batch.tokens, known))
        return "has a token the network does not know";
    return {};
}

class Padding
{
public:
    Padding(const PrefixBatch& batch, const PaddedSize& size, std::span<float> inputs, std::span<float> targets)
        : m_batch(batch)
        , m_size(size)
        , m_inputs(inputs)
        , m_targets(targets)
        , m_placed(batch.nodes())
    {
    }

    void run()
    {
        const auto leaves = leavesOf(m_batch);
        for (std::size_t sequence = 0; sequence < leaves.size(); ++sequence)
            follow(leaves[sequence], sequence);
        for (std::size_t t = 0; t < m_size.steps; ++t)
            for (std::size_t sequence = leaves.size(); sequence < m_size.sequences; ++sequence)
                std::copy_n(input(t, 0), m_size.width, input(t, sequence));
    }

private:
    float* input(std::size_t t, std::size_t sequence)
    {
        return m_inputs.data() + (t * m_size.sequences + sequence) * m_size.width;
    }

    /// From a leaf to the root. The first sequence to pass a node takes its targets.
    void follow(std::uint32_t node, std::size_t sequence)
    {
        const auto after = std::ranges::upper_bound(m_batch.first, node);
        for (auto t = static_cast<std::size_t>(after - m_batch.first.begin()); t-- > 0; node = m_batch.parent[node]) {
            if (m_size.tokens)
                *input(t, sequence) = static_cast<float>(m_batch.tokens[node]);
            else
                std::copy_n(m_batch.features.begin() + offset(node * m_size.width), m_size.width, input(t, sequence));
            if (m_placed[node])
                continue;
            m_placed[node] = true;
            std::copy_n(m_batch.targets.begin() + offset(node * m_size.classes), m_size.classes,
                        m_targets.data() + (t * m_size.sequences + sequence) * m_size.classes);
        }
    }

    const PrefixBatch& m_batch;
    const PaddedSize& m_size;
    std::span<float> m_inputs; ///< [T, D, width]
    std::span<float> m_targets; ///< [T, D, O]
    std::vector<bool> m_placed;
};

} // namespace

Result<PaddedSize> paddedSize(std::span<const PrefixBatch> batches, const rnn::Shape& shape)
{
    PaddedSize size {.networks = batches.size(), .classes = shape.outputSize};
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const PrefixBatch& batch = batches[i];
        auto fault = forestFault(batch);
        if (fault.empty())
            fault = inputFault(batch, shape);
        if (fault.empty() && i > 0 && batch.steps() != size.steps)
            fault = "has another number of steps than the first";
        if (fault.empty() && i > 0 && size.tokens == batch.tokens.empty())
            fault = "has tokens where the first has features, or the other way round";
        if (!fault.empty())
            return fail(Errc::BadValue, fmt::format("training batch {} {}", i, fault));
        size.steps = batch.steps();
        size.tokens = !batch.tokens.empty();
        size.sequences = std::max(size.sequences, leavesOf(batch).size());
    }
    size.width = size.tokens ? 1 : shape.inputSize;
    return size;
}

void pad(std::span<const PrefixBatch> batches, const PaddedSize& size, std::span<float> inputs,
         std::span<float> targets)
{
    std::ranges::fill(inputs, 0.0F);
    std::ranges::fill(targets, 0.0F);
    const std::size_t ofInputs = size.inputs() / size.networks;
    const std::size_t ofTargets = size.targets() / size.networks;
    for (std::size_t i = 0; i < batches.size(); ++i)
        Padding(batches[i], size, inputs.subspan(i * ofInputs, ofInputs), targets.subspan(i * ofTargets, ofTargets))
            .run();
}

} // namespace rnnscope::nn
