#include "core/nn/training_options.h"

#include "core/nn/losses.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <set>

namespace rnnscope::nn {

namespace {

using Json = nlohmann::json;

/// "encoder/rnn/cell" as "encoder rnn cell"
std::string readable(const std::string& pointer)
{
    std::string text = pointer.substr(1);
    std::replace(text.begin(), text.end(), '/', ' ');
    return text;
}

std::string valueAt(const Json& flat, const std::string& key)
{
    constexpr std::size_t kLongest = 60;
    return flat.contains(key) ? flat[key].dump().substr(0, kLongest) : "not given";
}

} // namespace

Result<void> checkOptions(const engine::TrainOptions& options)
{
    const auto positive = [](double value) { return std::isfinite(value) && value > 0.0; };
    const auto notNegative = [](double value) { return std::isfinite(value) && value >= 0.0; };
    if (options.steps == 0 || options.batch == 0 || options.evaluateEvery == 0)
        return fail(Errc::BadValue, "steps, batch and the evaluation interval must be at least 1");
    if (!positive(options.learningRate) || !notNegative(options.finalLearningRate) || !positive(options.gradientClip)
        || !notNegative(options.weightDecay))
        return fail(Errc::BadValue, "learning rate and gradient clip must be positive, weight decay not negative");
    if (options.emulator.hiddenSize < 1 || options.emulator.numLayers < 1)
        return fail(Errc::BadValue, "the emulator needs at least one layer of at least one unit");
    if (const auto criterion = criterionFromName(options.criterion); !criterion)
        return fail(Errc::BadValue, criterion.error().message);
    return {};
}

std::string optionsText(const engine::TrainOptions& options)
{
    const Json json {{"encoder", toJson(options.config)},
                     {"kind", name(options.config.kind)},
                     {"emulator",
                      {{"hidden_size", options.emulator.hiddenSize},
                       {"num_layers", options.emulator.numLayers},
                       {"only_condition_bos", options.emulator.onlyConditionBos}}},
                     {"criterion", options.criterion},
                     {"steps", options.steps},
                     {"batch", options.batch},
                     {"learning_rate", options.learningRate},
                     {"final_learning_rate", options.finalLearningRate},
                     {"weight_decay", options.weightDecay},
                     {"gradient_clip", options.gradientClip},
                     {"permutation_augmentation", options.permutationAugmentation},
                     {"end_to_end", options.endToEnd},
                     {"evaluate_every", options.evaluateEvery},
                     {"patience", options.patience},
                     {"constant_steps", options.constantSteps},
                     {"seed", options.seed},
                     {"head_properties", options.headProperties}};
    return json.dump();
}

std::string optionsDifference(const std::string& wanted, const std::string& found)
{
    const Json a = Json::parse(wanted, nullptr, false);
    const Json b = Json::parse(found, nullptr, false);
    if (!a.is_object() || !b.is_object())
        return "its options cannot be read";
    const Json flatA = a.flatten();
    const Json flatB = b.flatten();
    std::set<std::string> keys;
    for (const Json* flat : {&flatA, &flatB})
        for (const auto& item : flat->items())
            keys.insert(item.key());
    std::vector<std::string> all;
    for (const std::string& key : keys)
        if (const std::string one = valueAt(flatA, key), other = valueAt(flatB, key); one != other)
            all.push_back(fmt::format("{} is {} now and was {}", readable(key), one, other));
    constexpr std::size_t kMost = 4;
    const std::string more = all.size() > kMost ? fmt::format("; and {} more", all.size() - kMost) : "";
    all.resize(std::min(all.size(), kMost));
    return fmt::format("{}{}", fmt::join(all, "; "), more);
}

} // namespace rnnscope::nn
