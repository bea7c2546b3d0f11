#pragma once

#include "core/rnn/rnn.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/language_accuracy.h"

#include <cstdint>
#include <span>
#include <stop_token>

namespace rnnscope::tasks {

/// Which strings of a network: string s is drawn by `key` and s, token by token, whatever is drawn beside it.
struct SampleOptions
{
    std::size_t strings = 1000; ///< S
    std::size_t length = 42; ///< T: tokens of a string, begin included; what has no end by then is undefined
    std::uint64_t key = 0;
};

/// What one network's own strings are worth. Unknown where logits are not finite or `stop` is requested.
LanguageAccuracy judgeStrings(const rnn::Rnn& network, const FormalLanguage& language, const SampleOptions& options,
                              const std::stop_token& stop);

/// The same strings in full, going on behind their ends: tokens [S, T] with begin first and the log-probabilities
/// [S, T - 1, O] each further token was drawn from. Not finite logits make end tokens. False once `stop` is requested.
bool sampleStrings(const rnn::Rnn& network, const FormalLanguage& language, const SampleOptions& options,
                   std::span<int> tokens, std::span<float> logProbabilities, const std::stop_token& stop);

} // namespace rnnscope::tasks
