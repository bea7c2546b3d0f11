#include "ui/models/encoder_answers.h"

#include "ui/models/labels.h"

#include <QObject>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace rnnscope::ui {

namespace {

using Json = nlohmann::json;

constexpr const char* kDefaultNumber = "1";

/// What the architecture answers to "rnn.…"; empty for other keys.
std::string sizeOf(const zoo::Architecture& rnn, const std::string& key)
{
    if (key == "rnn.cell")
        return std::string(zoo::name(rnn.cell));
    const std::array<std::pair<const char*, int>, 4> numbers {{{"rnn.input_size", rnn.inputSize},
                                                               {"rnn.hidden_size", rnn.hiddenSize},
                                                               {"rnn.num_layers", rnn.numLayers},
                                                               {"rnn.output_size", rnn.outputSize}}};
    for (const auto& [name, value] : numbers)
        if (key == name)
            return std::to_string(value);
    return {};
}

std::string likely(const weights::EncoderQuestion& question)
{
    return question.answers.empty() ? kDefaultNumber : question.answers.front();
}

bool isPossible(const weights::EncoderQuestion& question, const std::string& answer)
{
    return asksForNumber(question)
        || std::find(question.answers.begin(), question.answers.end(), answer) != question.answers.end();
}

} // namespace

weights::EncoderChoices choicesOf(const std::vector<EncoderAnswer>& answers)
{
    Json config = Json::object();
    for (const auto& answer : answers) {
        const Json parsed = Json::parse(answer.value, nullptr, false);
        const Json value = parsed.is_discarded() ? Json(answer.value) : parsed;
        const auto dot = answer.key.find('.');
        if (dot == std::string::npos)
            config[answer.key] = value;
        else
            config[answer.key.substr(0, dot)][answer.key.substr(dot + 1)] = value;
    }
    return {.kind = {}, .config = config.empty() ? std::string() : config.dump()};
}

std::vector<EncoderAnswer> likelyAnswers(const weights::TensorFile& file, const weights::EncoderGuess& guess,
                                         const std::vector<zoo::Architecture>& known)
{
    for (const auto& rnn : known) {
        std::vector<EncoderAnswer> answers;
        bool possible = true;
        for (const auto& question : guess.questions) {
            const auto size = sizeOf(rnn, question.key);
            possible = possible && (size.empty() || isPossible(question, size));
            answers.push_back({question.key, size.empty() ? likely(question) : size});
        }
        const auto whole = weights::guessEncoder(file, choicesOf(answers));
        if (possible && whole && whole->questions.empty() && whole->config.rnn == rnn)
            return answers;
    }
    std::vector<EncoderAnswer> answers;
    for (const auto& question : guess.questions)
        answers.push_back({question.key, likely(question)});
    return answers;
}

bool asksForNumber(const weights::EncoderQuestion& question)
{
    if (question.answers.empty())
        return true;
    const auto& first = question.answers.front();
    return question.answers.size() == 1
        && std::all_of(first.begin(), first.end(), [](char c) { return c >= '0' && c <= '9'; });
}

QString answerTitle(const std::string& key, const std::string& value)
{
    if (key == "encoder")
        if (const auto kind = zoo::encoderKindFromName(value)) {
            const auto title = zoo::title(*kind);
            return QString::fromUtf8(title);
        }
    static constexpr std::array<std::pair<const char*, const char*>, 6> kTitles {{{"lstm", "LSTM"},
                                                                                  {"gru", "GRU"},
                                                                                  {"rnn_tanh", "tanh RNN"},
                                                                                  {"rnn_relu", "ReLU RNN"},
                                                                                  {"true", "yes"},
                                                                                  {"false", "no"}}};
    for (const auto& [name, title] : kTitles)
        if (value == name)
            return QString::fromLatin1(title);
    return plainText(value);
}

QString questionTitle(const std::string& key)
{
    if (key == "rnn.num_layers")
        return QObject::tr("Layers");
    auto title = plainText(key.substr(key.find('.') + 1)).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!title.isEmpty())
        title[0] = title[0].toUpper();
    return title;
}

} // namespace rnnscope::ui
