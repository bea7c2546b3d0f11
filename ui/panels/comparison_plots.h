#pragma once

#include "core/engine/engine.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/image_view.h"

#include <QString>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

/// Answers of several networks, ready to be drawn beside each other.
namespace rnnscope::ui {

struct NamedTraces
{
    QString name; ///< plain text
    std::shared_ptr<const engine::Traces> traces; ///< of that network alone
};

/// How far apart two networks' answers are: total variation, 0 (the same) to 1.
struct AnswerDistance
{
    double mean = 0.0; ///< over the steps
    double largest = 0.0;
    std::size_t step = 0; ///< where they part most
};

struct ComparisonPlots
{
    std::vector<HeatMap> inputs; ///< one for each network; but one where all are asked the same
    std::vector<TileImage> images; ///< the same; empty unless the probes are pictures, which are shown instead
    std::vector<HeatMap> outputs; ///< one for each network
    std::optional<HeatMap> difference; ///< of two: the first one's probabilities minus the second one's
    std::optional<AnswerDistance> distance; ///< of two
    std::optional<std::size_t> apartFrom; ///< first step at which the probes differ; none: they never do
};

/// `networks` are at least one; sequences are aligned by step.
ComparisonPlots makeComparison(zoo::TaskFamily family, bool softmaxProbes, const std::vector<NamedTraces>& networks,
                               std::size_t sequence);

/// Over the steps both have; rows are classes, columns steps.
AnswerDistance answerDistance(const HeatMap& a, const HeatMap& b);

/// What there is to say of them in one line, plain text; empty: nothing.
QString comparisonText(const ComparisonPlots& plots);

} // namespace rnnscope::ui
