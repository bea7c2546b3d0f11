#pragma once

#include "core/base/result.h"
#include "core/rnn/rnn.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/language_accuracy.h"

#include <cstdint>
#include <span>
#include <stop_token>

namespace rnnscope::tasks {

/// What goes on with strings: a network, or what imitates one.
class StringWriter
{
public:
    virtual ~StringWriter() = default;
    virtual std::size_t outputSize() const = 0; ///< O
    virtual std::size_t atOnce() const = 0; ///< strings that are best written together
    virtual Result<void> begin(std::size_t strings) = 0; ///< so many, from their first step
    virtual Result<void> next(std::span<const int> tokens, std::span<float> logits) = 0; ///< [n] -> [n, O]
};

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

/// The tokens [S, T] alone, of any writer, drawn by the same random numbers.
Result<void> sampleStrings(StringWriter& writer, const FormalLanguage& language, const SampleOptions& options,
                           std::span<int> tokens, const std::stop_token& stop);

} // namespace rnnscope::tasks
