#include "core/prediction/mlp.h"

#include <algorithm>
#include <cstdint>

namespace rnnscope::prediction {

namespace {

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// The tensor of that name with `dimensions` sizes, all positive and as many values as they say.
Result<const zoo::Tensor*> find(const zoo::State& state, const std::string& tensor, std::size_t dimensions,
                                const std::string& owner)
{
    const auto found = state.find(tensor);
    if (found == state.end())
        return fail(Errc::ShapeMismatch, fmt::format("{} has no tensor {}", owner, tensor));
    const auto& [shape, values] = found->second;
    auto left = static_cast<std::int64_t>(values.size());
    bool fits = shape.size() == dimensions && left > 0;
    for (const std::int64_t size : shape) {
        fits = fits && size > 0 && left % size == 0;
        left = fits ? left / size : 0;
    }
    if (!fits || left != 1) {
        return fail(Errc::ShapeMismatch,
                    fmt::format("tensor {} of {} should have {} sizes and a value for each entry, but its shape is {} "
                                "with {} values",
                                tensor, owner, dimensions, shapeText(shape), values.size()));
    }
    return &found->second;
}

} // namespace

Result<Mlp::Layer> Mlp::readLayer(const zoo::State& state, const std::string& index, const std::string& owner)
{
    const auto weight = find(state, index + ".weight", 2, owner);
    if (!weight)
        return forward(weight);
    const auto bias = find(state, index + ".bias", 1, owner);
    if (!bias)
        return forward(bias);
    const auto& shape = (*weight)->shape;
    if ((*bias)->shape[0] != shape[0]) {
        return fail(Errc::ShapeMismatch,
                    fmt::format("tensor {}.bias of {} should have shape [{}], but has {}", index, owner, shape[0],
                                shapeText((*bias)->shape)));
    }
    const auto out = static_cast<std::size_t>(shape[0]);
    const auto in = static_cast<std::size_t>(shape[1]);
    Layer layer {Matrix(in, out), (*bias)->values};
    for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i)
            layer.weight(i, o) = (*weight)->values[o * in + i];
    return layer;
}

Result<Mlp> Mlp::fromState(const zoo::State& state, const std::string& owner)
{
    Mlp mlp;
    const std::size_t count = std::max<std::size_t>(1, state.size() / 2);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string index = std::to_string(2 * i);
        auto layer = readLayer(state, index, owner);
        if (!layer)
            return forward(layer);
        if (i > 0 && layer->weight.rows != mlp.outputSize()) {
            return fail(Errc::ShapeMismatch,
                        fmt::format("tensor {}.weight of {} reads {} numbers, but the layer before it gives {}", index,
                                    owner, layer->weight.rows, mlp.outputSize()));
        }
        mlp.m_layers.push_back(std::move(*layer));
    }
    if (state.size() != 2 * count)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} has {} tensors, expected pairs of weight and bias", owner, state.size()));
    return mlp;
}

std::span<const float> Mlp::operator()(std::span<const float> input)
{
    m_values.assign(input.begin(), input.end());
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const auto& [weight, bias] = m_layers[l];
        m_next = bias;
        for (std::size_t i = 0; i < weight.rows; ++i) {
            const float x = l > 0 ? std::max(0.0F, m_values[i]) : m_values[i];
            const auto row = weight.row(i);
            for (std::size_t o = 0; o < row.size(); ++o)
                m_next[o] += x * row[o];
        }
        std::swap(m_values, m_next);
    }
    return m_values;
}

} // namespace rnnscope::prediction
