#include "core/weights/encoder_facts.h"

#include "core/base/printable.h"

#include <algorithm>

namespace rnnscope::weights {

namespace {

using Json = nlohmann::json;
using zoo::EncoderKind;

constexpr int kLargestSize = 1 << 14;

struct Failure
{
    Error error;
};

/// Linear layers "<name>.<first>.weight", then every `stride`: an MLP of the authors, with or without dropout modules.
struct Layers
{
    std::vector<std::string> weights;
    bool dropout = false;
};

Layers mlp(const TensorShapes& shapes, const std::string& name)
{
    Layers layers;
    layers.dropout = !shapes.has(name + ".0.weight");
    const int stride = layers.dropout ? 3 : 2;
    for (int index = layers.dropout ? 1 : 0;; index += stride) {
        auto weight = fmt::format("{}.{}.weight", name, index);
        if (!shapes.has(weight))
            break;
        layers.weights.push_back(std::move(weight));
    }
    if (layers.weights.empty())
        shapes.raise(Errc::NotFound, fmt::format("the encoder's tensor {}.0.weight is missing", name));
    return layers;
}

int rows(const TensorShapes& shapes, const std::string& weight)
{
    return shapes.size(weight, 2, 0);
}

int columns(const TensorShapes& shapes, const std::string& weight)
{
    return shapes.size(weight, 2, 1);
}

/// The sizes of "mlp_model": the hidden ones and, last, the embedding's.
void readMlp(const TensorShapes& shapes, Json& config)
{
    const auto layers = mlp(shapes, "mlp_model").weights;
    std::vector<int> sizes;
    for (const auto& weight : layers)
        sizes.push_back(rows(shapes, weight));
    config["embedding_size"] = sizes.back();
    sizes.pop_back();
    config["mlp_hidden_sizes"] = sizes;
}

EncoderQuestion number(const std::string& key, const std::string& question, std::vector<std::string> likely = {})
{
    return {key, question, std::move(likely)};
}

EncoderQuestion cellQuestion()
{
    return {"rnn.cell", "the networks' cell", {"lstm", "gru", "rnn_tanh", "rnn_relu"}};
}

/// Sizes of the two zoos the authors published encoders for.
void askRnn(EncoderFacts& facts, std::size_t parameters)
{
    const bool digits = parameters == 15178;
    facts.questions.push_back(cellQuestion());
    facts.questions.push_back(number("rnn.input_size", "the networks' input size", {digits ? "16" : "6"}));
    facts.questions.push_back(number("rnn.hidden_size", "the networks' hidden size", {"32"}));
    facts.questions.push_back(number("rnn.num_layers", "the networks' layers", {"2"}));
    facts.questions.push_back(number("rnn.output_size", "the networks' output size", {digits ? "10" : "6"}));
}

/// Divides or says which tensor does not add up.
int divided(const TensorShapes& shapes, int total, int by, const std::string& tensor)
{
    if (by == 0 || total % by != 0)
        shapes.raise(
            Errc::ShapeMismatch,
            fmt::format("the encoder's tensor {} has a size of {}, which is no multiple of {}", tensor, total, by));
    return total / by;
}

void readCore(const TensorShapes& shapes, EncoderFacts& facts)
{
    const std::string weight = "rnn_cells.0.cell.weight_hh";
    const int hidden = columns(shapes, weight);
    const int gates = divided(shapes, rows(shapes, weight), hidden, weight);
    if (gates != 4 && gates != 3)
        shapes.raise(Errc::ShapeMismatch,
                     fmt::format("the encoder's tensor {} has {} gates, expected 4 (LSTM) or 3 (GRU)", weight, gates));
    facts.config["core_cell"] = gates == 4 ? "lstm" : "gru";
    facts.config["core_hidden_size"] = hidden;
    facts.config["core_layers"] = shapes.count("rnn_cells.", ".cell.weight_hh");
    facts.kinds = {EncoderKind::InteractiveProbing};
    if (gates == 4) // the authors' non-interactive encoder always has an LSTM core
        facts.kinds.push_back(EncoderKind::NoninteractiveProbing);
}

void guessFamily(int inputs, int outputs, EncoderFacts& facts)
{
    const bool digits = inputs == 16 && outputs == 10;
    if (digits || inputs == outputs) {
        facts.defaults["task_family"] = digits ? "sequential_mnist" : "formal_language";
        facts.notes.push_back(fmt::format("{} inputs and {} outputs: taken for {}, so probes end in a {}", inputs,
                                          outputs, digits ? "sequential MNIST" : "formal languages",
                                          digits ? "sigmoid" : "softmax"));
        return;
    }
    facts.questions.push_back(
        {"probe_activation", "what makes the probes: softmax (languages) or sigmoid (MNIST)", {"softmax", "sigmoid"}});
}

EncoderFacts probingFacts(const TensorShapes& shapes)
{
    EncoderFacts facts;
    readCore(shapes, facts);
    const Layers embedding = mlp(shapes, "output_transform");
    const int encoding = embedding.weights.size() > 1 ? rows(shapes, embedding.weights.front()) : 0;
    if (encoding == 0)
        shapes.raise(Errc::ShapeMismatch, "the encoder's output_transform has one layer, expected at least two");
    const int parallel = divided(shapes, rows(shapes, "proj_up.0.weight"), encoding, "proj_up.0.weight");
    const int inputs = rows(shapes, mlp(shapes, "probing_input_decoder").weights.back());
    const std::string answers = mlp(shapes, "probing_output_transform").weights.front();
    const int outputs = divided(shapes, columns(shapes, answers), parallel, answers);
    Json& config = facts.config;
    config["embedding_size"] = rows(shapes, embedding.weights.back());
    config["mlp_layers"] = embedding.weights.size() - 1;
    config["mlp_hidden_size"] = encoding;
    config["parallel_sequences"] = parallel;
    config["probing_length"] = shapes.size("probing_encodings", 2, 0) - 1;
    config["rnn"] = {{"input_size", inputs}, {"output_size", outputs}};
    // Any cell, depth and width can be probed; the paper's stand for them.
    facts.defaults["rnn"] = {{"cell", "lstm"}, {"hidden_size", 32}, {"num_layers", 2}};
    if (embedding.dropout) {
        facts.defaults["dropout"] = 0.1;
        facts.notes.emplace_back(
            "trained with dropout, of a share the tensors do not tell; it does not change embeddings");
    }
    guessFamily(inputs, outputs, facts);
    facts.questions.push_back(
        {"residual", "whether each core layer adds its input to its output; published: true", {"true", "false"}});
    return facts;
}

EncoderFacts statisticsFacts(const TensorShapes& shapes)
{
    EncoderFacts facts;
    facts.kinds = {EncoderKind::LayerwiseStatistics};
    readMlp(shapes, facts.config);
    const int each = 2 + shapes.size("quantiles", 1, 0); // mean, variance, quantiles
    const int total = columns(shapes, "mlp_model.0.weight");
    const int tensors = divided(shapes, total, each, "mlp_model.0.weight");
    facts.config["per_tensor"] = tensors > 1;
    askRnn(facts, 0);
    if (tensors == 1)
        return facts;
    constexpr int kReadOut = 2;
    constexpr int kPerLayer = 4;
    facts.config["rnn"]["num_layers"] = divided(shapes, tensors - kReadOut, kPerLayer, "mlp_model.0.weight");
    std::erase_if(facts.questions, [](const auto& question) { return question.key == "rnn.num_layers"; });
    return facts;
}

EncoderFacts flatFacts(const TensorShapes& shapes)
{
    EncoderFacts facts;
    facts.kinds = {EncoderKind::Flat};
    readMlp(shapes, facts.config);
    askRnn(facts, static_cast<std::size_t>(shapes.size("mlp_model.0.weight", 2, 1)));
    return facts;
}

EncoderFacts transformerFacts(const TensorShapes& shapes)
{
    EncoderFacts facts;
    facts.kinds = {EncoderKind::ParameterTransformer};
    const std::string inputs = "input_transformations.";
    const int layers = shapes.count(inputs + "lstm_cells_", "_h2h.weight");
    const int hidden = columns(shapes, inputs + "linear.weight") - 1; // a row and its bias
    const int tokens = shapes.size("positional_encoding", 3, 1);
    constexpr int kGates = 4; // the authors' has LSTMs only
    const int outputs = tokens - 1 - 2 * layers * kGates * hidden;
    if (layers == 0 || outputs < 1)
        shapes.raise(Errc::ShapeMismatch,
                     fmt::format("the encoder's tensor positional_encoding has {} tokens, which is not what {} LSTM "
                                 "layers of {} units have",
                                 tokens, layers, hidden));
    facts.config["rnn"] = {{"cell", "lstm"},
                           {"input_size", columns(shapes, inputs + "lstm_cells_0_i2h.weight") - 1},
                           {"hidden_size", hidden},
                           {"num_layers", layers},
                           {"output_size", outputs}};
    facts.config["embedding_size"] = rows(shapes, "output_projection.weight");
    facts.config["model_size"] = columns(shapes, "output_projection.weight");
    facts.config["layers"] = shapes.count("transformer.layers.", ".linear1.weight");
    facts.questions.push_back(number("heads", "attention heads of each layer; published: 2", {"2"}));
    return facts;
}

EncoderFacts dwsnetFacts(const TensorShapes& shapes)
{
    EncoderFacts facts;
    facts.kinds = {EncoderKind::DwsNet};
    readMlp(shapes, facts.config);
    std::vector<int> channels;
    for (int index = 0;; index += 2) { // ReLU between
        const auto weight = fmt::format("np_model.{}.i2h_layer_0.weight", index);
        if (!shapes.has(weight))
            break;
        channels.push_back(shapes.size(weight, 4, 0));
    }
    facts.config["channels"] = channels;
    Json& rnn = facts.config["rnn"];
    rnn["input_size"] = shapes.size("np_model.0.in_embed", 4, 3);
    rnn["output_size"] = shapes.size("np_model.0.out_embed", 4, 2);
    rnn["num_layers"] = shapes.count("np_model.0.h2h_layer_", ".weight");
    const int gates = shapes.size("np_model.0.in_embed", 4, 1);
    if (gates == 4 || gates == 3)
        rnn["cell"] = gates == 4 ? "lstm" : "gru";
    else if (gates == 1)
        facts.questions.push_back({"rnn.cell", "the networks' cell", {"rnn_tanh", "rnn_relu"}});
    else
        shapes.raise(Errc::ShapeMismatch,
                     fmt::format("the encoder's tensor np_model.0.in_embed has {} gates, expected 4, 3 or 1", gates));
    facts.questions.push_back(number("rnn.hidden_size", "the networks' hidden size", {"32"}));
    return facts;
}

EncoderFacts factsOf(EncoderKind kind, const TensorShapes& shapes)
{
    switch (kind) {
    case EncoderKind::LayerwiseStatistics:
        return statisticsFacts(shapes);
    case EncoderKind::Flat:
        return flatFacts(shapes);
    case EncoderKind::ParameterTransformer:
        return transformerFacts(shapes);
    case EncoderKind::DwsNet:
        return dwsnetFacts(shapes);
    case EncoderKind::NoninteractiveProbing:
    case EncoderKind::InteractiveProbing:
        break;
    }
    return probingFacts(shapes);
}

} // namespace

TensorShapes::TensorShapes(std::string file, std::map<std::string, Shape> shapes)
    : m_file(std::move(file))
    , m_shapes(std::move(shapes))
{
}

void TensorShapes::raise(Errc code, const std::string& what) const
{
    throw Failure {Error {code, m_file + ": " + what, {}}};
}

int TensorShapes::size(const std::string& name, std::size_t dimensions, std::size_t which) const
{
    const auto found = m_shapes.find(name);
    if (found == m_shapes.end())
        raise(Errc::NotFound, fmt::format("the encoder's tensor {} is missing", name));
    if (found->second.size() != dimensions)
        raise(Errc::ShapeMismatch,
              fmt::format("the encoder's tensor {} has {} dimensions, expected {}", name, found->second.size(),
                          dimensions));
    const std::size_t size = found->second[which];
    // Flat parameter vectors are longer than any layer.
    const std::size_t largest = which == 1 && dimensions == 2 ? std::size_t {1} << 30U : kLargestSize;
    if (size < 1 || size > largest)
        raise(Errc::ShapeMismatch,
              fmt::format("the encoder's tensor {} has a size of {}, expected 1 to {}", name, size, largest));
    return static_cast<int>(size);
}

int TensorShapes::count(const std::string& before, const std::string& after) const
{
    int number = 0;
    while (m_shapes.contains(fmt::format("{}{}{}", before, number, after)))
        ++number;
    return number;
}

std::optional<EncoderKind> encoderKindOf(const std::map<std::string, std::vector<std::size_t>>& shapes)
{
    if (shapes.contains("probing_encodings"))
        return EncoderKind::InteractiveProbing;
    if (shapes.contains("compression_token") && shapes.contains("positional_encoding"))
        return EncoderKind::ParameterTransformer;
    if (shapes.contains("np_model.0.in_embed"))
        return EncoderKind::DwsNet;
    if (!shapes.contains("mlp_model.0.weight"))
        return {};
    if (shapes.contains("quantiles"))
        return EncoderKind::LayerwiseStatistics;
    const bool nothingElse = std::all_of(shapes.begin(), shapes.end(),
                                         [](const auto& entry) { return entry.first.starts_with("mlp_model."); });
    return nothingElse ? std::optional(EncoderKind::Flat) : std::nullopt;
}

Result<EncoderFacts> encoderFacts(EncoderKind kind, const TensorShapes& shapes)
{
    try {
        return factsOf(kind, shapes);
    } catch (Failure& failure) {
        return tl::make_unexpected(std::move(failure.error));
    }
}

} // namespace rnnscope::weights
