#include "ui/models/behaviour.h"

#include "core/base/random.h"
#include "core/prediction/head.h"
#include "core/tasks/language_sampler.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr std::size_t kLength = 42; // tokens, begin included; the paper's

std::vector<int> predictedTask(const prediction::Prediction& prediction, std::size_t row)
{
    std::vector<int> differences;
    for (std::size_t column = 0; column < prediction.columns; ++column) {
        const double value = prediction.value(row, column);
        if (!std::isfinite(value))
            return {};
        differences.push_back(static_cast<int>(std::lround(value)));
    }
    return differences;
}

/// The recorded task, else the predicted one; empty when there is neither.
std::vector<int> taskOf(const EmbeddedZoo& embedded, std::size_t row, bool& predicted)
{
    predicted = false;
    if (const auto* task = embedded.zoo->property("task"); task != nullptr && row < task->rows())
        if (auto differences = tasks::differencesOf(*task, row); !differences.empty())
            return differences;
    predicted = true;
    for (const auto& prediction : embedded.predictions)
        if (prediction.property == "task" && row < prediction.rows())
            return predictedTask(prediction, row);
    return {};
}

WrittenString judged(const tasks::FormalLanguage& language, std::span<const int> tokens)
{
    const auto acceptance = tasks::accept(language, tokens);
    WrittenString made {.text = QString::fromStdString(tasks::stringText(tokens, language.letters()))};
    made.verdict = acceptance.undefined ? WrittenString::Verdict::Endless
        : acceptance.ordered            ? WrittenString::Verdict::Right
        : acceptance.correct            ? WrittenString::Verdict::Disordered
                                        : WrittenString::Verdict::Wrong;
    if (acceptance.correct) {
        const auto end = std::find(tokens.begin(), tokens.end(), language.end());
        made.n = static_cast<int>(std::count(tokens.begin(), end, 0)) - language.differences.front();
    }
    return made;
}

/// The strings that the measured accuracy judges.
tasks::SampleOptions samples(std::size_t row, std::size_t strings)
{
    return {.strings = strings, .length = kLength, .key = derived(mixed(1), row)};
}

/// Counts the strings `tokens` [S, T] to `behaviour`, in the column that `times` is.
Tally count(Behaviour& behaviour, std::span<const int> tokens, std::size_t WrittenString::*times)
{
    const tasks::FormalLanguage language {.differences = behaviour.task};
    std::map<QString, WrittenString> written;
    for (auto& one : behaviour.written)
        written.emplace(one.text, one);
    Tally tally {.strings = tokens.size() / kLength};
    for (std::size_t s = 0; s < tally.strings; ++s) {
        const auto one = judged(language, tokens.subspan(s * kLength, kLength));
        ++(written.try_emplace(one.text, one).first->second.*times);
        tally.endless += one.verdict == WrittenString::Verdict::Endless ? 1 : 0;
        tally.disordered += one.verdict == WrittenString::Verdict::Disordered ? 1 : 0;
        tally.right += one.n ? 1 : 0;
    }
    behaviour.written.clear();
    for (auto& [text, one] : written)
        behaviour.written.push_back(std::move(one));
    std::stable_sort(
        behaviour.written.begin(), behaviour.written.end(), [](const WrittenString& a, const WrittenString& b) {
            return std::tuple(b.times, b.emulated, a.text.size()) < std::tuple(a.times, a.emulated, b.text.size());
        });
    return tally;
}

Result<void> checkTask(const std::vector<int>& task, int inputSize)
{
    if (task.empty())
        return fail(Errc::NotFound, "its task is neither recorded nor predicted");
    if (static_cast<int>(task.size()) + 2 != inputSize)
        return fail(Errc::ShapeMismatch, "its task has another number of letters than the network");
    return {};
}

/// Tokens as one-hot inputs of an emulator.
class EmulatorWriter final : public tasks::StringWriter
{
public:
    EmulatorWriter(engine::Emulator& emulator, std::span<const float> embedding)
        : m_emulator(emulator)
        , m_embedding(embedding)
    {
    }
    std::size_t outputSize() const override { return m_emulator.outputSize(); }
    std::size_t atOnce() const override { return 1000; } // its weights are shared: the more the better
    Result<void> begin(std::size_t strings) override { return m_emulator.begin(m_embedding, strings); }
    Result<void> next(std::span<const int> tokens, std::span<float> logits) override
    {
        const std::size_t size = m_emulator.inputSize();
        m_inputs.assign(tokens.size() * size, 0.0F);
        for (std::size_t i = 0; i < tokens.size(); ++i)
            m_inputs[i * size + static_cast<std::size_t>(tokens[i])] = 1.0F;
        return m_emulator.step(m_inputs, logits);
    }

private:
    engine::Emulator& m_emulator;
    std::span<const float> m_embedding;
    std::vector<float> m_inputs;
};

} // namespace

Result<Behaviour> behaviourOf(const EmbeddedZoo& shown, std::size_t row, std::size_t strings,
                              const std::stop_token& stop)
{
    const auto place = placeOf(shown, row);
    const auto& zoo = *place.embedded.zoo;
    const auto& rnn = zoo.architecture;
    if (shown.zoo->family != zoo::TaskFamily::FormalLanguage || rnn.inputSize != rnn.outputSize || rnn.inputSize < 3)
        return fail(Errc::BadValue, "this is no network of formal languages");
    Behaviour made;
    made.task = taskOf(place.embedded, place.row, made.predicted);
    if (auto fits = checkTask(made.task, rnn.inputSize); !fits)
        return forward(fits);
    const auto shape = tasks::shapeOf(rnn);
    std::vector<float> parameters(shape.parameterCount());
    if (auto read = zoo.parameters->read(place.row, 1, parameters); !read)
        return forward(read);
    if (!std::all_of(parameters.begin(), parameters.end(), [](float value) { return std::isfinite(value); }))
        return fail(Errc::BadValue, "its weights are not finite");
    std::vector<int> tokens(strings * kLength);
    std::vector<float> logProbabilities(strings * (kLength - 1) * shape.outputSize);
    if (!tasks::sampleStrings(rnn::Rnn(shape, parameters), {.differences = made.task}, samples(place.row, strings),
                              tokens, logProbabilities, stop))
        return cancelled("writing strings");
    made.network = count(made, tokens, &WrittenString::times);
    return made;
}

Result<Behaviour> behaviourAt(const zoo::Checkpoint& checkpoint, std::span<const float> embedding)
{
    const auto& rnn = checkpoint.config.rnn;
    if (checkpoint.config.family != zoo::TaskFamily::FormalLanguage || rnn.inputSize != rnn.outputSize)
        return fail(Errc::BadValue, "the encoder is not one of formal languages");
    Matrix one(1, embedding.size());
    std::ranges::copy(embedding, one.values.begin());
    Behaviour made;
    made.predicted = true;
    for (const auto& head : checkpoint.heads)
        if (head.property == "task")
            if (const auto prediction = prediction::predict(head, one))
                made.task = predictedTask(*prediction, 0);
    if (auto fits = checkTask(made.task, rnn.inputSize); !fits)
        return forward(fits);
    return made;
}

Result<void> addEmulated(Behaviour& behaviour, engine::Emulator& emulator, std::span<const float> embedding,
                         std::size_t row, std::size_t strings, const std::stop_token& stop)
{
    if (behaviour.task.size() + 2 != emulator.inputSize() || emulator.inputSize() != emulator.outputSize())
        return fail(Errc::ShapeMismatch, "the emulator is not one of this language");
    EmulatorWriter writer(emulator, embedding);
    std::vector<int> tokens(strings * kLength);
    const tasks::FormalLanguage language {.differences = behaviour.task};
    if (auto written = tasks::sampleStrings(writer, language, samples(row, strings), tokens, stop); !written)
        return written;
    behaviour.emulator = count(behaviour, tokens, &WrittenString::emulated);
    return {};
}

} // namespace rnnscope::ui
