#include "ui/models/activity.h"

#include "core/rnn/gates.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <numeric>

namespace rnnscope::ui {

namespace {

Result<std::vector<float>> parametersOf(const zoo::Zoo& zoo, std::size_t row)
{
    std::vector<float> parameters(tasks::shapeOf(zoo.architecture).parameterCount());
    if (auto read = zoo.parameters->read(row, 1, parameters); !read)
        return forward(read);
    return parameters;
}

} // namespace

bool isGate(StateKind kind)
{
    return kind != StateKind::Hidden && kind != StateKind::Cell;
}

std::vector<StateKind> stateKinds(rnn::Cell cell)
{
    switch (cell) {
    case rnn::Cell::Lstm:
        return {StateKind::Hidden, StateKind::Cell,      StateKind::Input,
                StateKind::Forget, StateKind::Candidate, StateKind::Output};
    case rnn::Cell::Gru:
        return {StateKind::Hidden, StateKind::Reset, StateKind::Update, StateKind::New};
    case rnn::Cell::RnnTanh:
    case rnn::Cell::RnnRelu:
        break;
    }
    return {StateKind::Hidden};
}

std::span<const float> Activity::all(StateKind kind) const
{
    if (!isGate(kind))
        return kind == StateKind::Hidden ? hidden : cell;
    const auto kinds = stateKinds(of); // gates come last and in their order
    const auto at = static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
    const std::size_t index = at + gates.size() - kinds.size();
    return at < kinds.size() && !gates.empty() ? std::span<const float>(gates[index]) : std::span<const float>();
}

std::span<const float> Activity::one(StateKind kind, std::size_t sequence, std::size_t layer) const
{
    const auto states = all(kind);
    if (states.empty() || layer >= layers || sequence >= parallel)
        return {};
    return states.subspan((sequence * layers + layer) * units * steps, units * steps);
}

Result<Activity> activityOf(const zoo::Zoo& zoo, std::size_t row, const engine::Traces& traces)
{
    const auto shape = tasks::shapeOf(zoo.architecture);
    if (traces.inputSize != shape.inputSize
        || traces.inputs.size() != traces.steps * traces.parallel * traces.inputSize)
        return fail(Errc::ShapeMismatch, "the probes do not fit the network");
    const auto parameters = parametersOf(zoo, row);
    if (!parameters)
        return forward(parameters);
    const rnn::Rnn network(shape, *parameters);
    Activity made {.of = shape.cell,
                   .parallel = traces.parallel,
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

Result<Activity> withGates(const Activity& states, const zoo::Zoo& zoo, std::size_t row, const engine::Traces& traces,
                           const std::stop_token& stop)
{
    const auto parameters = parametersOf(zoo, row);
    if (!parameters)
        return forward(parameters);
    const auto shape = tasks::shapeOf(zoo.architecture);
    const rnn::Gates network(shape, *parameters);
    Activity made = states;
    const std::size_t count = shape.gates();
    made.gates.assign(count, std::vector<float>(made.hidden.size()));
    std::vector<float> read; // what a layer reads
    std::vector<float> before(made.units);
    std::vector<float> gate(count * made.units);
    const auto place = [&](std::size_t sequence, std::size_t layer, std::size_t unit, std::size_t step) {
        return ((sequence * made.layers + layer) * made.units + unit) * made.steps + step;
    };
    for (std::size_t sequence = 0; sequence < made.parallel; ++sequence)
        for (std::size_t step = 0; step < made.steps; ++step) {
            if (stop.stop_requested())
                return cancelled("looking into a network");
            const auto input = std::span(traces.inputs)
                                   .subspan((step * made.parallel + sequence) * traces.inputSize, traces.inputSize);
            read.assign(input.begin(), input.end());
            for (std::size_t layer = 0; layer < made.layers; ++layer) {
                for (std::size_t unit = 0; unit < made.units; ++unit)
                    before[unit] = step == 0 ? 0.0F : made.hidden[place(sequence, layer, unit, step - 1)];
                network.at(layer, read, before, gate);
                read.resize(made.units);
                for (std::size_t unit = 0; unit < made.units; ++unit) {
                    const std::size_t at = place(sequence, layer, unit, step);
                    read[unit] = made.hidden[at];
                    for (std::size_t which = 0; which < count; ++which)
                        made.gates[which][at] = gate[which * made.units + unit];
                }
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
