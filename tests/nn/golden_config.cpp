#include "nn/golden.h"

#include <stdexcept>

namespace rnnscope::test {

namespace {

using Json = nlohmann::json;

/// JSON of the authors has 0 and 1 as well as true and false.
bool truth(const Json& value)
{
    return value.is_boolean() ? value.get<bool>() : value.get<int>() != 0;
}

void readProbing(const Json& a, zoo::EncoderConfig& config)
{
    const auto hidden = a.at("hidden_sizes").get<std::vector<int>>();
    config.embeddingSize = a.at("output_size").get<int>();
    config.probingLength = a.at("probing_sequence_length").get<int>();
    config.parallelSequences = a.at("num_parallel_ps").get<int>();
    config.coreCell = zoo::cellFromName(a.value("rnn_cell_type", "lstm")).value();
    config.coreHiddenSize = a.at("hidden_size_rnn").get<int>();
    config.coreLayers = a.at("num_rnn_layers").get<int>();
    config.residual = truth(a.at("residual"));
    config.mlpHiddenSize = hidden.front();
    config.mlpLayers = static_cast<int>(hidden.size());
    config.softmaxProbes = truth(a.at("probing_input_softmax"));
    config.interactiveWeight = a.value("interactive_weight", 1.0);
    config.staticWeight = a.value("static_weight", 0.0);
    config.dropout = a.at("dropout").get<double>();
    config.openGates = a.contains("open_recurrent_connections") && truth(a.at("open_recurrent_connections"));
}

void readWeightEncoder(const Json& a, zoo::EncoderConfig& config)
{
    if (a.contains("mlp_hidden_sizes"))
        config.mlpHiddenSizes = a.at("mlp_hidden_sizes").get<std::vector<int>>();
    if (a.contains("output_size")) {
        config.embeddingSize = a.at("output_size").get<int>();
    } else {
        config.embeddingSize = config.mlpHiddenSizes.back();
        config.mlpHiddenSizes.pop_back();
    }
    if (a.contains("quantiles")) {
        config.quantiles = a.at("quantiles").get<std::vector<double>>();
        config.perTensor = truth(a.at("per_layer"));
    }
    if (a.contains("num_np_channels"))
        config.channels = a.at("num_np_channels").get<std::vector<int>>();
    if (a.contains("transformer_size")) {
        config.modelSize = a.at("transformer_size").get<int>();
        config.transformerLayers = a.at("num_transformer_layers").get<int>();
        config.transformerHeads = a.at("num_heads").get<int>();
    }
}

zoo::EncoderKind kindOf(const std::string& type)
{
    using Kind = zoo::EncoderKind;
    if (type == "interactive")
        return Kind::InteractiveProbing;
    if (type == "noninteractive")
        return Kind::NoninteractiveProbing;
    if (type == "layerwise_statistics" || type == "global_statistics")
        return Kind::LayerwiseStatistics;
    if (type == "flat")
        return Kind::Flat;
    if (type == "parameter_transformer")
        return Kind::ParameterTransformer;
    if (type == "nf")
        return Kind::DwsNet;
    throw std::runtime_error("unknown encoder type " + type);
}

zoo::EncoderConfig makeConfig(const std::string& type, const Json& arguments, const zoo::Architecture& rnn)
{
    zoo::EncoderConfig config;
    config.kind = kindOf(type);
    config.rnn = rnn;
    if (config.probing())
        readProbing(arguments, config);
    else
        readWeightEncoder(arguments, config);
    return config;
}

} // namespace

zoo::EncoderConfig encoderConfig(const Json& golden)
{
    const Json& sizes = golden.at("rnn");
    zoo::Architecture rnn;
    rnn.inputSize = sizes.at("input_size").get<int>();
    rnn.hiddenSize = sizes.at("hidden_size").get<int>();
    rnn.numLayers = sizes.at("num_layers").get<int>();
    rnn.outputSize = sizes.at("output_size").get<int>();
    return makeConfig(golden.at("encoder_type").get<std::string>(), golden.at("args"), rnn);
}

zoo::EncoderConfig trainingStepConfig(const Json& golden, const zoo::Architecture& rnn)
{
    return makeConfig(golden.at("training_args").at("encoder_type").get<std::string>(), golden.at("encoder").at("args"),
                      rnn);
}

} // namespace rnnscope::test
