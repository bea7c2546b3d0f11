#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/train_config.h"
#include "app/cli/train_session.h"
#include "app/cli/weight_input.h"
#include "core/engine/train_presets.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace rnnscope::cli {

namespace {

struct TrainArguments
{
    std::string zoo;
    WeightOptions weights;
    std::string encoder;
    std::string preset = "paper";
    std::string config;
    std::string output;
    std::string log;
    std::optional<std::size_t> steps;
    std::optional<std::size_t> batch;
    std::optional<double> learningRate;
    std::optional<std::string> criterion;
    std::optional<std::size_t> evaluateEvery;
    std::optional<std::size_t> patience;
    std::optional<std::size_t> constantSteps;
    std::optional<std::uint64_t> seed;
    double checkpointMinutes = 2.0;
    bool endToEnd = false;
    bool resume = false;
    bool half = false;
    DeviceOptions device;
    bool json = false;
};

Result<engine::TrainOptions> trainOptions(const TrainArguments& arguments, zoo::EncoderKind kind, const zoo::Zoo& zoo)
{
    const auto preset = engine::presetFromName(arguments.preset);
    if (!preset)
        return forward(preset);
    engine::TrainOptions options = engine::presetOptions(*preset, kind, zoo);
    if (!arguments.config.empty()) {
        if (auto applied = applyTrainConfig(arguments.config, options); !applied)
            return forward(applied);
        if (const auto fits = zoo::checkFits(options.config, zoo.architecture); !fits)
            return fail(fits.error().code,
                        fmt::format("{} does not fit {}: {}", arguments.config, arguments.zoo, fits.error().message));
    }
    options.steps = arguments.steps.value_or(options.steps);
    options.batch = arguments.batch.value_or(options.batch);
    options.criterion = arguments.criterion.value_or(options.criterion);
    options.evaluateEvery = arguments.evaluateEvery.value_or(options.evaluateEvery);
    options.patience = arguments.patience.value_or(options.patience);
    options.constantSteps = arguments.constantSteps.value_or(options.constantSteps);
    options.seed = arguments.seed.value_or(options.seed);
    options.endToEnd = arguments.endToEnd;
    if (arguments.learningRate) {
        options.finalLearningRate *= *arguments.learningRate / options.learningRate;
        options.learningRate = *arguments.learningRate;
    }
    options.device = arguments.device.device;
    return options;
}

/// Losses of one moment, for people and programs.
struct Losses
{
    double train = std::numeric_limits<double>::quiet_NaN();
    double validation = std::numeric_limits<double>::quiet_NaN();
    double ood = std::numeric_limits<double>::quiet_NaN();
};

Losses keptLosses(const zoo::Checkpoint& checkpoint)
{
    const zoo::TrainingRecord record = checkpoint.training.value_or(zoo::TrainingRecord {});
    const auto best = zoo::bestRow(record);
    if (!best)
        return {};
    return {record.trainLoss[*best], record.validationLoss[*best], record.oodLoss[*best]};
}

std::string text(const Losses& losses)
{
    const auto one = [](double loss) { return std::isnan(loss) ? std::string("–") : fmt::format("{:.4f}", loss); };
    return fmt::format("training {}, validation {}, held out {}", one(losses.train), one(losses.validation),
                       one(losses.ood));
}

nlohmann::json toJson(const Losses& losses)
{
    return {{"train_loss", number(losses.train)},
            {"validation_loss", number(losses.validation)},
            {"ood_loss", number(losses.ood)}};
}

/// How the work went; nothing for a checkpoint that was complete already.
struct Work
{
    std::size_t steps = 0; ///< made now
    double seconds = 0.0; ///< for them

    double rate() const { return seconds > 0.0 ? static_cast<double>(steps) / seconds : 0.0; }
};

void report(const TrainArguments& arguments, const zoo::Checkpoint& checkpoint, const Work& work)
{
    const Losses losses = keptLosses(checkpoint);
    std::vector<std::string> heads;
    for (const zoo::Head& head : checkpoint.heads)
        heads.push_back(head.property);
    if (arguments.json) {
        nlohmann::json json {{"output", arguments.output},
                             {"encoder", zoo::name(checkpoint.config.kind)},
                             {"steps", work.steps},
                             {"seconds", work.seconds},
                             {"steps_per_second", work.rate()},
                             {"heads", heads},
                             {"constant", nullptr}};
        json.update(toJson(losses));
        if (const auto& constant = checkpoint.constant) {
            json["constant"] = toJson(Losses {constant->train, constant->validation, constant->ood});
            json["constant"]["steps"] = constant->steps;
        }
        return printJson(json);
    }
    print(fmt::format("{}: {}, {} steps in {:.1f} s ({:.3g}/s)\n", arguments.output, zoo::title(checkpoint.config.kind),
                      work.steps, work.seconds, work.rate()));
    Table table;
    table.add({"loss", text(losses)});
    if (const auto& constant = checkpoint.constant)
        table.add({"without any information",
                   fmt::format("{} (one constant embedding, {} steps)",
                               text({constant->train, constant->validation, constant->ood}), constant->steps)});
    table.add({"predicts", heads.empty() ? "nothing" : fmt::format("{}", fmt::join(heads, ", "))});
    print(table.text("  "));
}

/// The unfinished checkpoint to go on with; null to start anew.
Result<std::shared_ptr<const zoo::Checkpoint>> unfinishedRun(const TrainArguments& arguments, Context& context)
{
    std::error_code status;
    if (!arguments.resume)
        return nullptr;
    if (!fs::exists(arguments.output, status)) {
        context.progress.note(fmt::format("{} does not exist yet, training starts anew", arguments.output));
        return nullptr;
    }
    return openEncoderInput(arguments.output);
}

Result<void> train(const TrainArguments& arguments, const std::shared_ptr<const zoo::Zoo>& zoo,
                   const engine::TrainOptions& options, const zoo::Checkpoint* unfinished, Context& context)
{
    const auto engine = loadEngine(arguments.device);
    if (!engine)
        return forward(engine);
    const auto named = [&](const std::string& path, const Error& error) -> tl::unexpected<Error> {
        if (error.code == Errc::BadValue || error.code == Errc::BadFormat)
            return tl::make_unexpected(naming(path, error));
        return tl::make_unexpected(error);
    };
    auto run = (*engine)->startTraining(zoo, options, unfinished, context.progress);
    if (!run)
        return named(unfinished != nullptr ? arguments.output : arguments.zoo, run.error());
    TrainSession session(**run, options.steps,
                         {.output = arguments.output,
                          .log = arguments.log,
                          .checkpointSeconds = arguments.checkpointMinutes * 60.0,
                          .half = arguments.half,
                          .seed = options.seed},
                         context);
    const auto trained = session.run();
    if (!trained)
        return named(arguments.zoo, trained.error());
    report(arguments, *trained, {session.stepsMade(), session.trainingSeconds()});
    return {};
}

Result<void> runTrain(const TrainArguments& arguments, Context& context)
{
    const auto kind = zoo::encoderKindFromName(arguments.encoder);
    if (!kind)
        return forward(kind);
    const auto zoo = openZooInput({arguments.zoo}, arguments.weights, context);
    if (!zoo)
        return forward(zoo);
    const auto options = trainOptions(arguments, *kind, **zoo);
    if (!options)
        return forward(options);
    for (const std::string& output : {arguments.output, arguments.log})
        if (!output.empty())
            if (auto writable = checkOutput(output, {arguments.zoo, arguments.config}); !writable)
                return writable;
    const auto unfinished = unfinishedRun(arguments, context);
    if (!unfinished)
        return forward(unfinished);
    if (*unfinished != nullptr && !(*unfinished)->resume) {
        context.progress.note(fmt::format("{} is complete, there is nothing left to train", arguments.output));
        report(arguments, **unfinished, {});
        return {};
    }
    return train(arguments, *zoo, *options, unfinished->get(), context);
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
    command->add_option("--config", options->config, kTrainConfigHelp)->type_name("FILE");
    command->add_option("--steps", options->steps, "training steps")
        ->check(CLI::Range(std::size_t {1}, std::size_t {1} << 32))
        ->type_name("S");
    command->add_option("--batch", options->batch, "networks a step")
        ->check(CLI::Range(std::size_t {1}, std::size_t {1} << 20))
        ->type_name("N");
    command->add_option("--learning-rate", options->learningRate, "at the start; it falls as in the preset")
        ->check(CLI::Range(1e-12, 10.0))
        ->type_name("R");
    command->add_option("--criterion", options->criterion, "loss of the emulation (default: total_variation)")
        ->check(CLI::IsMember(kCriteria))
        ->type_name("NAME");
    command->add_option("--evaluate-every", options->evaluateEvery, "steps between validation losses (default: 250)")
        ->check(CLI::Range(std::size_t {1}, std::size_t {1} << 32))
        ->type_name("S");
    command
        ->add_option("--patience", options->patience,
                     "stop after so many validation losses without a better one (default: 0, never)")
        ->type_name("N");
    command
        ->add_option("--constant-steps", options->constantSteps,
                     "steps of the baseline that knows nothing of the network (default: 1500; 0: none)")
        ->type_name("S");
    command->add_flag("--end-to-end", options->endToEnd, "learn the recorded properties directly, without emulation");
    command->add_option("--seed", options->seed, "of everything random (default: 1)")
        ->check(wholeNumber())
        ->type_name("S");
    command->add_flag("--resume", options->resume, "go on with the unfinished checkpoint that -o names");
    command
        ->add_option("--checkpoint-every", options->checkpointMinutes,
                     "minutes between unfinished checkpoints (default: 2)")
        ->check(CLI::Range(0.0, 1e6))
        ->type_name("MINUTES");
    command->add_option("--log", options->log, "CSV file of the losses: step,train_loss,validation_loss,ood_loss")
        ->type_name("FILE");
    command->add_flag("--half", options->half, "store the tensors as float16");
    addOutput(*command, options->output, "the checkpoint to write; an existing file is replaced");
    addWeightOptions(*command, options->weights);
    addDevice(*command, options->device);
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runTrain(*options, context); }; });
}

} // namespace rnnscope::cli
