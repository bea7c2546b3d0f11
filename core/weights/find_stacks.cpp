#include "core/weights/find_stacks.h"

#include "core/base/printable.h"
#include "core/weights/find_chains.h"
#include "core/weights/find_groups.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <unordered_map>

namespace rnnscope::weights {

namespace {

/// What the tensors of a group say of its sizes, most of them being right.
struct Sizes
{
    std::size_t rows = 0; ///< gates H
    std::size_t hidden = 0;
    std::size_t input = 0;
};

/// The value that occurs most often, the first of several.
std::size_t mostFrequent(const std::vector<std::size_t>& values)
{
    std::unordered_map<std::size_t, std::size_t> counts;
    std::size_t best = 0;
    for (const std::size_t value : values)
        best = std::max(best, ++counts[value]);
    const auto found
        = std::find_if(values.begin(), values.end(), [&](std::size_t value) { return counts[value] == best; });
    return found == values.end() ? 0 : *found;
}

class Builder
{
public:
    Builder(const TensorFile& file, const NamedGroup& group)
        : m_tensors(file.tensors())
        , m_group(group)
    {
    }

    Result<FoundStack> build() const;
    /// For what could not be built.
    FoundStack broken(Error error) const;

private:
    const TensorInfo& info(std::size_t tensor) const { return m_tensors[tensor]; }
    Result<void> checkPresent() const;
    std::string reparametrised(const std::string& module, const std::string& weight) const;
    Result<void> checkNumbers() const;
    Result<Sizes> sizes() const;
    Result<zoo::Cell> cell(const Sizes& sizes) const;
    Result<void> check(const NamedLayer& layer, Role role, const std::vector<std::size_t>& expected) const;
    Result<void> checkShapes(const Sizes& sizes) const;
    Result<FoundStack> buildPlain() const;
    Result<FoundStack> buildUnfit() const;
    void fillIn(RecurrentStack& stack) const;
    bool hasBias() const;

    const std::vector<TensorInfo>& m_tensors;
    const NamedGroup& m_group;
};

bool Builder::hasBias() const
{
    return std::any_of(m_group.layers.begin(), m_group.layers.end(), [](const auto& layer) {
        return layer.second.has(Role::BiasIh) || layer.second.has(Role::BiasHh);
    });
}

/// Weight norm, spectral norm and pruning store what a weight is computed from.
std::string Builder::reparametrised(const std::string& module, const std::string& weight) const
{
    const std::string suffixed = fmt::format("{}{}_", module, weight);
    const std::string nested = fmt::format("{}parametrizations.{}.", module, weight);
    for (const TensorInfo& tensor : m_tensors) {
        const std::string_view name = tensor.name;
        if (name.starts_with(suffixed) || name.starts_with(nested))
            return fmt::format(", in its place is '{}': fold the reparametrisation into the weight before saving "
                               "(remove_weight_norm, prune.remove, …)",
                               printable(name));
    }
    return {};
}

Result<void> Builder::checkPresent() const
{
    const bool bias = hasBias();
    std::size_t next = 0;
    for (const auto& [number, layer] : m_group.layers) {
        const bool gap = m_group.scheme == Scheme::Torch && number != next;
        const std::size_t at = gap ? next : number;
        next = number + 1;
        for (const Role role : {Role::WeightIh, Role::WeightHh, Role::BiasIh, Role::BiasHh})
            if ((gap || !layer.has(role)) && (bias || role == Role::WeightIh || role == Role::WeightHh))
                return fail(Errc::NotFound,
                            fmt::format("the tensor '{}{}' is missing{}", printable(layer.module),
                                        lastPart(m_group.scheme, role, at),
                                        reparametrised(layer.module, lastPart(m_group.scheme, role, at))));
    }
    return {};
}

/// Floats of the right rank.
Result<void> Builder::checkNumbers() const
{
    for (const auto& [number, layer] : m_group.layers)
        for (std::size_t role = 0; role < layer.parts.size(); ++role) {
            if (layer.parts[role] == Part::kAbsent)
                continue;
            const TensorInfo& tensor = info(layer.parts[role]);
            const std::size_t rank = role < 2 ? 2 : 1;
            if (tensor.shape.size() != rank)
                return fail(Errc::ShapeMismatch,
                            fmt::format("the tensor '{}' has shape {}, expected a {}", printable(tensor.name),
                                        shapeText(tensor.shape), rank == 2 ? "matrix" : "vector"));
            if (!isFloat(tensor.dtype))
                return fail(Errc::BadFormat,
                            fmt::format("the tensor '{}' is of type {}, expected floats", printable(tensor.name),
                                        name(tensor.dtype)));
        }
    return {};
}

Result<Sizes> Builder::sizes() const
{
    std::vector<std::size_t> rows;
    std::vector<std::size_t> hidden;
    for (const auto& [number, layer] : m_group.layers) {
        rows.push_back(info(layer.at(Role::WeightHh)).shape[0]);
        hidden.push_back(info(layer.at(Role::WeightHh)).shape[1]);
        rows.push_back(info(layer.at(Role::WeightIh)).shape[0]);
        if (number != m_group.layers.begin()->first)
            hidden.push_back(info(layer.at(Role::WeightIh)).shape[1]);
    }
    Sizes sizes {mostFrequent(rows), mostFrequent(hidden),
                 info(m_group.layers.begin()->second.at(Role::WeightIh)).shape[1]};
    constexpr std::size_t kLargest = std::size_t {1} << 16U;
    constexpr std::size_t kMostLayers = 256;
    if (sizes.hidden > kLargest || sizes.input > kLargest || m_group.layers.size() > kMostLayers)
        return fail(Errc::ShapeMismatch,
                    fmt::format("'{}' has {} layers of {} units with {} inputs, expected at most {}, {} and {}",
                                printable(m_group.name), m_group.layers.size(), sizes.hidden, sizes.input, kMostLayers,
                                kLargest, kLargest));
    return sizes;
}

Result<zoo::Cell> Builder::cell(const Sizes& sizes) const
{
    if (sizes.hidden > 0 && sizes.input > 0) {
        if (sizes.rows == 4 * sizes.hidden)
            return zoo::Cell::Lstm;
        if (sizes.rows == 3 * sizes.hidden)
            return zoo::Cell::Gru;
        if (sizes.rows == sizes.hidden)
            return zoo::Cell::RnnTanh;
    }
    const TensorInfo& tensor = info(m_group.layers.begin()->second.at(Role::WeightHh));
    return fail(Errc::ShapeMismatch,
                fmt::format("the tensor '{}' has shape {}, expected 4 (LSTM), 3 (GRU) or 1 (plain RNN) times as many "
                            "rows as columns",
                            printable(tensor.name), shapeText(tensor.shape)));
}

Result<void> Builder::check(const NamedLayer& layer, Role role, const std::vector<std::size_t>& expected) const
{
    if (!layer.has(role) || info(layer.at(role)).shape == expected)
        return {};
    return fail(Errc::ShapeMismatch,
                fmt::format("the tensor '{}' has shape {}, expected {}", printable(info(layer.at(role)).name),
                            shapeText(info(layer.at(role)).shape), shapeText(expected)));
}

/// Bidirectional stacks and those with projections are only recognised.
Result<FoundStack> Builder::buildUnfit() const
{
    const NamedLayer& first = m_group.layers.begin()->second;
    const auto& weight = info(first.at(Role::WeightHh)).shape;
    const auto found = sizes();
    if (!found)
        return forward(found);
    FoundStack result;
    RecurrentStack& stack = result.stack;
    stack.inputSize = static_cast<int>(found->input);
    result.width = static_cast<int>(found->hidden);
    if (!m_group.projections.empty()) {
        stack.hiddenSize = static_cast<int>(std::min<std::size_t>(weight[0] / 4, 1U << 16U));
        stack.unfit = fmt::format("has projections ('{}'): its {} units are read through {} numbers, and encoders know "
                                  "LSTMs without them only",
                                  printable(info(m_group.projections.front()).name), stack.hiddenSize, weight[1]);
    } else {
        const auto known = cell(*found);
        if (!known)
            return forward(known);
        stack.cell = *known;
        stack.tanhOrRelu = stack.cell == zoo::Cell::RnnTanh;
        stack.hiddenSize = static_cast<int>(found->hidden);
    }
    if (!m_group.reversed.empty()) {
        result.width *= 2;
        stack.unfit = fmt::format("is bidirectional ('{}'), and encoders know networks that read forwards only",
                                  printable(info(m_group.reversed.front()).name));
    }
    return result;
}

Result<void> Builder::checkShapes(const Sizes& sizes) const
{
    std::size_t inputs = sizes.input;
    for (const auto& [number, layer] : m_group.layers) {
        for (const auto& done : {check(layer, Role::WeightIh, {sizes.rows, inputs}),
                                 check(layer, Role::WeightHh, {sizes.rows, sizes.hidden}),
                                 check(layer, Role::BiasIh, {sizes.rows}), check(layer, Role::BiasHh, {sizes.rows})})
            if (!done)
                return done;
        inputs = sizes.hidden;
    }
    return {};
}

Result<FoundStack> Builder::buildPlain() const
{
    const auto found = sizes();
    if (!found)
        return forward(found);
    const auto known = cell(*found);
    if (!known)
        return forward(known);
    if (const auto fits = checkShapes(*found); !fits)
        return forward(fits);
    FoundStack result;
    result.stack.cell = *known;
    result.stack.tanhOrRelu = *known == zoo::Cell::RnnTanh;
    result.stack.inputSize = static_cast<int>(found->input);
    result.stack.hiddenSize = static_cast<int>(found->hidden);
    result.width = result.stack.hiddenSize;
    if (m_group.stranger != Part::kAbsent)
        result.stack.unfit
            = fmt::format("has more in its cells than plain ones have ('{}')", printable(info(m_group.stranger).name));
    return result;
}

/// What does not depend on the shapes.
void Builder::fillIn(RecurrentStack& stack) const
{
    stack.name = m_group.name;
    stack.bias = hasBias();
    for (const auto& [number, layer] : m_group.layers) {
        StackLayer& parts = stack.layers.emplace_back();
        parts.weightIh.tensor = layer.at(Role::WeightIh);
        parts.weightHh.tensor = layer.at(Role::WeightHh);
        parts.biasIh.tensor = layer.at(Role::BiasIh);
        parts.biasHh.tensor = layer.at(Role::BiasHh);
    }
    stack.others = m_group.projections;
    stack.others.insert(stack.others.end(), m_group.reversed.begin(), m_group.reversed.end());
}

Result<FoundStack> Builder::build() const
{
    if (m_group.layers.empty())
        return fail(Errc::NotFound,
                    fmt::format("the tensor '{}{}{}' is missing", printable(m_group.name),
                                m_group.name.empty() ? "" : ".", lastPart(m_group.scheme, Role::WeightIh, 0)));
    for (const auto& done : {checkPresent(), checkNumbers()})
        if (!done)
            return forward(done);
    const bool plain = m_group.projections.empty() && m_group.reversed.empty();
    auto result = plain ? buildPlain() : buildUnfit();
    if (result)
        fillIn(result->stack);
    return result;
}

FoundStack Builder::broken(Error error) const
{
    FoundStack result;
    result.stack.name = m_group.name;
    result.stack.unfit = "cannot be read: " + error.message;
    result.broken = std::move(error);
    for (const auto& [number, layer] : m_group.layers)
        for (const std::size_t part : layer.parts)
            if (part != Part::kAbsent)
                result.stack.others.push_back(part);
    for (const auto& more : {m_group.projections, m_group.reversed})
        result.stack.others.insert(result.stack.others.end(), more.begin(), more.end());
    return result;
}

} // namespace

FoundStack buildStack(const TensorFile& file, const NamedGroup& group)
{
    const Builder builder(file, group);
    auto built = builder.build();
    return built ? *std::move(built) : builder.broken(built.error());
}

std::vector<FoundStack> findStacks(const TensorFile& file)
{
    std::vector<FoundStack> found;
    for (const NamedGroup& group : groupByName(file))
        found.push_back(buildStack(file, group));
    joinChains(found);
    return found;
}

std::string shapeText(const std::vector<std::size_t>& shape)
{
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

} // namespace rnnscope::weights
