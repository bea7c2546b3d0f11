#pragma once

#include "core/engine/engine.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/image_view.h"

#include <cstddef>

namespace rnnscope::ui {

/// One sequence of questions and answers, ready to be drawn.
struct ProbingPlots
{
    HeatMap input; ///< [I, T] what the network was given
    HeatMap output; ///< [O, T] softmax of its logits
    TileImage image; ///< sequential MNIST: the probe as a picture; else null
};

/// "a b c d ⊢ ⊣" for formal languages, "0 1 2 …" for others. The last two tokens begin and end a string.
QStringList rowLabels(zoo::TaskFamily family, std::size_t count);

/// Network 0 of `traces`; `sequence` < traces.parallel.
ProbingPlots makeProbingPlots(zoo::TaskFamily family, bool softmaxProbes, const engine::Traces& traces,
                              std::size_t sequence);

} // namespace rnnscope::ui
