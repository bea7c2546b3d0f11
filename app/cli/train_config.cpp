#include "app/cli/train_config.h"

#include "app/cli/options.h"
#include "core/base/file.h"

#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

using Json = nlohmann::json;
/// Takes a setting's value; false when it is of the wrong type or out of range.
using Setter = std::function<bool(const Json&)>;
using Setters = std::map<std::string, Setter>;

Setter size(std::size_t& target)
{
    return [&target](const Json& value) {
        return value.is_number_unsigned() && (target = value.get<std::size_t>(), true);
    };
}

Setter positive(int& target)
{
    return [&target](const Json& value) {
        constexpr int kLargest = 1 << 14;
        return value.is_number_unsigned() && value >= 1 && value <= kLargest && (target = value.get<int>(), true);
    };
}

Setter real(double& target)
{
    return [&target](const Json& value) { return value.is_number() && (target = value.get<double>(), true); };
}

Setter truth(bool& target)
{
    return [&target](const Json& value) { return value.is_boolean() && (target = value.get<bool>(), true); };
}

Setter text(std::string& target)
{
    return [&target](const Json& value) { return value.is_string() && (target = value.get<std::string>(), true); };
}

Setters emulatorSettings(zoo::EmulatorConfig& emulator)
{
    return {{"hidden_size", positive(emulator.hiddenSize)},
            {"num_layers", positive(emulator.numLayers)},
            {"only_condition_bos", truth(emulator.onlyConditionBos)}};
}

Setters trainingSettings(engine::TrainOptions& options)
{
    return {{"steps", size(options.steps)},
            {"batch", size(options.batch)},
            {"learning_rate", real(options.learningRate)},
            {"final_learning_rate", real(options.finalLearningRate)},
            {"weight_decay", real(options.weightDecay)},
            {"gradient_clip", real(options.gradientClip)},
            {"permutation_augmentation", truth(options.permutationAugmentation)},
            {"criterion", text(options.criterion)},
            {"evaluate_every", size(options.evaluateEvery)},
            {"patience", size(options.patience)},
            {"constant_steps", size(options.constantSteps)},
            {"seed", size(options.seed)}};
}

Result<void> apply(const std::string& path, const std::string& section, const Json& json, const Setters& setters)
{
    if (!json.is_object())
        return fail(Errc::BadFormat, fmt::format("{}: \"{}\" is not an object with settings", path, section));
    for (const auto& [key, value] : json.items()) {
        const auto setter = setters.find(key);
        if (setter == setters.end())
            return fail(Errc::BadFormat, fmt::format("{}: \"{}\" has no setting '{}'", path, section, key));
        if (!setter->second(value))
            return fail(Errc::BadFormat,
                        fmt::format("{}: the setting '{}' of \"{}\" cannot be {}", path, key, section,
                                    value.dump().substr(0, 40)));
    }
    return {};
}

Result<void> applyEncoder(const std::string& path, const Json& json, zoo::EncoderConfig& config)
{
    if (!json.is_object())
        return fail(Errc::BadFormat, fmt::format("{}: \"encoder\" is not an object with settings", path));
    Json merged = zoo::toJson(config);
    for (const auto& [key, value] : json.items()) {
        if (key == "encoder" && value == zoo::name(config.kind))
            continue;
        if (!merged.contains(key))
            return fail(Errc::BadFormat,
                        fmt::format("{}: an encoder {} has no setting '{}'", path, zoo::name(config.kind), key));
        merged[key] = value;
    }
    auto made = zoo::encoderConfigFromJson(config.kind, merged);
    if (!made)
        return tl::make_unexpected(naming(path, made.error()));
    config = *std::move(made);
    return {};
}

/// "encoder" may also be the name of the encoder in an object of its settings.
bool hasSections(const Json& json)
{
    const auto isObject = [&](const char* key) { return json.contains(key) && json[key].is_object(); };
    return isObject("encoder") || json.contains("emulator") || json.contains("training");
}

} // namespace

Result<void> applyTrainConfig(const std::string& path, engine::TrainOptions& options)
{
    const auto content = readText(path);
    if (!content)
        return tl::make_unexpected(naming(path, content.error()));
    const Json json = Json::parse(*content, nullptr, false);
    if (!json.is_object())
        return fail(Errc::BadFormat, fmt::format("{} is not a JSON object with settings", path));
    if (!hasSections(json))
        return applyEncoder(path, json, options.config);
    for (const auto& [section, settings] : json.items()) {
        Result<void> applied;
        if (section == "encoder")
            applied = applyEncoder(path, settings, options.config);
        else if (section == "emulator")
            applied = apply(path, section, settings, emulatorSettings(options.emulator));
        else if (section == "training")
            applied = apply(path, section, settings, trainingSettings(options));
        else
            applied = fail(Errc::BadFormat,
                           fmt::format("{} has no section \"{}\", only encoder, emulator and training", path, section));
        if (!applied)
            return applied;
    }
    return {};
}

} // namespace rnnscope::cli
