#pragma once

#include "core/rnn/prefix_batch.h"
#include "core/tasks/formal_language.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::making {

/// The strings of a language for some n as the forest of their prefixes: a network reads all but the last token of each
/// and is asked for the next. The forest is found once; batches of drawn strings are cut out of it.
class StringForest
{
public:
    /// Sequences of `length` tokens for first <= n <= last.
    StringForest(const tasks::FormalLanguage& language, int first, int last, std::size_t length);

    std::size_t strings() const { return m_strings; } ///< B
    std::size_t steps() const { return m_steps; } ///< length - 1
    const rnn::PrefixBatch& prefixes() const { return m_all; }
    /// Where string `s` stands after reading its tokens 0 to `step`, and what comes next.
    std::size_t node(std::size_t s, std::size_t step) const { return m_nodes[s * m_steps + step]; }
    int next(std::size_t s, std::size_t step) const { return m_labels[s * m_steps + step]; }
    /// Steps up to and including that which asks for the first end token; all where there is none.
    std::size_t stepsToEnd(std::size_t s) const { return m_toEnd[s]; }

    /// The batch in which string s occurs counts[s] times; strings that do not occur cost nothing. `batch` is used
    /// again.
    void cut(std::span<const std::uint32_t> counts, rnn::PrefixBatch& batch);

private:
    std::size_t m_strings = 0;
    std::size_t m_steps = 0;
    std::size_t m_tokens = 0;
    rnn::PrefixBatch m_all; ///< every string, equally often
    std::vector<std::uint32_t> m_nodes; ///< [B, steps]
    std::vector<int> m_labels; ///< [B, steps]
    std::vector<std::size_t> m_toEnd; ///< [B]
    std::vector<std::uint32_t> m_place; ///< [nodes] in the batch being cut, plus 1; 0: not in it
};

} // namespace rnnscope::making
