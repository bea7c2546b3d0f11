#pragma once

#include "core/weights/tensor_file.h"
#include "core/zoo/checkpoint.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace rnnscope::weights {

/// Are these the tensors of one of the authors' encoders (`rnn_weight_encoder.pt`, a state_dict)?
bool isEncoderState(const TensorFile& file);

/// What the user says that tensors do not tell.
struct EncoderChoices
{
    std::optional<zoo::EncoderKind> kind; ///< interactive and non-interactive encoders have the same tensors
    std::string config; ///< JSON object with keys of a checkpoint's config, e.g. {"residual": false}; may be empty
};

/// One thing the tensors do not tell.
struct EncoderQuestion
{
    std::string key; ///< of the config, "rnn.hidden_size", or "encoder"
    std::string question; ///< a sentence
    std::vector<std::string> answers; ///< possible values, the likely one first, never empty; numbers: any other too
};

/// What the tensors tell of an encoder, and what is left to say.
struct EncoderGuess
{
    zoo::EncoderConfig config; ///< complete when there are no questions
    std::vector<EncoderQuestion> questions; ///< must be answered: no default can be right by itself
    std::vector<std::string> notes; ///< what was taken from the paper's configuration, to be changed by `config`
};

/// ShapeMismatch naming the tensor when the state is of none of the six encoders or the choices contradict it.
Result<EncoderGuess> guessEncoder(const TensorFile& file, const EncoderChoices& choices);

/// A checkpoint without heads, emulator and reference. NeedsChoice lists what to give.
Result<zoo::Checkpoint> importEncoder(const TensorFile& file, const EncoderChoices& choices);

} // namespace rnnscope::weights
