#include "core/zoo/encoder_config.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string>

namespace rnnscope::zoo {

namespace {

using Json = nlohmann::json;

struct KindNames
{
    EncoderKind kind;
    std::string_view name;
    std::string_view title;
};

constexpr std::array<KindNames, 6> kKinds {{
    {EncoderKind::LayerwiseStatistics, "layerwise_statistics", "Layer-wise statistics"},
    {EncoderKind::Flat, "flat", "Flat"},
    {EncoderKind::ParameterTransformer, "parameter_transformer", "Parameter transformer"},
    {EncoderKind::DwsNet, "dwsnet", "DWSNet"},
    {EncoderKind::NoninteractiveProbing, "noninteractive_probing", "Non-interactive probing"},
    {EncoderKind::InteractiveProbing, "interactive_probing", "Interactive probing"},
}};

constexpr int kLargestSize = 1 << 14;

/// Reads typed keys and remembers the first thing that is wrong.
class Reader
{
public:
    explicit Reader(const Json& json)
        : m_json(json)
    {
    }

    void integer(const char* key, int& value, int smallest, int largest)
    {
        const Json* found = find(key);
        if (found == nullptr)
            return;
        if (!found->is_number_integer() || *found < smallest || *found > largest)
            return wrong(key, fmt::format("expected an integer from {} to {}", smallest, largest));
        value = found->get<int>();
    }

    void real(const char* key, double& value, double smallest, double largest)
    {
        const Json* found = find(key);
        if (found == nullptr)
            return;
        if (!found->is_number() || !(found->get<double>() >= smallest) || !(found->get<double>() <= largest))
            return wrong(key, fmt::format("expected a number from {} to {}", smallest, largest));
        value = found->get<double>();
    }

    void boolean(const char* key, bool& value)
    {
        const Json* found = find(key);
        if (found == nullptr)
            return;
        if (found->is_number_integer() && (*found == 0 || *found == 1))
            value = *found == 1;
        else if (found->is_boolean())
            value = found->get<bool>();
        else
            wrong(key, "expected true or false");
    }

    void integers(const char* key, std::vector<int>& values, std::size_t fewest)
    {
        constexpr std::size_t kMost = 64;
        const Json* found = find(key);
        if (found == nullptr)
            return;
        bool fits = found->is_array() && found->size() >= fewest && found->size() <= kMost;
        if (fits)
            for (const Json& entry : *found)
                fits = fits && entry.is_number_integer() && entry >= 1 && entry <= kLargestSize;
        if (!fits)
            return wrong(key, fmt::format("expected {} to {} sizes from 1 to {}", fewest, kMost, kLargestSize));
        values = found->get<std::vector<int>>();
    }

    void fractions(const char* key, std::vector<double>& values)
    {
        constexpr std::size_t kMost = 1024;
        const Json* found = find(key);
        if (found == nullptr)
            return;
        bool fits = found->is_array() && !found->empty() && found->size() <= kMost;
        if (fits)
            for (const Json& entry : *found)
                fits = fits && entry.is_number() && entry.get<double>() >= 0.0 && entry.get<double>() <= 1.0;
        if (!fits)
            return wrong(key, "expected a list of numbers from 0 to 1");
        values = found->get<std::vector<double>>();
    }

    /// Sets `value` by `parse`, a function from text to Result<T>.
    template <typename T, typename Parse>
    void text(const char* key, T& value, Parse parse)
    {
        const Json* found = find(key);
        if (found == nullptr)
            return;
        if (!found->is_string())
            return wrong(key, "expected text");
        const auto parsed = parse(found->template get<std::string>());
        if (!parsed)
            return wrong(key, parsed.error().message);
        value = *parsed;
    }

    const Json* find(const char* key) const
    {
        const auto found = m_json.find(key);
        return found == m_json.end() || found->is_null() ? nullptr : &*found;
    }

    void wrong(std::string_view key, std::string_view what)
    {
        if (m_error.empty())
            m_error = fmt::format("the encoder's config key '{}' is wrong: {}", key, what);
    }

    const std::string& error() const { return m_error; }

private:
    const Json& m_json;
    std::string m_error;
};

void readRnn(const Json& json, Architecture& rnn, Reader& outer)
{
    if (!json.is_object())
        return outer.wrong("rnn", "expected an object with cell, input_size, hidden_size, num_layers, output_size");
    Reader inner(json);
    for (const char* key : {"input_size", "hidden_size", "num_layers", "output_size"})
        if (inner.find(key) == nullptr)
            return outer.wrong("rnn", fmt::format("{} is missing", key));
    inner.text("cell", rnn.cell, cellFromName);
    inner.integer("input_size", rnn.inputSize, 1, kLargestSize);
    inner.integer("hidden_size", rnn.hiddenSize, 1, kLargestSize);
    inner.integer("num_layers", rnn.numLayers, 1, 64);
    inner.integer("output_size", rnn.outputSize, 1, kLargestSize);
    inner.boolean("bias", rnn.bias);
    if (!inner.error().empty())
        outer.wrong("rnn", inner.error());
}

Result<bool> softmaxFromName(std::string_view text)
{
    if (text == "softmax" || text == "sigmoid")
        return text == "softmax";
    return fail(Errc::BadFormat, fmt::format("unknown activation '{}', expected softmax or sigmoid", text));
}

void applyFamilyDefaults(EncoderConfig& config)
{
    if (config.family == TaskFamily::SequentialMnist)
        config.probingLength = 50;
    config.softmaxProbes = config.family != TaskFamily::SequentialMnist;
    if (config.kind == EncoderKind::NoninteractiveProbing) {
        config.interactiveWeight = 0.0;
        config.staticWeight = 1.0;
    }
    if (config.kind == EncoderKind::Flat)
        config.mlpHiddenSizes = {128, 128, 128};
    else
        config.mlpHiddenSizes = {128};
}

} // namespace

std::string_view name(EncoderKind kind)
{
    for (const auto& entry : kKinds)
        if (entry.kind == kind)
            return entry.name;
    return {};
}

std::string_view title(EncoderKind kind)
{
    for (const auto& entry : kKinds)
        if (entry.kind == kind)
            return entry.title;
    return {};
}

Result<EncoderKind> encoderKindFromName(std::string_view text)
{
    std::string known;
    for (const auto& entry : kKinds) {
        if (entry.name == text)
            return entry.kind;
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
    }
    return fail(Errc::BadFormat, fmt::format("unknown encoder '{}', expected one of {}", text, known));
}

std::vector<EncoderKind> allEncoderKinds()
{
    std::vector<EncoderKind> kinds;
    for (const auto& entry : kKinds)
        kinds.push_back(entry.kind);
    return kinds;
}

EncoderConfig paperConfig(EncoderKind kind, const Architecture& rnn, TaskFamily family)
{
    EncoderConfig config;
    config.kind = kind;
    config.rnn = rnn;
    config.family = family;
    applyFamilyDefaults(config);
    return config;
}

EncoderConfig compactConfig(EncoderKind kind, const Architecture& rnn, TaskFamily family)
{
    EncoderConfig config = paperConfig(kind, rnn, family);
    config.coreHiddenSize = 128;
    config.mlpHiddenSize = 64;
    config.mlpHiddenSizes = kind == EncoderKind::Flat ? std::vector<int> {64, 64} : std::vector<int> {64};
    config.channels = {24, 24};
    config.modelSize = 64;
    config.transformerLayers = 2;
    config.transformerHeads = 2;
    return config;
}

nlohmann::json toJson(const EncoderConfig& config)
{
    Json json;
    json["rnn"] = {{"cell", name(config.rnn.cell)},
                   {"input_size", config.rnn.inputSize},
                   {"hidden_size", config.rnn.hiddenSize},
                   {"num_layers", config.rnn.numLayers},
                   {"output_size", config.rnn.outputSize}};
    if (!config.rnn.bias)
        json["rnn"]["bias"] = false;
    json["embedding_size"] = config.embeddingSize;
    json["normalize"] = config.normalize;
    json["task_family"] = name(config.family);
    if (config.probing()) {
        json["probing_length"] = config.probingLength;
        json["parallel_sequences"] = config.parallelSequences;
        json["core_cell"] = name(config.coreCell);
        json["core_hidden_size"] = config.coreHiddenSize;
        json["core_layers"] = config.coreLayers;
        json["residual"] = config.residual;
        json["mlp_hidden_size"] = config.mlpHiddenSize;
        json["mlp_layers"] = config.mlpLayers;
        json["probe_activation"] = config.softmaxProbes ? "softmax" : "sigmoid";
        json["interactive_weight"] = config.interactiveWeight;
        json["static_weight"] = config.staticWeight;
        json["dropout"] = config.dropout;
        json["open_gates"] = config.openGates;
    }
    if (config.kind == EncoderKind::LayerwiseStatistics) {
        json["per_tensor"] = config.perTensor;
        json["quantiles"] = config.quantiles;
    }
    if (config.kind == EncoderKind::ParameterTransformer) {
        json["model_size"] = config.modelSize;
        json["layers"] = config.transformerLayers;
        json["heads"] = config.transformerHeads;
    }
    if (config.kind == EncoderKind::DwsNet)
        json["channels"] = config.channels;
    if (!config.probing() && config.kind != EncoderKind::ParameterTransformer)
        json["mlp_hidden_sizes"] = config.mlpHiddenSizes;
    return json;
}

Result<EncoderConfig> encoderConfigFromJson(EncoderKind kind, const nlohmann::json& json)
{
    if (!json.is_object())
        return fail(Errc::BadFormat, "the encoder's config is not a JSON object");
    EncoderConfig config;
    config.kind = kind;
    Reader reader(json);
    reader.text("task_family", config.family, taskFamilyFromName);
    applyFamilyDefaults(config);
    if (const Json* rnn = reader.find("rnn"))
        readRnn(*rnn, config.rnn, reader);
    else
        reader.wrong("rnn", "it is missing");
    reader.integer("embedding_size", config.embeddingSize, 1, kLargestSize);
    reader.boolean("normalize", config.normalize);
    reader.integer("probing_length", config.probingLength, 1, 1 << 16);
    reader.integer("parallel_sequences", config.parallelSequences, 1, 1 << 10);
    reader.text("core_cell", config.coreCell, cellFromName);
    if (config.coreCell != Cell::Lstm && config.coreCell != Cell::Gru)
        reader.wrong("core_cell", "expected lstm or gru");
    reader.integer("core_hidden_size", config.coreHiddenSize, 1, kLargestSize);
    reader.integer("core_layers", config.coreLayers, 1, 64);
    reader.boolean("residual", config.residual);
    reader.integer("mlp_hidden_size", config.mlpHiddenSize, 1, kLargestSize);
    reader.integer("mlp_layers", config.mlpLayers, 1, 64);
    reader.text("probe_activation", config.softmaxProbes, softmaxFromName);
    reader.real("interactive_weight", config.interactiveWeight, -1e6, 1e6);
    reader.real("static_weight", config.staticWeight, -1e6, 1e6);
    reader.real("dropout", config.dropout, 0.0, 1.0);
    reader.boolean("open_gates", config.openGates);
    reader.boolean("per_tensor", config.perTensor);
    reader.fractions("quantiles", config.quantiles);
    reader.integers("mlp_hidden_sizes", config.mlpHiddenSizes, 0);
    reader.integer("model_size", config.modelSize, 1, kLargestSize);
    reader.integer("layers", config.transformerLayers, 1, 64);
    reader.integer("heads", config.transformerHeads, 1, 1 << 10);
    reader.integers("channels", config.channels, 1);
    if (kind == EncoderKind::ParameterTransformer && config.modelSize % config.transformerHeads != 0)
        reader.wrong("model_size",
                     fmt::format("{} is not a multiple of heads {}", config.modelSize, config.transformerHeads));
    if (!reader.error().empty())
        return fail(Errc::BadFormat, reader.error());
    return config;
}

Result<void> checkFits(const EncoderConfig& config, const Architecture& rnn)
{
    const Architecture& expected = config.rnn;
    if (config.probing()) {
        if (expected.inputSize == rnn.inputSize && expected.outputSize == rnn.outputSize)
            return {};
        return fail(Errc::ShapeMismatch,
                    fmt::format("this {} encoder probes networks with {} inputs and {} outputs, these have {} and {}",
                                name(config.kind), expected.inputSize, expected.outputSize, rnn.inputSize,
                                rnn.outputSize));
    }
    if (expected == rnn)
        return {};
    const std::string_view withoutBias = expected.bias == rnn.bias ? "" : rnn.bias ? " with biases" : " without biases";
    return fail(Errc::ShapeMismatch,
                fmt::format("this {} encoder reads the weights of {}, these networks are {}{}", name(config.kind),
                            expected.description(), rnn.description(), withoutBias));
}

} // namespace rnnscope::zoo
