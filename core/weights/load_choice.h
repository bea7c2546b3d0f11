#pragma once

#include "core/weights/load.h"

namespace rnnscope::weights {

/// The stack that is meant and the read-out that reads it.
struct Chosen
{
    RecurrentStack stack; ///< `cell` as the sizes say
    LinearHead head;
    std::vector<std::string> notes;
};

/// By the user's choices and, where these leave no doubt, by what was found. NeedsChoice lists what to give.
Result<Chosen> choose(const TensorFile& file, const Inspection& inspection, const Choices& choices);

/// Sizes that match the shapes of a list of tensors in parameter order, if exactly one network has such.
std::optional<zoo::Architecture> sizesOfList(const TensorFile& file, const FlatParameters& flat);

/// "an LSTM 2×32, 6 in", "a GRU …"
std::string withArticle(const std::string& description);

} // namespace rnnscope::weights
