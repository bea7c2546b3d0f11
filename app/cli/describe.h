#pragma once

#include "core/zoo/checkpoint.h"
#include "core/zoo/file_kind.h"
#include "core/zoo/zoo.h"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace rnnscope::cli {

/// What `info` prints of a file, for people and for programs.
std::string describe(const zoo::Zoo& zoo, zoo::FileKind kind);
nlohmann::json toJson(const zoo::Zoo& zoo, zoo::FileKind kind);
std::string describe(const zoo::Checkpoint& checkpoint);
nlohmann::json toJson(const zoo::Checkpoint& checkpoint);

/// "training", "validation", "calibration", "held out", "unknown".
std::string_view name(zoo::Split split);

} // namespace rnnscope::cli
