#include "ui/models/behaviour.h"

#include "core/base/random.h"
#include "core/tasks/language_sampler.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace rnnscope::ui {

namespace {

constexpr std::size_t kLength = 42; // tokens, begin included; the paper's

/// The recorded task, else the predicted one; empty when there is neither.
std::vector<int> taskOf(const EmbeddedZoo& embedded, std::size_t row, bool& predicted)
{
    predicted = false;
    if (const auto* task = embedded.zoo->property("task"); task != nullptr && row < task->rows())
        if (auto differences = tasks::differencesOf(*task, row); !differences.empty())
            return differences;
    for (const auto& prediction : embedded.predictions) {
        if (prediction.property != "task" || row >= prediction.rows())
            continue;
        predicted = true;
        std::vector<int> differences;
        for (std::size_t column = 0; column < prediction.columns; ++column) {
            const double value = prediction.value(row, column);
            if (!std::isfinite(value))
                return {};
            differences.push_back(static_cast<int>(std::lround(value)));
        }
        return differences;
    }
    return {};
}

WrittenString judged(const tasks::FormalLanguage& language, std::span<const int> tokens)
{
    const auto acceptance = tasks::accept(language, tokens);
    WrittenString made {.text = QString::fromStdString(tasks::stringText(tokens, language.letters())), .times = 0};
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
    if (made.task.empty())
        return fail(Errc::NotFound, "its task is neither recorded nor predicted");
    if (static_cast<int>(made.task.size()) + 2 != rnn.inputSize)
        return fail(Errc::ShapeMismatch, "its task has another number of letters than the network");
    const auto shape = tasks::shapeOf(rnn);
    std::vector<float> parameters(shape.parameterCount());
    if (auto read = zoo.parameters->read(place.row, 1, parameters); !read)
        return forward(read);
    if (!std::all_of(parameters.begin(), parameters.end(), [](float value) { return std::isfinite(value); }))
        return fail(Errc::BadValue, "its weights are not finite");
    const tasks::FormalLanguage language {.differences = made.task};
    const tasks::SampleOptions options {
        .strings = strings, .length = kLength, .key = derived(mixed(1), place.row)}; // those of the measured accuracy
    std::vector<int> tokens(strings * kLength);
    std::vector<float> logProbabilities(strings * (kLength - 1) * shape.outputSize);
    if (!tasks::sampleStrings(rnn::Rnn(shape, parameters), language, options, tokens, logProbabilities, stop))
        return cancelled("writing strings");
    std::map<QString, WrittenString> written;
    for (std::size_t s = 0; s < strings; ++s) {
        auto one = judged(language, std::span(tokens).subspan(s * kLength, kLength));
        ++written.try_emplace(one.text, one).first->second.times;
        made.endless += one.verdict == WrittenString::Verdict::Endless ? 1 : 0;
        made.disordered += one.verdict == WrittenString::Verdict::Disordered ? 1 : 0;
        made.right += one.n ? 1 : 0;
    }
    made.strings = strings;
    for (auto& [text, one] : written)
        made.written.push_back(std::move(one));
    std::stable_sort(made.written.begin(), made.written.end(), [](const WrittenString& a, const WrittenString& b) {
        return a.times != b.times ? a.times > b.times : a.text.size() < b.text.size();
    });
    return made;
}

} // namespace rnnscope::ui
