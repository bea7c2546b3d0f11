#include "ui/panels/comparison_plots.h"

#include "ui/panels/probing_plots.h"
#include "ui/plots/text.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

/// The first step at which `a` and `b` differ by more than rounding does; none: they are the same.
std::optional<std::size_t> firstApart(const HeatMap& a, const HeatMap& b)
{
    constexpr float kSame = 1e-5F;
    const auto rows = static_cast<std::size_t>(std::min(a.rows.size(), b.rows.size()));
    const std::size_t both = std::min(a.columns, b.columns);
    for (std::size_t step = 0; step < both; ++step)
        for (std::size_t row = 0; row < rows; ++row)
            if (!(std::abs(a.value(row, step) - b.value(row, step)) <= kSame))
                return step;
    return a.columns == b.columns ? std::nullopt : std::optional(both);
}

std::optional<std::size_t> firstApart(const std::vector<HeatMap>& probes)
{
    std::optional<std::size_t> first;
    for (const HeatMap& each : probes)
        if (const auto apart = firstApart(probes.front(), each))
            first = std::min(*apart, first.value_or(*apart));
    return first;
}

HeatMap differenceOf(const HeatMap& a, const HeatMap& b)
{
    HeatMap map;
    map.title = QStringLiteral("Difference");
    map.rows = a.rows;
    map.columns = std::min(a.columns, b.columns);
    map.map = ColourMap::Diverging;
    float largest = 0.0F;
    for (std::size_t row = 0; row < static_cast<std::size_t>(a.rows.size()); ++row)
        for (std::size_t step = 0; step < map.columns; ++step) {
            const float away = a.value(row, step) - b.value(row, step);
            map.values.push_back(away);
            if (std::isfinite(away))
                largest = std::max(largest, std::abs(away));
        }
    map.high = std::max(0.1, std::ceil(10.0 * static_cast<double>(largest)) / 10.0); // white is no difference
    map.low = -map.high;
    map.subtitle = QStringLiteral("±%1, first − second").arg(tickNumber(map.high)); // there may be no room for a bar
    return map;
}

} // namespace

ComparisonPlots makeComparison(zoo::TaskFamily family, bool softmaxProbes, const std::vector<NamedTraces>& networks,
                               std::size_t sequence)
{
    ComparisonPlots made;
    for (const NamedTraces& each : networks) {
        ProbingPlots plots = makeProbingPlots(family, softmaxProbes, *each.traces, sequence);
        plots.output.title = each.name;
        if (networks.size() > 2) // and little room
            plots.output.subtitle = QStringLiteral("output");
        plots.input.title = each.name;
        plots.input.subtitle = networks.size() > 2 ? QStringLiteral("probe") : QStringLiteral("probe input");
        plots.input.ticks = plots.input.rows != plots.output.rows; // else the answers below have them
        made.outputs.push_back(std::move(plots.output));
        made.inputs.push_back(std::move(plots.input));
        if (!plots.image.image.isNull())
            made.images.push_back({each.name, QStringLiteral("probe input"), plots.image.image});
    }
    made.apartFrom = firstApart(made.inputs);
    if (!made.apartFrom) { // one for all
        made.inputs.resize(1);
        made.inputs[0].title = QStringLiteral("Probe input");
        made.inputs[0].subtitle = QStringLiteral("the same for all");
        made.inputs[0].ticks = true;
        made.images.resize(std::min<std::size_t>(made.images.size(), 1));
        for (TileImage& image : made.images)
            image = {made.inputs[0].title, made.inputs[0].subtitle, image.image};
    }
    if (networks.size() == 2 && made.outputs[0].rows.size() == made.outputs[1].rows.size()) {
        made.difference = differenceOf(made.outputs[0], made.outputs[1]);
        made.distance = answerDistance(made.outputs[0], made.outputs[1]);
    }
    return made;
}

AnswerDistance answerDistance(const HeatMap& a, const HeatMap& b)
{
    AnswerDistance distance;
    std::size_t counted = 0;
    for (std::size_t step = 0; step < std::min(a.columns, b.columns); ++step) {
        double apart = 0.0;
        for (std::size_t row = 0; row < static_cast<std::size_t>(std::min(a.rows.size(), b.rows.size())); ++row)
            apart += 0.5 * std::abs(static_cast<double>(a.value(row, step)) - static_cast<double>(b.value(row, step)));
        if (!std::isfinite(apart))
            continue;
        distance.mean += apart;
        ++counted;
        if (apart > distance.largest) {
            distance.largest = apart;
            distance.step = step;
        }
    }
    distance.mean /= static_cast<double>(std::max<std::size_t>(counted, 1));
    return distance;
}

QString comparisonText(const ComparisonPlots& plots)
{
    QStringList parts;
    if (plots.distance) {
        const AnswerDistance& away = *plots.distance;
        parts << (away.largest > 0 ? QStringLiteral("Mean total variation %1, most at step %2 (%3)")
                                         .arg(QString::number(away.mean, 'f', 3))
                                         .arg(away.step)
                                         .arg(QString::number(away.largest, 'f', 3))
                                   : QStringLiteral("The answers are the same"));
    }
    if (plots.apartFrom)
        parts << QStringLiteral("probes differ from step %1 on").arg(*plots.apartFrom);
    return parts.join(QStringLiteral(" · "));
}

} // namespace rnnscope::ui
