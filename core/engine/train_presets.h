#pragma once

#include "core/engine/engine.h"

#include <string_view>

namespace rnnscope::engine {

enum class Preset { Paper, Compact };

Result<Preset> presetFromName(std::string_view name);

/// Everything `train` needs for an encoder of this kind: encoders.md, "Encoders", "Emulation" and preset `compact`.
TrainOptions presetOptions(Preset preset, zoo::EncoderKind kind, const zoo::Zoo& zoo);

} // namespace rnnscope::engine
