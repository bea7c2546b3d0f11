#include "core/making/recipe.h"

#include "core/base/printable.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/mnist.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace rnnscope::making {

namespace {

/// To be raised when the same options no longer make the same zoo.
constexpr int kRecipeVersion = 1;

constexpr const char* kSteps = "steps";
constexpr std::size_t kMostRuns = 1'000'000;
constexpr std::size_t kMostSteps = 100'000'000;
constexpr std::size_t kMostLength = 1000;

template <typename T>
Result<void> within(const char* what, T value, T lowest, T highest)
{
    if (!(value >= lowest && value <= highest))
        return fail(Errc::BadValue, fmt::format("{} is {}, expected {} to {}", what, value, lowest, highest));
    return {};
}

Result<void> validateLanguage(const LanguageRecipe& language)
{
    constexpr std::size_t kMostLetters = 26;
    constexpr int kMostN = 100;
    constexpr int kMostDifference = 100;
    const std::vector<int>& task = language.task;
    for (const auto& checked : {within("--letters", language.letters, std::size_t {2}, kMostLetters),
                                within("--max-n", language.maxN, 1, kMostN),
                                within("--length", language.length, std::size_t {3}, kMostLength),
                                within("--samples", language.samples, std::size_t {1}, kMostSteps)})
        if (!checked)
            return checked;
    if (!task.empty() && task.size() != language.letters)
        return fail(
            Errc::BadValue,
            fmt::format("the task has {} numbers, expected one for each of {} letters", task.size(), language.letters));
    if (!task.empty() && task.front() != 0)
        return fail(Errc::BadValue, fmt::format("the task starts with {}, expected 0", task.front()));
    for (const int m : task)
        if (const auto checked = within("a difference of --task", m, -kMostDifference, kMostDifference); !checked)
            return checked;
    const tasks::FormalLanguage hardest {.differences = task.empty() ? std::vector {0, -3} : task,
                                         .maxN = language.maxN};
    if (hardest.smallestN() > hardest.largestN())
        return fail(Errc::BadValue,
                    fmt::format("n goes up to {}, expected at least {}, below which a letter would occur a negative "
                                "number of times",
                                hardest.largestN(), hardest.smallestN()));
    std::size_t shortest = 2; // begin and end
    for (const int m : task)
        shortest += static_cast<std::size_t>(hardest.smallestN() + m);
    if (shortest > language.length)
        return fail(
            Errc::BadValue,
            fmt::format("--length is {}, expected at least {}, the shortest string of --task with its begin and "
                        "end",
                        language.length, shortest));
    return {};
}

Result<void> validateMnist(const MnistRecipe& mnist)
{
    if (!tasks::isTileSide(mnist.tileSide))
        return fail(Errc::BadValue,
                    fmt::format("--tile is {}, expected a divisor of {}", mnist.tileSide, tasks::kDigitSide));
    if (mnist.angle && !std::isfinite(*mnist.angle))
        return fail(Errc::BadValue, "--angle is not a finite number");
    return within("--eval-digits", mnist.mostDigits, std::size_t {1}, kMostRuns);
}

} // namespace

zoo::Architecture architectureOf(const Recipe& recipe)
{
    const auto size = [](std::size_t value) { return static_cast<int>(value); };
    const bool language = recipe.family == zoo::TaskFamily::FormalLanguage;
    const std::size_t inputs = language ? recipe.language.letters + 2 : recipe.mnist.tileSide * recipe.mnist.tileSide;
    return {.cell = recipe.cell,
            .inputSize = size(inputs),
            .hiddenSize = size(recipe.hidden),
            .numLayers = size(recipe.layers),
            .outputSize = size(language ? inputs : tasks::kDigitClasses)};
}

Result<void> validate(const Recipe& recipe)
{
    constexpr std::size_t kMostHidden = 4096;
    constexpr std::size_t kMostLayers = 64;
    for (const auto& checked : {within("--hidden", recipe.hidden, std::size_t {1}, kMostHidden),
                                within("--layers", recipe.layers, std::size_t {1}, kMostLayers),
                                within("--runs", recipe.runs, std::size_t {1}, kMostRuns),
                                within("--steps", recipe.steps, std::size_t {0}, kMostSteps),
                                within("--batch", recipe.batch, std::size_t {1}, kMostRuns),
                                within("--learning-rate", recipe.learningRate, 0.0, 100.0),
                                within("--weight-decay", recipe.weightDecay.value_or(0.0), 0.0, 100.0),
                                within("--sequences", recipe.sequences, std::size_t {0}, kMostRuns)})
        if (!checked)
            return checked;
    if (recipe.family == zoo::TaskFamily::Custom)
        return fail(Errc::BadValue, "zoos are made of formal languages or of sequential MNIST");
    auto family = recipe.family == zoo::TaskFamily::FormalLanguage ? validateLanguage(recipe.language)
                                                                   : validateMnist(recipe.mnist);
    return family ? zoo::validate(architectureOf(recipe)) : family;
}

std::string nameOf(const Recipe& recipe)
{
    if (!recipe.name.empty())
        return recipe.name;
    if (recipe.family == zoo::TaskFamily::FormalLanguage)
        return fmt::format("formal_languages_tokens_{}_length_{}_{}x{}", recipe.language.letters,
                           recipe.language.length, recipe.layers, recipe.hidden);
    return fmt::format("sequential_mnist_tile_{0}x{0}_model_{1}x{2}", recipe.mnist.tileSide, recipe.layers,
                       recipe.hidden);
}

std::vector<std::size_t> snapshotSteps(const Recipe& recipe)
{
    std::vector<std::size_t> steps;
    for (const std::size_t step : recipe.snapshots)
        if (step < recipe.steps)
            steps.push_back(step);
    steps.push_back(recipe.steps);
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    return steps;
}

double learningRateAt(const Recipe& recipe, std::size_t step)
{
    struct Corner
    {
        double step, share;
    };
    constexpr Corner kStart {0.0, 1.0}, kMiddle {10000.0, 0.3}, kEnd {20000.0, 0.03};
    const auto at = std::min(static_cast<double>(step), kEnd.step);
    const Corner& from = at < kMiddle.step ? kStart : kMiddle;
    const Corner& to = at < kMiddle.step ? kMiddle : kEnd;
    const double share = std::lerp(from.share, to.share, (at - from.step) / (to.step - from.step));
    return recipe.learningRate * share;
}

nlohmann::json toJson(const Recipe& recipe, const std::string& data)
{
    nlohmann::json json {{"recipe", kRecipeVersion},
                         {"task_family", zoo::name(recipe.family)},
                         {"name", nameOf(recipe)},
                         {"cell", zoo::name(recipe.cell)},
                         {"hidden", recipe.hidden},
                         {"layers", recipe.layers},
                         {"runs", recipe.runs},
                         {kSteps, recipe.steps},
                         {"snapshots", snapshotSteps(recipe)},
                         {"batch", recipe.batch},
                         {"learning_rate", recipe.learningRate},
                         {"weight_decay", nullptr},
                         {"sequences", recipe.sequences},
                         {"seed", recipe.seed},
                         {"half", recipe.half},
                         {"device", recipe.device}};
    if (recipe.weightDecay)
        json["weight_decay"] = *recipe.weightDecay;
    if (recipe.family == zoo::TaskFamily::FormalLanguage) {
        json["letters"] = recipe.language.letters;
        json["max_n"] = recipe.language.maxN;
        json["length"] = recipe.language.length;
        json["samples"] = recipe.language.samples;
        json["task"] = recipe.language.task.empty() ? nlohmann::json() : nlohmann::json(recipe.language.task);
        return json;
    }
    json["tile"] = recipe.mnist.tileSide;
    json["angle"] = recipe.mnist.angle ? nlohmann::json(*recipe.mnist.angle) : nlohmann::json();
    json["eval_digits"] = recipe.mnist.mostDigits;
    json["digits"] = data;
    return json;
}

std::string difference(const nlohmann::json& now, const nlohmann::json& before)
{
    if (!before.is_object())
        return "they are not known";
    const auto text = [](const nlohmann::json& object, const std::string& key) {
        const auto found = object.find(key);
        return found == object.end() || found->is_null()
            ? std::string("not given")
            : printable(found->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    };
    std::set<std::string> keys;
    for (const nlohmann::json* object : {&now, &before})
        for (const auto& [key, value] : object->items())
            keys.insert(key);
    const bool steps = now.contains(kSteps) && before.contains(kSteps) && now[kSteps] != before[kSteps];
    if (steps) // the last is a snapshot: what the user has said goes first
        keys = {kSteps};
    for (const std::string& key : keys)
        if (!now.contains(key) || !before.contains(key) || now[key] != before[key])
            return fmt::format("{} is {} now and was {}", printable(key), text(now, key), text(before, key));
    return {};
}

} // namespace rnnscope::making
