#include "core/nn/size.h"

#include <vector>

namespace rnnscope::nn {

namespace {

double mlpWeights(double in, const std::vector<int>& hidden, double out)
{
    double count = 0.0;
    for (const int size : hidden) {
        count += in * size;
        in = size;
    }
    return count + in * out;
}

double transformerWeights(const zoo::EncoderConfig& config)
{
    const zoo::Architecture& rnn = config.rnn;
    const double size = config.modelSize;
    const double tokens = 2.0 * rnn.numLayers * rnn.gates() * rnn.hiddenSize + rnn.outputSize + 1.0;
    constexpr double kSquaresPerLayer = 12.0; // attention 4, feed-forward 8
    return size * (tokens + config.transformerLayers * kSquaresPerLayer * size + config.embeddingSize);
}

double dwsNetWeights(const zoo::EncoderConfig& config)
{
    const auto tensors = static_cast<double>(config.rnn.tensors().size());
    const double matrices = 2.0 * config.rnn.numLayers + 1.0;
    double in = config.rnn.gates();
    double count = 0.0;
    for (const int out : config.channels) {
        count += matrices * in * out * (1.0 + tensors) + in * (config.rnn.inputSize + 2.0 * config.rnn.outputSize);
        in = out;
    }
    return count + mlpWeights(tensors * in, config.mlpHiddenSizes, config.embeddingSize);
}

double probingWeights(const zoo::EncoderConfig& config)
{
    const double core = config.coreHiddenSize;
    const double encoding = config.mlpHiddenSize;
    const double parallel = config.parallelSequences;
    const double gates = config.coreCell == zoo::Cell::Lstm ? 4.0 : 3.0;
    const std::vector<int> hidden(static_cast<std::size_t>(config.mlpLayers), config.mlpHiddenSize);
    return core * (config.coreLayers * gates * 2.0 * core + config.probingLength + parallel * config.rnn.outputSize)
        + core * parallel * encoding + mlpWeights(encoding, hidden, config.rnn.inputSize)
        + mlpWeights(core, hidden, config.embeddingSize);
}

} // namespace

double leastWeights(const zoo::EncoderConfig& config)
{
    switch (config.kind) {
    case zoo::EncoderKind::LayerwiseStatistics: {
        const auto groups = config.perTensor ? static_cast<double>(config.rnn.tensors().size()) : 1.0;
        return mlpWeights(groups * (2.0 + static_cast<double>(config.quantiles.size())), config.mlpHiddenSizes,
                          config.embeddingSize);
    }
    case zoo::EncoderKind::Flat:
        return mlpWeights(static_cast<double>(config.rnn.parameterCount()), config.mlpHiddenSizes,
                          config.embeddingSize);
    case zoo::EncoderKind::ParameterTransformer:
        return transformerWeights(config);
    case zoo::EncoderKind::DwsNet:
        return dwsNetWeights(config);
    case zoo::EncoderKind::NoninteractiveProbing:
    case zoo::EncoderKind::InteractiveProbing:
        return probingWeights(config);
    }
    return 0.0;
}

} // namespace rnnscope::nn
