#pragma once

#include "core/projection/map_kind.h"
#include "ui/models/embedded_zoo.h"

#include <array>
#include <vector>

namespace rnnscope::ui {

/// What the embedding [D] of a network at this place of the map could be (core/projection/embedding_at.h). `map` [N, 2]
/// is where the networks of `shown` are, laid out as `kind` says. Empty when none is embedded.
std::vector<float> embeddingAt(const EmbeddedZoo& shown, const Matrix& map, projection::MapKind kind,
                               std::array<double, 2> place);

} // namespace rnnscope::ui
