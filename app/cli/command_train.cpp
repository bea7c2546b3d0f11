#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/output.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace rnnscope::cli {

namespace {

struct TrainArguments
{
    std::string zoo;
    std::string encoder;
    std::string preset = "paper";
    std::string config;
    std::string output;
    std::optional<std::size_t> steps;
    std::optional<std::size_t> batch;
    std::optional<double> learningRate;
    std::uint64_t seed = 1;
    bool half = false;
    DeviceOptions device;
    bool json = false;
};

/// Of the paper, section 5, or of the preset for laptops.
engine::TrainOptions presetOptions(const std::string& preset, zoo::EncoderKind kind, const zoo::Zoo& zoo)
{
    const bool compact = preset == "compact";
    engine::TrainOptions options;
    options.config = compact ? zoo::compactConfig(kind, zoo.architecture, zoo.family)
                             : zoo::paperConfig(kind, zoo.architecture, zoo.family);
    if (compact) {
        options.emulator.hiddenSize = 128;
    } else {
        options.steps = 100000;
        options.learningRate = 1e-4;
        options.finalLearningRate = 1e-4;
    }
    options.permutationAugmentation = kind == zoo::EncoderKind::Flat || kind == zoo::EncoderKind::ParameterTransformer;
    return options;
}

/// `base` with the keys that the file at `path` gives instead.
Result<zoo::EncoderConfig> readConfig(const std::string& path, const zoo::EncoderConfig& base)
{
    const auto text = readText(path);
    if (!text)
        return tl::make_unexpected(naming(path, text.error()));
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_discarded() || !json.is_object())
        return fail(Errc::BadFormat, fmt::format("{} is not a JSON object with an encoder's settings", path));
    nlohmann::json merged = zoo::toJson(base);
    for (const auto& [key, value] : json.items()) {
        if (key == "encoder" && value == zoo::name(base.kind))
            continue;
        if (!merged.contains(key))
            return fail(Errc::BadFormat,
                        fmt::format("{}: an encoder {} has no setting '{}'", path, zoo::name(base.kind), key));
        merged[key] = value;
    }
    auto config = zoo::encoderConfigFromJson(base.kind, merged);
    if (!config)
        return tl::make_unexpected(naming(path, config.error()));
    return config;
}

Result<engine::TrainOptions> trainOptions(const TrainArguments& arguments, zoo::EncoderKind kind, const zoo::Zoo& zoo)
{
    engine::TrainOptions options = presetOptions(arguments.preset, kind, zoo);
    if (!arguments.config.empty()) {
        auto config = readConfig(arguments.config, options.config);
        if (!config)
            return forward(config);
        options.config = *std::move(config);
        const auto fits = zoo::checkFits(options.config, zoo.architecture);
        if (!fits)
            return fail(fits.error().code,
                        fmt::format("{} does not fit {}: {}", arguments.config, arguments.zoo, fits.error().message));
    }
    options.steps = arguments.steps.value_or(options.steps);
    options.batch = arguments.batch.value_or(options.batch);
    if (arguments.learningRate) {
        options.finalLearningRate *= *arguments.learningRate / options.learningRate;
        options.learningRate = *arguments.learningRate;
    }
    options.seed = arguments.seed;
    options.device = arguments.device.device;
    return options;
}

/// What training says of itself, and how this program was called.
std::string trainingProvenance(const std::string& recorded, const Context& context, std::uint64_t seed)
{
    auto json = nlohmann::json::parse(recorded, nullptr, false);
    if (!json.is_object())
        json = nlohmann::json::object();
    json.update(nlohmann::json::parse(provenance(context.commandLine, seed)));
    return json.dump();
}

double last(const std::vector<double>& losses)
{
    const auto found = std::find_if(losses.rbegin(), losses.rend(), [](double loss) { return !std::isnan(loss); });
    return found == losses.rend() ? std::numeric_limits<double>::quiet_NaN() : *found;
}

void report(const TrainArguments& arguments, const zoo::Checkpoint& checkpoint, std::size_t steps, double seconds)
{
    const zoo::TrainingRecord record = checkpoint.training.value_or(zoo::TrainingRecord {});
    std::vector<std::string> heads;
    for (const zoo::Head& head : checkpoint.heads)
        heads.push_back(head.property);
    if (arguments.json)
        return printJson({{"output", arguments.output},
                          {"encoder", zoo::name(checkpoint.config.kind)},
                          {"steps", steps},
                          {"seconds", seconds},
                          {"train_loss", number(last(record.trainLoss))},
                          {"validation_loss", number(last(record.validationLoss))},
                          {"ood_loss", number(last(record.oodLoss))},
                          {"heads", heads}});
    print(fmt::format("{}: {}, {} steps in {:.1f} s; loss: training {:.4f}, validation {:.4f}, held out {:.4f}; "
                      "predicts {}\n",
                      arguments.output, zoo::title(checkpoint.config.kind), steps, seconds, last(record.trainLoss),
                      last(record.validationLoss), last(record.oodLoss),
                      heads.empty() ? "nothing" : fmt::format("{}", fmt::join(heads, ", "))));
}

Result<void> runTrain(const TrainArguments& arguments, Context& context)
{
    const auto kind = zoo::encoderKindFromName(arguments.encoder);
    if (!kind)
        return forward(kind);
    const auto zoo = openZooInput(arguments.zoo);
    if (!zoo)
        return forward(zoo);
    const auto options = trainOptions(arguments, *kind, **zoo);
    if (!options)
        return forward(options);
    if (auto writable = checkOutput(arguments.output, {arguments.zoo, arguments.config}); !writable)
        return writable;
    const auto engine = loadEngine(arguments.device);
    if (!engine)
        return forward(engine);
    const auto start = std::chrono::steady_clock::now();
    auto trained = (*engine)->train(**zoo, *options, context.progress, context.interrupt.token());
    if (!trained)
        return trained.error().code == Errc::BadValue || trained.error().code == Errc::BadFormat
            ? tl::make_unexpected(naming(arguments.zoo, trained.error()))
            : tl::make_unexpected(trained.error());
    trained->provenance = trainingProvenance(trained->provenance, context, arguments.seed);
    context.interrupt.willWrite(arguments.output);
    if (const auto written = zoo::writeCheckpoint(*trained, arguments.output, {.half = arguments.half}); !written)
        return tl::make_unexpected(naming(arguments.output, written.error()));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    report(arguments, *trained, options->steps, seconds.count());
    return {};
}

} // namespace

void addTrain(CLI::App& program, Action& chosen)
{
    std::vector<std::string> encoders;
    for (const zoo::EncoderKind kind : zoo::allEncoderKinds())
        encoders.emplace_back(zoo::name(kind));
    const auto options = std::make_shared<TrainArguments>();
    CLI::App* command = program.add_subcommand("train", "Train an encoder, and predictors of every recorded property");
    command->add_option("zoo", options->zoo, "a zoo folder or zoo file with roll-outs")->required()->type_name("ZOO");
    command->add_option("--encoder", options->encoder, fmt::format("{}", fmt::join(encoders, ", ")))
        ->required()
        ->check(CLI::IsMember(encoders))
        ->type_name("NAME");
    command->add_option("--preset", options->preset, "sizes and schedule: paper (default) or compact, for laptops")
        ->check(CLI::IsMember({"paper", "compact"}))
        ->type_name("NAME");
    command->add_option("--config", options->config, "JSON file with settings of the encoder that replace the preset's")
        ->type_name("FILE");
    command->add_option("--steps", options->steps, "training steps")
        ->check(CLI::Range(std::size_t {1}, std::size_t {1} << 32))
        ->type_name("S");
    command->add_option("--batch", options->batch, "networks a step")
        ->check(CLI::Range(std::size_t {1}, std::size_t {1} << 20))
        ->type_name("N");
    command->add_option("--learning-rate", options->learningRate, "at the start; it falls as in the preset")
        ->check(CLI::Range(1e-12, 10.0))
        ->type_name("R");
    command->add_option("--seed", options->seed, "of everything random (default: 1)")->type_name("S");
    command->add_flag("--half", options->half, "store the tensors as float16");
    addOutput(*command, options->output, "the checkpoint to write; an existing file is replaced");
    addDevice(*command, options->device);
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runTrain(*options, context); }; });
}

} // namespace rnnscope::cli
