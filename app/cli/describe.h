#pragma once

#include "core/weights/identify.h"
#include "core/weights/weight_zoo.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace rnnscope::cli {

/// What `info` prints of a file, for people and for programs.
std::string describe(const zoo::Zoo& zoo, weights::InputKind kind);
nlohmann::json toJson(const zoo::Zoo& zoo, weights::InputKind kind);
std::string describe(const zoo::Checkpoint& checkpoint);
nlohmann::json toJson(const zoo::Checkpoint& checkpoint);

/// A weight file: its tensors, what is recurrent in them and what was made of that.
struct WeightFacts
{
    std::shared_ptr<const weights::TensorFile> file;
    bool encoderState = false; ///< of an encoder: nothing was made of it
    weights::Inspection inspection;
    Result<weights::LoadedWeights> loaded; ///< or what keeps it from being loaded
    std::vector<std::shared_ptr<const zoo::Checkpoint>> encoders; ///< to be asked whether they can read it
};
std::string describe(const WeightFacts& facts);
nlohmann::json toJson(const WeightFacts& facts);

/// "training", "validation", "calibration", "held out", "unknown".
std::string_view name(zoo::Split split);

} // namespace rnnscope::cli
