#include "core/tasks/language_accuracy.h"

#include "core/base/random.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/language_sampler.h"
#include "core/tasks/run_networks.h"

namespace rnnscope::tasks {

namespace {

Result<const zoo::Property*> taskOf(const zoo::Zoo& zoo)
{
    const zoo::Property* task = zoo.property("task");
    if (zoo.family != zoo::TaskFamily::FormalLanguage)
        return fail(Errc::BadValue,
                    fmt::format("{} is a zoo of {}, expected formal_language", zoo.name, zoo::name(zoo.family)));
    if (task == nullptr || task->rows() != zoo.size)
        return fail(Errc::NotFound, fmt::format("{} does not record the property 'task' of its networks", zoo.name));
    const zoo::Architecture& rnn = zoo.architecture;
    const std::size_t tokens = task->columns + 2; // begin and end
    if (static_cast<std::size_t>(rnn.inputSize) != tokens || rnn.outputSize != rnn.inputSize)
        return fail(Errc::ShapeMismatch,
                    fmt::format("the networks of {} read {} and answer {} numbers, expected {} tokens of tasks with {} "
                                "letters",
                                zoo.name, rnn.inputSize, rnn.outputSize, tokens, task->columns));
    return task;
}

} // namespace

Result<std::vector<LanguageAccuracy>> measureLanguageAccuracy(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                                              const LanguageAccuracyOptions& options,
                                                              Progress& progress, std::stop_token stop)
{
    const auto task = taskOf(zoo);
    if (!task)
        return forward(task);
    if (options.samples == 0 || options.length < 2)
        return fail(Errc::BadValue,
                    fmt::format("cannot measure accuracy by {} strings of {} tokens, expected at least 1 of 2",
                                options.samples, options.length));
    std::vector<LanguageAccuracy> measured(rows.size());
    const auto measure = [&](std::size_t i, const rnn::Rnn& network) {
        const FormalLanguage language {.differences = differencesOf(**task, rows[i])};
        const SampleOptions strings {
            .strings = options.samples, .length = options.length, .key = derived(mixed(options.seed), rows[i])};
        if (!language.differences.empty())
            measured[i] = judgeStrings(network, language, strings, stop);
    };
    const auto run = forEachNetwork(zoo, rows, {.what = "measuring the accuracy", .threads = options.threads}, progress,
                                    stop, measure);
    if (!run)
        return forward(run);
    return measured;
}

} // namespace rnnscope::tasks
