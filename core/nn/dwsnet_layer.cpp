#include "core/nn/dwsnet_layer.h"

#include <cmath>

namespace rnnscope::nn {

ChannelMap::ChannelMap(std::int64_t in, std::int64_t out, int ones, double bound)
{
    std::vector<std::int64_t> shape {out, in};
    shape.insert(shape.end(), static_cast<std::size_t>(ones), 1);
    const at::TensorOptions floats(at::kFloat);
    m_weight = register_parameter("weight", at::empty(shape, floats).uniform_(-bound, bound));
    m_bias = register_parameter("bias", at::empty({out}, floats).uniform_(-bound, bound));
}

torch::Tensor ChannelMap::forward(const torch::Tensor& x) const
{
    if (!m_packed.empty() && isPlain(x))
        return m_packed(x, m_bias);
    std::vector<std::int64_t> shape = x.sizes().vec();
    const torch::Tensor flat = at::addmm(m_bias, x.reshape({-1, shape.back()}), m_weight.flatten(1).t());
    shape.back() = m_weight.size(0);
    return flat.view(shape);
}

PackedLinear ChannelMap::packed() const
{
    return m_packed.empty() ? PackedLinear(m_weight.flatten(1)) : m_packed;
}

/// What a map reads: a mean of one matrix over its rows or columns, or a bias.
struct DwsNetLayer::Source
{
    enum class Kind { RowMean, ColumnMean, Bias }; ///< RowMean: the average row, one entry a column
    Kind kind;
    bool hidden; ///< of a recurrent matrix
    int layer;
};

struct DwsNetLayer::Means
{
    struct OfMatrix
    {
        MapMeans of;
        torch::Tensor total; ///< [N, C]
        torch::Tensor bias; ///< [N, rows, C], the bias itself; undefined where there is none
        torch::Tensor biasTotal; ///< [N, C]
    };

    explicit Means(const WeightMaps& maps);
    const OfMatrix& at(bool hidden, int layer) const
    {
        return (hidden ? recurrent : input)[static_cast<std::size_t>(layer)];
    }
    /// [N, positions, sources C]
    torch::Tensor features(const std::vector<Source>& sources) const;
    /// [N, sources C], the mean of features() over positions
    torch::Tensor totals(const std::vector<Source>& sources) const;

    std::vector<OfMatrix> input;
    std::vector<OfMatrix> recurrent;
    torch::Tensor global; ///< [N, tensors C]
};

namespace {

/// Known from the layer before, or taken now.
MapMeans meansOf(const torch::Tensor& weight, const std::vector<MapMeans>& known, std::size_t layer)
{
    if (layer < known.size() && known[layer].row.defined())
        return known[layer];
    return isPlain(weight) ? mapMeans(weight) : MapMeans {weight.mean(1), weight.mean(2)};
}

} // namespace

DwsNetLayer::Means::Means(const WeightMaps& maps)
{
    const auto measure = [](const MapMeans& ofWeight, const torch::Tensor& bias) {
        OfMatrix means {.of = ofWeight, .total = ofWeight.row.mean(1), .bias = bias, .biasTotal = {}};
        if (bias.defined())
            means.biasTotal = bias.mean(1);
        return means;
    };
    for (std::size_t l = 0; l < maps.inputWeights.size(); ++l)
        input.push_back(measure(meansOf(maps.inputWeights[l], maps.inputMeans, l), maps.inputBiases[l]));
    for (std::size_t l = 0; l < maps.hiddenWeights.size(); ++l)
        recurrent.push_back(measure(meansOf(maps.hiddenWeights[l], maps.hiddenMeans, l), maps.hiddenBiases[l]));
    std::vector<torch::Tensor> weights;
    std::vector<torch::Tensor> biases;
    const auto collect = [&](const OfMatrix& means) {
        weights.push_back(means.total);
        if (means.biasTotal.defined())
            biases.push_back(means.biasTotal);
    };
    for (std::size_t l = 0; l < input.size(); ++l) {
        collect(input[l]);
        if (l < recurrent.size())
            collect(recurrent[l]);
    }
    weights.insert(weights.end(), biases.begin(), biases.end());
    global = at::cat(weights, 1);
}

torch::Tensor DwsNetLayer::Means::features(const std::vector<Source>& sources) const
{
    std::vector<torch::Tensor> parts;
    for (const Source& source : sources) {
        const OfMatrix& means = at(source.hidden, source.layer);
        parts.push_back(source.kind == Source::Kind::RowMean          ? means.of.row
                            : source.kind == Source::Kind::ColumnMean ? means.of.column
                                                                      : means.bias);
    }
    return parts.size() == 1 ? parts.front() : at::cat(parts, 2);
}

torch::Tensor DwsNetLayer::Means::totals(const std::vector<Source>& sources) const
{
    std::vector<torch::Tensor> parts;
    for (const Source& source : sources) {
        const OfMatrix& means = at(source.hidden, source.layer);
        parts.push_back(source.kind == Source::Kind::Bias ? means.biasTotal : means.total);
    }
    return at::cat(parts, 1);
}

DwsNetLayer::DwsNetLayer(const zoo::Architecture& rnn, std::int64_t in, std::int64_t out)
    : m_rnn(rnn)
{
    const at::TensorOptions floats(at::kFloat);
    m_inEmbed = register_parameter("in_embed", at::randn({1, in, 1, rnn.inputSize}, floats));
    m_outEmbed = register_parameter("out_embed", at::randn({1, in, rnn.outputSize, 1}, floats));
    m_outBiasEmbed = register_parameter("out_bias_embed", at::randn({1, in, rnn.outputSize}, floats));
    for (int layer = 0; layer <= rnn.numLayers; ++layer)
        m_input.push_back(makeMaps(false, layer, in, out));
    for (int layer = 0; layer < rnn.numLayers; ++layer)
        m_hidden.push_back(makeMaps(true, layer, in, out));
}

bool DwsNetLayer::hasBias(bool hidden, int layer) const
{
    return m_rnn.bias || (!hidden && layer == m_rnn.numLayers);
}

void DwsNetLayer::pack()
{
    for (const auto* maps : {&m_input, &m_hidden})
        for (const Maps& of : *maps)
            for (const auto& map : {of.self, of.total, of.columns, of.rows, of.bias, of.biasTotal})
                if (map != nullptr)
                    map->pack();
}

std::vector<DwsNetLayer::Source> DwsNetLayer::columnSources(bool hidden, int layer) const
{
    using Kind = Source::Kind;
    std::vector<Source> sources;
    if (hidden)
        sources = {{Kind::RowMean, true, layer},
                   {Kind::ColumnMean, true, layer},
                   {Kind::Bias, true, layer},
                   {Kind::ColumnMean, false, layer},
                   {Kind::Bias, false, layer}};
    else if (layer == 0)
        sources = {{Kind::RowMean, false, 0}};
    else
        sources = {{Kind::RowMean, false, layer},  {Kind::ColumnMean, false, layer - 1},
                   {Kind::Bias, false, layer - 1}, {Kind::ColumnMean, true, layer - 1},
                   {Kind::Bias, true, layer - 1},  {Kind::RowMean, true, layer - 1}};
    std::erase_if(sources, [this](const Source& s) { return s.kind == Kind::Bias && !hasBias(s.hidden, s.layer); });
    return sources;
}

std::vector<DwsNetLayer::Source> DwsNetLayer::rowSources(bool hidden, int layer) const
{
    using Kind = Source::Kind;
    const int readOut = m_rnn.numLayers;
    std::vector<Source> sources;
    if (!hidden)
        sources = {{Kind::ColumnMean, false, layer}, {Kind::Bias, false, layer}};
    if (layer < readOut)
        sources.insert(sources.end(),
                       {{Kind::ColumnMean, true, layer}, {Kind::Bias, true, layer}, {Kind::RowMean, true, layer}});
    if (layer + (hidden ? 1 : 0) < readOut)
        sources.push_back({Kind::RowMean, false, layer + 1});
    std::erase_if(sources, [this](const Source& s) { return s.kind == Kind::Bias && !hasBias(s.hidden, s.layer); });
    return sources;
}

DwsNetLayer::Maps DwsNetLayer::makeMaps(bool hidden, int layer, std::int64_t in, std::int64_t out)
{
    const auto channels = [&](const auto& sources) { return static_cast<std::int64_t>(sources.size()) * in; };
    const std::int64_t columns = channels(columnSources(hidden, layer));
    const std::int64_t rows = channels(rowSources(hidden, layer));
    const std::int64_t total = static_cast<std::int64_t>(m_rnn.tensors().size()) * in;
    // Uniform by the number of inputs of all maps whose results are added.
    const auto boundFor = [](std::int64_t inputs) { return 1.0 / std::sqrt(static_cast<double>(inputs)); };
    const double bound = boundFor(in + total + columns + rows);
    const double biasBound = boundFor(rows + total);
    const std::string kind = hidden ? "h2h" : "i2h";
    const auto add = [&](const std::string& name, std::int64_t inputs, int ones, double limit) {
        return register_module(name, std::make_shared<ChannelMap>(inputs, out, ones, limit));
    };
    const std::string weight = kind + "_layer_" + std::to_string(layer);
    Maps maps;
    maps.self = add(weight, in, 2, bound);
    maps.total = add(weight + "_rc", total, 0, bound);
    maps.columns = add(weight + "_r", columns, 1, bound);
    maps.rows = add(weight + "_c", rows, 1, bound);
    if (hasBias(hidden, layer)) {
        const std::string bias = kind + "_bias_" + std::to_string(layer);
        maps.bias = add(bias, rows, 1, biasBound);
        maps.biasTotal = add(bias + "_rc", total, 0, biasBound);
    }
    return maps;
}

WeightMaps DwsNetLayer::embedded(const WeightMaps& maps) const
{
    WeightMaps result = maps;
    result.inputWeights.front() = maps.inputWeights.front() + m_inEmbed.permute({0, 2, 3, 1});
    result.inputWeights.back() = maps.inputWeights.back() + m_outEmbed.permute({0, 2, 3, 1});
    result.inputBiases.back() = maps.inputBiases.back() + m_outBiasEmbed.permute({0, 2, 1});
    if (!result.inputMeans.empty())
        result.inputMeans.front() = result.inputMeans.back() = {};
    return result;
}

void DwsNetLayer::forwardOne(bool hidden, int layer, const WeightMaps& maps, const Means& means,
                             WeightMaps& result) const
{
    const auto index = static_cast<std::size_t>(layer);
    const Maps& map = (hidden ? m_hidden : m_input)[index];
    const torch::Tensor rows = means.features(rowSources(hidden, layer));
    const torch::Tensor perRow = map.rows->forward(rows).add_(map.total->forward(means.global).unsqueeze(1));
    const torch::Tensor perColumn = map.columns->forward(means.features(columnSources(hidden, layer)));
    const torch::Tensor& own = (hidden ? maps.hiddenWeights : maps.inputWeights)[index];
    torch::Tensor weight;
    if (isPlain(own)) {
        auto mapped = mappedRows(own, map.self->packed(), perRow.add_(map.self->bias()), perColumn);
        weight = std::move(mapped.values);
        (hidden ? result.hiddenMeans : result.inputMeans).push_back(std::move(mapped.means));
    } else
        weight = map.self->forward(own).add_(perRow.unsqueeze(2)).add_(perColumn.unsqueeze(1)).relu_();
    torch::Tensor bias;
    if (map.bias != nullptr)
        bias = map.bias->forward(rows).add_(map.biasTotal->forward(means.global).unsqueeze(1)).relu_();
    (hidden ? result.hiddenWeights : result.inputWeights).push_back(weight);
    (hidden ? result.hiddenBiases : result.inputBiases).push_back(bias);
}

WeightMaps DwsNetLayer::forward(const WeightMaps& maps) const
{
    const WeightMaps x = embedded(maps);
    const Means means(x);
    WeightMaps result;
    for (int layer = 0; layer <= m_rnn.numLayers; ++layer)
        forwardOne(false, layer, x, means, result);
    for (int layer = 0; layer < m_rnn.numLayers; ++layer)
        forwardOne(true, layer, x, means, result);
    return result;
}

void DwsNetLayer::meansOfOne(bool hidden, int layer, const Means& means, std::vector<torch::Tensor>& weights,
                             std::vector<torch::Tensor>& biases) const
{
    const Maps& map = (hidden ? m_hidden : m_input)[static_cast<std::size_t>(layer)];
    const torch::Tensor rows = means.totals(rowSources(hidden, layer));
    weights.push_back(map.self->forward(means.at(hidden, layer).total) + map.total->forward(means.global)
                      + map.columns->forward(means.totals(columnSources(hidden, layer))) + map.rows->forward(rows));
    if (map.bias != nullptr)
        biases.push_back(map.bias->forward(rows) + map.biasTotal->forward(means.global));
}

torch::Tensor DwsNetLayer::means(const WeightMaps& maps) const
{
    const Means measured(embedded(maps));
    std::vector<torch::Tensor> all;
    for (int layer = 0; layer <= m_rnn.numLayers; ++layer) {
        std::vector<torch::Tensor> biases;
        meansOfOne(false, layer, measured, all, biases);
        if (layer < m_rnn.numLayers)
            meansOfOne(true, layer, measured, all, biases);
        all.insert(all.end(), biases.begin(), biases.end());
    }
    return at::cat(all, 1);
}

} // namespace rnnscope::nn
