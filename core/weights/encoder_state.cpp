#include "core/weights/encoder_state.h"

#include "core/base/printable.h"
#include "core/weights/encoder_facts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rnnscope::weights {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostStateEntries = std::size_t {1} << 28U;

/// The tensors under `prefix`, without it, and where they are in the file.
struct State
{
    std::string prefix;
    std::map<std::string, std::vector<std::size_t>> shapes;
    std::map<std::string, std::size_t> indices;
};

/// What comes before the one tensor by which an encoder is known: "", "module.", "state_dict.encoder.".
std::optional<std::string> prefixOf(const TensorFile& file)
{
    constexpr std::array<std::string_view, 4> kTellTale {"probing_encodings", "compression_token",
                                                         "np_model.0.in_embed", "mlp_model.0.weight"};
    for (const auto tell : kTellTale)
        for (const auto& tensor : file.tensors()) {
            const std::string_view name = tensor.name;
            if (!name.ends_with(tell))
                continue;
            const std::string_view before = name.substr(0, name.size() - tell.size());
            if (before.empty() || before.ends_with('.'))
                return std::string(before);
        }
    return {};
}

State stateOf(const TensorFile& file)
{
    State state;
    const auto prefix = prefixOf(file);
    if (!prefix)
        return state;
    state.prefix = *prefix;
    for (std::size_t i = 0; i < file.tensors().size(); ++i) {
        const auto& tensor = file.tensors()[i];
        if (!tensor.name.starts_with(*prefix))
            continue;
        const std::string name = tensor.name.substr(prefix->size());
        state.shapes[name] = tensor.shape;
        state.indices[name] = i;
    }
    return state;
}

Result<Json> parseConfig(const std::string& text)
{
    if (text.empty())
        return Json::object();
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return fail(Errc::BadFormat, "the config is not a JSON object");
    if (json.contains("rnn") && !json["rnn"].is_object())
        return fail(Errc::BadFormat, "the config's key 'rnn' is not an object");
    return json;
}

/// `given` on top of what the tensors tell, which it may not contradict.
Result<void> merge(Json& known, const Json& given, const std::string& where, const std::string& file)
{
    for (const auto& [key, value] : given.items()) {
        if (value.is_object() && known.contains(key) && known[key].is_object()) {
            if (auto merged = merge(known[key], value, where + key + ".", file); !merged)
                return merged;
            continue;
        }
        if (known.contains(key) && known[key] != value)
            return fail(Errc::ShapeMismatch,
                        fmt::format("{}: the config says {}{} = {}, its tensors say {}", file, where, printable(key),
                                    printable(value.dump(-1, ' ', false, Json::error_handler_t::replace)),
                                    known[key].dump()));
        known[key] = value;
    }
    return {};
}

/// Fills what `config` lacks.
void fill(Json& config, const Json& defaults)
{
    for (const auto& [key, value] : defaults.items()) {
        if (!config.contains(key))
            config[key] = value;
        else if (value.is_object() && config[key].is_object())
            fill(config[key], value);
    }
}

bool isAnswered(const Json& config, const std::string& key)
{
    const std::size_t dot = key.find('.');
    if (dot == std::string::npos)
        return config.contains(key);
    return config.contains(key.substr(0, dot)) && config[key.substr(0, dot)].contains(key.substr(dot + 1));
}

/// The kind the user names, by itself or as the config's key "encoder", which is taken out.
Result<std::optional<zoo::EncoderKind>> namedKind(const EncoderChoices& choices, Json& config)
{
    const auto key = config.find("encoder");
    if (key == config.end())
        return choices.kind;
    const auto kind = zoo::encoderKindFromName(key->is_string() ? key->get<std::string>() : std::string());
    if (!kind)
        return forward(kind);
    config.erase(key);
    if (choices.kind && *choices.kind != *kind)
        return fail(
            Errc::BadValue,
            fmt::format("the config says the encoder is {}, the options say {}", name(*kind), name(*choices.kind)));
    return *kind;
}

Result<zoo::EncoderKind> chooseKind(const EncoderFacts& facts, std::optional<zoo::EncoderKind> named,
                                    const std::string& file)
{
    if (!named)
        return facts.kinds.front();
    if (std::find(facts.kinds.begin(), facts.kinds.end(), *named) == facts.kinds.end())
        return fail(
            Errc::ShapeMismatch,
            fmt::format("{} holds the tensors of {}, not of {}", file, name(facts.kinds.front()), name(*named)));
    return *named;
}

/// Interactive probing may come with a share of learned, static probes, which only its name in the options tells.
void askKind(const EncoderFacts& facts, std::optional<zoo::EncoderKind> named, EncoderGuess& guess)
{
    if (named || facts.kinds.size() < 2)
        return;
    EncoderQuestion question {"encoder", "which of two encoders with the same tensors it is", {}};
    for (const auto kind : facts.kinds)
        question.answers.emplace_back(name(kind));
    guess.questions.insert(guess.questions.begin(), std::move(question));
}

/// Placeholders for what is still asked, so that the rest can be checked.
Json withLikely(Json config, const std::vector<EncoderQuestion>& questions)
{
    for (const auto& question : questions) {
        if (question.key == "encoder" || question.answers.empty())
            continue;
        const Json parsed = Json::parse(question.answers.front(), nullptr, false);
        const Json value = parsed.is_discarded() ? Json(question.answers.front()) : parsed;
        const std::size_t dot = question.key.find('.');
        if (dot == std::string::npos)
            config[question.key] = value;
        else
            config[question.key.substr(0, dot)][question.key.substr(dot + 1)] = value;
    }
    return config;
}

Result<void> checkSizes(const zoo::EncoderConfig& config, const TensorShapes& shapes, const std::string& file)
{
    if (auto valid = zoo::validate(config.rnn); !valid)
        return fail(valid.error().code, fmt::format("{}: {}", file, valid.error().message));
    if (config.kind != zoo::EncoderKind::Flat)
        return {};
    const auto expected = static_cast<std::size_t>(shapes.size("mlp_model.0.weight", 2, 1));
    if (config.rnn.parameterCount() == expected)
        return {};
    return fail(Errc::ShapeMismatch,
                fmt::format("{} reads networks of {} parameters, {} has {}", file, expected, config.rnn.description(),
                            config.rnn.parameterCount()));
}

/// `cell=lstm,input=6`: the questions about the networks as --rnn takes them, with the likely answers.
std::string rnnOption(const std::vector<EncoderQuestion>& questions)
{
    constexpr std::string_view kRnn = "rnn.";
    std::vector<std::string> entries;
    for (const auto& question : questions) {
        if (!question.key.starts_with(kRnn))
            continue;
        const std::string key = question.key.substr(kRnn.size());
        const std::string shortKey = key == "num_layers" ? "layers" : key.substr(0, key.find('_'));
        entries.push_back(fmt::format("{}={}", shortKey, question.answers.front()));
    }
    return fmt::format("{}", fmt::join(entries, ","));
}

/// "--encoder a or b, --rnn cell=lstm,… (the networks it reads), --config with "residual": true (whether …)"; the
/// values are the published ones.
std::string needs(const std::vector<EncoderQuestion>& questions)
{
    std::vector<std::string> options;
    for (const auto& question : questions)
        if (question.key == "encoder")
            options.push_back(fmt::format("--encoder {}", fmt::join(question.answers, " or ")));
    if (const std::string rnn = rnnOption(questions); !rnn.empty())
        options.push_back(fmt::format("--rnn {} (the networks it reads)", rnn));
    for (const auto& question : questions)
        if (question.key != "encoder" && !question.key.starts_with("rnn."))
            options.push_back(fmt::format("--config with \"{}\": {} ({})", question.key, question.answers.front(),
                                          question.question));
    return fmt::format("{}", fmt::join(options, "; "));
}

Result<zoo::Tensor> readTensor(const TensorFile& file, std::size_t index)
{
    const auto& info = file.tensors()[index];
    zoo::Tensor tensor;
    tensor.shape.assign(info.shape.begin(), info.shape.end());
    tensor.values.resize(info.entries());
    if (auto read = file.read(index, tensor.values); !read)
        return forward(read);
    if (!std::all_of(tensor.values.begin(), tensor.values.end(), [](float value) { return std::isfinite(value); }))
        return fail(
            Errc::BadValue,
            fmt::format("{}: the tensor {} has NaN or infinite values", file.path().string(), printable(info.name)));
    return tensor;
}

Result<zoo::State> readState(const TensorFile& file, const State& state)
{
    zoo::State tensors;
    std::size_t total = 0;
    for (const auto& [name, index] : state.indices) {
        total += file.tensors()[index].entries(); // each at most kMostEntries
        if (total > kMostStateEntries)
            return fail(Errc::BadFormat,
                        fmt::format("{} holds over {} numbers, more than any encoder", file.path().string(),
                                    kMostStateEntries));
        auto tensor = readTensor(file, index);
        if (!tensor)
            return forward(tensor);
        tensors.emplace(name, *std::move(tensor));
    }
    return tensors;
}

} // namespace

bool isEncoderState(const TensorFile& file)
{
    return encoderKindOf(stateOf(file).shapes).has_value();
}

Result<EncoderGuess> guessEncoder(const TensorFile& file, const EncoderChoices& choices)
{
    const std::string where = file.path().string();
    const State state = stateOf(file);
    const auto kind = encoderKindOf(state.shapes);
    if (!kind)
        return fail(Errc::NotFound, fmt::format("{} does not hold the tensors of one of the authors' encoders", where));
    const TensorShapes shapes(where, state.shapes);
    auto facts = encoderFacts(*kind, shapes);
    if (!facts)
        return forward(facts);
    auto given = parseConfig(choices.config);
    if (!given)
        return forward(given);
    const auto named = namedKind(choices, *given);
    if (!named)
        return forward(named);
    const auto chosen = chooseKind(*facts, *named, where);
    if (!chosen)
        return forward(chosen);
    if (auto merged = merge(facts->config, *given, "", where); !merged)
        return forward(merged);
    fill(facts->config, facts->defaults);
    EncoderGuess guess;
    guess.notes = std::move(facts->notes);
    for (auto& question : facts->questions)
        if (!isAnswered(facts->config, question.key))
            guess.questions.push_back(std::move(question));
    askKind(*facts, *named, guess);
    auto config = zoo::encoderConfigFromJson(*chosen, withLikely(facts->config, guess.questions));
    if (!config)
        return fail(config.error().code, fmt::format("{}: {}", where, config.error().message));
    guess.config = *std::move(config);
    if (guess.questions.empty())
        if (auto sizes = checkSizes(guess.config, shapes, where); !sizes)
            return forward(sizes);
    return guess;
}

Result<zoo::Checkpoint> importEncoder(const TensorFile& file, const EncoderChoices& choices)
{
    auto guess = guessEncoder(file, choices);
    if (!guess)
        return forward(guess);
    if (!guess->questions.empty())
        return fail(Errc::NeedsChoice,
                    fmt::format("{} does not tell everything about its encoder; give, with the right values: {}",
                                file.path().string(), needs(guess->questions)));
    auto state = readState(file, stateOf(file));
    if (!state)
        return forward(state);
    zoo::Checkpoint checkpoint;
    checkpoint.path = file.path();
    checkpoint.config = std::move(guess->config);
    if (const auto quantiles = state->find("quantiles"); quantiles != state->end())
        checkpoint.config.quantiles.assign(quantiles->second.values.begin(), quantiles->second.values.end());
    checkpoint.encoder = *std::move(state);
    return checkpoint;
}

} // namespace rnnscope::weights
