#include "core/making/string_forest.h"

#include <algorithm>
#include <numeric>

namespace rnnscope::making {

namespace {

/// The node of step `step` below `parent` that reads `token`.
std::uint32_t child(const rnn::PrefixBatch& forest, std::size_t step, std::uint32_t parent, int token)
{
    std::uint32_t node = forest.first[step];
    while (node + 1 < forest.first[step + 1] && (forest.parent[node] != parent || forest.tokens[node] != token))
        ++node;
    return node;
}

} // namespace

StringForest::StringForest(const tasks::FormalLanguage& language, int first, int last, std::size_t length)
    : m_strings(static_cast<std::size_t>(last - first + 1))
    , m_steps(length - 1)
    , m_tokens(static_cast<std::size_t>(language.letters()) + 2)
{
    std::vector<std::vector<int>> sequences;
    for (int n = first; n <= last; ++n)
        sequences.push_back(tasks::validSequence(language, n, length));
    std::sort(sequences.begin(), sequences.end()); // neighbours share the most
    std::vector<int> inputs;
    for (const auto& sequence : sequences) {
        inputs.insert(inputs.end(), sequence.begin(), sequence.end() - 1);
        m_labels.insert(m_labels.end(), sequence.begin() + 1, sequence.end());
        const auto end = std::find(sequence.begin() + 1, sequence.end(), language.end());
        m_toEnd.push_back(std::min(m_steps, static_cast<std::size_t>(end - sequence.begin())));
    }
    makePrefixes(
        rnn::LabelledTokens {
            .steps = m_steps, .classes = m_tokens, .tokens = inputs, .labels = m_labels, .weights = {}},
        m_all);
    m_place.resize(m_all.nodes());
    for (std::size_t s = 0; s < m_strings; ++s)
        for (std::size_t t = 0; t < m_steps; ++t)
            m_nodes.push_back(child(m_all, t, t == 0 ? 0 : m_nodes.back(), inputs[s * m_steps + t]));
}

void StringForest::cut(std::span<const std::uint32_t> counts, rnn::PrefixBatch& batch)
{
    std::fill(m_place.begin(), m_place.end(), 0U);
    for (std::size_t s = 0; s < m_strings; ++s)
        if (counts[s] > 0)
            for (std::size_t t = 0; t < m_steps; ++t)
                m_place[node(s, t)] = 1;
    batch.features.clear();
    batch.first.assign(1, 0);
    batch.parent.clear();
    batch.tokens.clear();
    for (std::size_t t = 0; t < m_steps; ++t) {
        for (std::size_t i = m_all.first[t]; i < m_all.first[t + 1]; ++i) {
            if (m_place[i] == 0)
                continue;
            batch.parent.push_back(t == 0 ? 0 : m_place[m_all.parent[i]] - 1);
            batch.tokens.push_back(m_all.tokens[i]);
            m_place[i] = static_cast<std::uint32_t>(batch.tokens.size());
        }
        batch.first.push_back(static_cast<std::uint32_t>(batch.tokens.size()));
    }
    batch.targets.assign(batch.tokens.size() * m_tokens, 0.0F);
    const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t {0}));
    for (std::size_t s = 0; s < m_strings; ++s) {
        if (counts[s] == 0)
            continue;
        const auto weight = static_cast<float>(counts[s] / (total * static_cast<double>(m_steps)));
        for (std::size_t t = 0; t < m_steps; ++t)
            batch.targets[(m_place[node(s, t)] - 1) * m_tokens + static_cast<std::size_t>(next(s, t))] += weight;
    }
}

} // namespace rnnscope::making
