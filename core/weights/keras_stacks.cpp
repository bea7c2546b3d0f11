#include "core/weights/keras_stacks.h"

#include "core/base/printable.h"
#include "core/weights/keras_cell.h"

#include <algorithm>
#include <map>
#include <set>

namespace rnnscope::weights {

namespace {

class StackBuilder
{
public:
    StackBuilder(const std::vector<TensorInfo>& tensors, const KerasConfig& config, const KerasUnits& units)
        : m_tensors(tensors)
        , m_config(config)
        , m_units(units)
    {
        for (const KerasUnit& unit : units.units)
            if (unit.weights)
                m_weighted.insert(unit.layer);
        for (const KerasLayer& layer : config.layers)
            m_layers.emplace(layer.name, &layer);
    }

    KerasNetworks build()
    {
        for (const KerasUnit& unit : m_units.units)
            if (unit.kind == KerasUnit::Kind::Cell)
                takeCell(unit);
            else if (m_units.ordered && unit.weights)
                m_between = true;
        for (RecurrentStack& stack : m_found.stacks)
            takeHeads(stack);
        return std::move(m_found);
    }

private:
    void takeCell(const KerasUnit& unit)
    {
        const bool twoWays
            = unit.forward || unit.backward || (unit.config != nullptr && unit.config->wrapper == "Bidirectional");
        if (twoWays && unit.backward && joinDirection(unit))
            return;
        KerasCell cell = readKerasCell(m_tensors, unit);
        if (twoWays)
            cell.unfit = "is bidirectional, this program runs one direction only";
        const bool follows = m_last != nullptr && !m_between && !twoWays && feeds(*m_last, unit);
        m_between = false;
        if (follows && append(unit, cell))
            return;
        RecurrentStack stack;
        stack.name = unit.layer;
        stack.cell = cell.cell;
        stack.tanhOrRelu = cell.tanhOrRelu;
        stack.inputSize = cell.inputs;
        stack.hiddenSize = cell.hidden;
        stack.bias = cell.bias;
        stack.layers.push_back(cell.layer);
        stack.unfit = cell.unfit;
        takeOthers(stack, unit);
        m_found.stacks.push_back(std::move(stack));
        m_last = &unit;
        m_lastUnits.push_back(&unit);
    }

    /// The other direction of the layer before: no network of its own.
    bool joinDirection(const KerasUnit& unit)
    {
        for (RecurrentStack& stack : m_found.stacks)
            if (stack.name == unit.layer) {
                stack.others.insert(stack.others.end(), unit.tensors.begin(), unit.tensors.end());
                return true;
            }
        return false;
    }

    /// Adds a layer to the last stack where it is one more of the same kind.
    bool append(const KerasUnit& unit, const KerasCell& cell)
    {
        RecurrentStack& stack = m_found.stacks.back();
        if (cell.inputs != stack.hiddenSize)
            return false;
        if (cell.cell != stack.cell || cell.hidden != stack.hiddenSize || cell.tanhOrRelu != stack.tanhOrRelu) {
            // Without an order in the file, two layers whose sizes happen to fit need not be one network.
            if (m_units.ordered && stack.unfit.empty())
                stack.unfit = fmt::format("feeds '{}', which is of another kind or width; layers of one kind and one "
                                          "width are needed",
                                          printable(unit.layer));
            if (m_units.ordered)
                return appendUnfit(unit, stack);
            return false;
        }
        if (stack.unfit.empty() && !cell.unfit.empty())
            stack.unfit = fmt::format("has a layer '{}' that {}", printable(unit.layer), cell.unfit);
        stack.bias = stack.bias || cell.bias;
        stack.layers.push_back(cell.layer);
        takeOthers(stack, unit);
        m_last = &unit;
        m_lastUnits.back() = &unit;
        return true;
    }

    bool appendUnfit(const KerasUnit& unit, RecurrentStack& stack)
    {
        stack.others.insert(stack.others.end(), unit.tensors.begin(), unit.tensors.end());
        m_last = nullptr;
        m_lastUnits.back() = &unit;
        return true;
    }

    /// Tensors of the layer beyond its kernels and bias.
    static void takeOthers(RecurrentStack& stack, const KerasUnit& unit)
    {
        for (const std::size_t tensor : unit.tensors)
            if (tensor != unit.kernel && tensor != unit.recurrent && tensor != unit.bias)
                stack.others.push_back(tensor);
    }

    /// Does one layer's output go into the other, as far as the file tells?
    bool feeds(const KerasUnit& from, const KerasUnit& to) const
    {
        if (m_config.list || from.config == nullptr || to.config == nullptr)
            return true;
        constexpr int kFarthest = 64;
        const KerasLayer* layer = to.config;
        for (int i = 0; i < kFarthest && layer != nullptr && !layer->inputs.empty(); ++i) {
            const std::string& input = layer->inputs.front();
            if (input == from.config->name)
                return true;
            const auto next = m_layers.find(input);
            if (next == m_layers.end() || m_weighted.contains(input))
                return false; // something with weights lies between
            layer = next->second;
        }
        return to.config->inputs.empty(); // nothing is said
    }

    void takeHeads(RecurrentStack& stack)
    {
        const KerasUnit& last = *m_lastUnits[static_cast<std::size_t>(&stack - m_found.stacks.data())];
        std::vector<const KerasUnit*> dense;
        for (const KerasUnit& unit : m_units.units)
            if (unit.kind == KerasUnit::Kind::Dense && fits(unit, stack))
                dense.push_back(&unit);
        const auto near = [&](const KerasUnit* unit) { return m_units.ordered && follows(last, *unit); };
        std::stable_sort(dense.begin(), dense.end(),
                         [&](const KerasUnit* a, const KerasUnit* b) { return near(a) && !near(b); });
        for (const KerasUnit* unit : dense) {
            LinearHead head {unit->layer, static_cast<int>(m_tensors[unit->kernel].shape[1]), {}, {}};
            head.weight = {unit->kernel, 0, true, {}};
            if (unit->bias != Part::kAbsent)
                head.bias = {unit->bias, 0, false, {}};
            stack.heads.push_back(std::move(head));
        }
        stack.headIsClear = dense.size() == 1 || (dense.size() > 1 && near(dense[0]) && !near(dense[1]));
        if (stack.headIsClear)
            noteActivation(*dense.front());
    }

    bool fits(const KerasUnit& unit, const RecurrentStack& stack) const
    {
        constexpr std::size_t kLargest = std::size_t {1} << 30U;
        const auto& shape = m_tensors[unit.kernel].shape;
        return shape[0] == static_cast<std::size_t>(stack.hiddenSize) && shape[1] > 0 && shape[1] <= kLargest;
    }

    /// Is `dense` the next layer with weights behind `last`?
    bool follows(const KerasUnit& last, const KerasUnit& dense) const
    {
        if (!m_config.list && last.config != nullptr && dense.config != nullptr)
            return feeds(last, dense);
        const auto& units = m_units.units;
        const auto at = static_cast<std::size_t>(&last - units.data());
        return at + 1 < units.size() && &units[at + 1] == &dense;
    }

    void noteActivation(const KerasUnit& unit)
    {
        if (unit.config == nullptr || unit.config->activation.empty() || unit.config->activation == "linear")
            return;
        const std::string activation = unit.config->activation == "?" ? "activation" : unit.config->activation;
        const std::string note = fmt::format("the head's {} is left out: encoders want logits", printable(activation));
        auto& notes = m_found.notes;
        if (std::find(notes.begin(), notes.end(), note) == notes.end())
            notes.push_back(note);
    }

    const std::vector<TensorInfo>& m_tensors;
    const KerasConfig& m_config;
    const KerasUnits& m_units;
    std::set<std::string> m_weighted; ///< names of layers with weights
    std::map<std::string, const KerasLayer*> m_layers;
    KerasNetworks m_found;
    std::vector<const KerasUnit*> m_lastUnits; ///< the last layer of every stack
    const KerasUnit* m_last = nullptr; ///< the last recurrent layer of the last stack
    bool m_between = false; ///< something else with weights came since
};

} // namespace

KerasNetworks buildKerasStacks(const std::vector<TensorInfo>& tensors, const KerasConfig& config,
                               const KerasUnits& units)
{
    return StackBuilder(tensors, config, units).build();
}

} // namespace rnnscope::weights
