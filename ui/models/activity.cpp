#include "ui/models/activity.h"

#include "core/rnn/rnn.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <numeric>

namespace rnnscope::ui {

Result<Activity> activityOf(const zoo::Zoo& zoo, std::size_t row, const engine::Traces& traces)
{
    const auto shape = tasks::shapeOf(zoo.architecture);
    if (traces.inputSize != shape.inputSize
        || traces.inputs.size() != traces.steps * traces.parallel * traces.inputSize)
        return fail(Errc::ShapeMismatch, "the probes do not fit the network");
    std::vector<float> parameters(shape.parameterCount());
    if (auto read = zoo.parameters->read(row, 1, parameters); !read)
        return forward(read);
    const rnn::Rnn network(shape, parameters);
    Activity made {.parallel = traces.parallel,
                   .layers = shape.numLayers,
                   .units = shape.hiddenSize,
                   .steps = traces.steps,
                   .hidden = std::vector<float>(traces.parallel * shape.numLayers * shape.hiddenSize * traces.steps),
                   .cell = {}};
    const bool cells = shape.cell == rnn::Cell::Lstm;
    if (cells)
        made.cell.resize(made.hidden.size());
    auto state = network.zeroState(traces.parallel);
    std::vector<float> logits(traces.parallel * shape.outputSize);
    const std::size_t each = traces.parallel * traces.inputSize;
    for (std::size_t step = 0; step < traces.steps; ++step) {
        network.step(std::span(traces.inputs).subspan(step * each, each), state, logits);
        for (std::size_t sequence = 0; sequence < made.parallel; ++sequence)
            for (std::size_t layer = 0; layer < made.layers; ++layer)
                for (std::size_t unit = 0; unit < made.units; ++unit) {
                    const std::size_t at = ((sequence * made.layers + layer) * made.units + unit) * made.steps + step;
                    made.hidden[at] = state.hidden(layer, sequence)[unit];
                    if (cells)
                        made.cell[at] = state.cell(layer, sequence)[unit];
                }
    }
    return made;
}

std::vector<std::size_t> unitsByVariance(std::span<const float> states, std::size_t units)
{
    const std::size_t steps = units == 0 ? 0 : states.size() / units;
    std::vector<double> variance(units, 0.0);
    for (std::size_t unit = 0; unit < units; ++unit) {
        const auto values = states.subspan(unit * steps, steps);
        const double mean
            = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(std::max<std::size_t>(steps, 1));
        for (const float value : values)
            variance[unit] += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
    }
    std::vector<std::size_t> order(units);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return variance[a] > variance[b]; });
    return order;
}

} // namespace rnnscope::ui
