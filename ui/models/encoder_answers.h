#pragma once

#include "core/weights/encoder_state.h"

#include <QString>

#include <string>
#include <vector>

namespace rnnscope::ui {

/// What the user answers to one EncoderQuestion.
struct EncoderAnswer
{
    std::string key;
    std::string value; ///< "lstm", "true", "32"
};

weights::EncoderChoices choicesOf(const std::vector<EncoderAnswer>& answers);

/// An answer to every question: the sizes of the first of `known` whose networks the encoder reads where it fits, else
/// the likely ones.
std::vector<EncoderAnswer> likelyAnswers(const weights::TensorFile& file, const weights::EncoderGuess& guess,
                                         const std::vector<zoo::Architecture>& known);

/// Is the answer a number to be typed, not one of a few?
bool asksForNumber(const weights::EncoderQuestion& question);

/// "LSTM" for "lstm", "Interactive probing" for "interactive_probing", "yes" for "true"; else the value itself.
QString answerTitle(const std::string& key, const std::string& value);
/// "Hidden size" for "rnn.hidden_size".
QString questionTitle(const std::string& key);

} // namespace rnnscope::ui
