#include "ui/models/training_resume.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rnnscope::ui {

namespace {

using Json = nlohmann::json;

Result<engine::TrainOptions> optionsFrom(const Json& json)
{
    engine::TrainOptions options;
    const auto kind = zoo::encoderKindFromName(json.at("kind").get<std::string>());
    if (!kind)
        return forward(kind);
    auto config = zoo::encoderConfigFromJson(*kind, json.at("encoder"));
    if (!config)
        return forward(config);
    options.config = std::move(*config);
    const Json& emulator = json.at("emulator");
    options.emulator = {.hiddenSize = emulator.at("hidden_size").get<int>(),
                        .numLayers = emulator.at("num_layers").get<int>(),
                        .onlyConditionBos = emulator.at("only_condition_bos").get<bool>()};
    json.at("criterion").get_to(options.criterion);
    json.at("steps").get_to(options.steps);
    json.at("batch").get_to(options.batch);
    json.at("learning_rate").get_to(options.learningRate);
    json.at("final_learning_rate").get_to(options.finalLearningRate);
    json.at("weight_decay").get_to(options.weightDecay);
    json.at("gradient_clip").get_to(options.gradientClip);
    json.at("permutation_augmentation").get_to(options.permutationAugmentation);
    json.at("end_to_end").get_to(options.endToEnd);
    json.at("evaluate_every").get_to(options.evaluateEvery);
    json.at("patience").get_to(options.patience);
    json.at("constant_steps").get_to(options.constantSteps);
    json.at("seed").get_to(options.seed);
    json.at("head_properties").get_to(options.headProperties);
    return options;
}

} // namespace

Result<engine::TrainOptions> resumeOptions(const zoo::Checkpoint& unfinished)
{
    const auto name = unfinished.path.filename().string();
    if (!unfinished.resume)
        return fail(Errc::NotFound, fmt::format("{} is a finished training", name));
    try {
        return optionsFrom(Json::parse(unfinished.resume->options));
    } catch (const std::exception& error) {
        return fail(Errc::BadFormat, fmt::format("the options of the unfinished training {} cannot be read", name),
                    error.what());
    }
}

Result<TrainingPlan> planToGoOn(const std::shared_ptr<const zoo::Checkpoint>& unfinished,
                                const std::vector<std::shared_ptr<const zoo::Zoo>>& zoos,
                                const std::shared_ptr<const zoo::Zoo>& preferred)
{
    auto options = resumeOptions(*unfinished);
    if (!options)
        return forward(options);
    const auto usable = [&](const std::shared_ptr<const zoo::Zoo>& zoo) {
        return zoo && whyNotTrainable(*zoo).isEmpty() && zoo::checkFits(options->config, zoo->architecture);
    };
    auto zoo = usable(preferred) ? preferred : nullptr;
    if (const auto found = std::find_if(zoos.begin(), zoos.end(), usable); !zoo && found != zoos.end())
        zoo = *found;
    if (!zoo)
        return fail(
            Errc::NotFound,
            fmt::format("open the zoo that {} was trained on to go on with it", unfinished->path.filename().string()));
    return TrainingPlan {
        .zoo = zoo, .options = std::move(*options), .unfinished = unfinished, .output = unfinished->path};
}

} // namespace rnnscope::ui
