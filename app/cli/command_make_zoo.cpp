#include "app/cli/command.h"
#include "app/cli/make_zoo_options.h"
#include "app/cli/output.h"
#include "core/base/threads.h"
#include "core/engine/loader.h"
#include "core/making/language_family.h"
#include "core/making/make_zoo.h"
#include "core/making/mnist_family.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

int threadsOf(const DeviceOptions& options)
{
    return options.threads > 0 ? options.threads : availableCores();
}

/// Where the networks learn, and what the recipe calls it.
struct Place
{
    std::string device;
    rnn::TrainerKind trainers;
};

Result<Place> gpu(engine::DeviceChoice choice)
{
    const auto engine = engine::loadEngine();
    if (!engine)
        return forward(engine);
    auto trainers = (*engine)->networkTrainers(choice);
    if (!trainers)
        return forward(trainers);
    trainers->make = [engine = *engine, make = trainers->make](const rnn::Shape& shape, std::span<const float> first) {
        return make(shape, first); // the engine must outlive what it has made
    };
    return Place {"cuda", std::move(*trainers)};
}

/// One network a core is faster than batched products on a CPU, so the engine is asked for GPUs only.
Result<Place> placeFor(const DeviceOptions& options, Progress& progress)
{
    using Kind = engine::DeviceChoice::Kind;
    if (options.device.kind == Kind::Cuda)
        return gpu(options.device);
    if (options.device.kind == Kind::Auto && engine::hasGpu()) {
        auto place = gpu({.kind = Kind::Cuda});
        if (place)
            return place;
        progress.note(fmt::format("networks learn on the CPU: {}", place.error().message));
    }
    return Place {"cpu", rnn::cpuTrainers(threadsOf(options))};
}

void report(const MakeZooArguments& arguments, const making::Made& made)
{
    const making::Recipe& recipe = arguments.recipe;
    const double rate = made.trainingSeconds > 0.0 ? static_cast<double>(made.updates) / made.trainingSeconds : 0.0;
    const auto steps = making::snapshotSteps(recipe);
    if (arguments.json)
        return printJson({{"output", arguments.output},
                          {"networks", made.networks},
                          {"runs", recipe.runs},
                          {"already_complete", made.already},
                          {"runs_made", made.runs},
                          {"updates", made.updates},
                          {"updates_per_second", rate},
                          {"training_seconds", made.trainingSeconds},
                          {"seconds", made.seconds},
                          {"first_step", steps.front()},
                          {"last_step", steps.back()},
                          {"first_accuracy", number(made.firstAccuracy)},
                          {"last_accuracy", number(made.lastAccuracy)}});
    print(fmt::format("{}: {} networks ({}) of {} {}\n", arguments.output, made.networks,
                      making::architectureOf(recipe).description(), recipe.runs, recipe.runs == 1 ? "run" : "runs"));
    Table table;
    table.add({"mean accuracy",
               fmt::format("{:.3f} at step {}, {:.3f} at step {}", made.firstAccuracy, steps.front(), made.lastAccuracy,
                           steps.back())});
    if (!made.already)
        table.add(
            {"made now",
             fmt::format("{} {}, {} updates in {:.1f} s ({:.4g}/s), {:.1f} s in all", made.runs,
                         made.runs == 1 ? "run" : "runs", made.updates, made.trainingSeconds, rate, made.seconds)});
    print(table.text("  "));
}

Result<void> make(const MakeZooArguments& arguments, const making::Family& family, const std::string& data,
                  Context& context)
{
    if (auto writable = checkOutput(arguments.output, {}); !writable)
        return writable;
    const auto place = placeFor(arguments.device, context.progress);
    if (!place)
        return forward(place);
    making::Recipe recipe = arguments.recipe;
    recipe.device = place->device;
    context.interrupt.willWrite(arguments.output);
    const making::MakeOptions options {
        .output = arguments.output,
        .threads = threadsOf(arguments.device),
        .force = arguments.force,
        .data = data,
        .provenance = nlohmann::json::parse(provenance(context.commandLine, arguments.recipe.seed)),
        .farewell = [&context](const std::string& note) { context.interrupt.farewell(note); }};
    const auto made
        = making::makeZoo(recipe, family, place->trainers, options, context.progress, context.interrupt.token());
    if (!made)
        return tl::make_unexpected(made.error().code == Errc::Cancelled ? made.error()
                                                                        : naming(arguments.output, made.error()));
    if (made->already)
        context.progress.note(fmt::format("{} is complete, there is nothing left to make", arguments.output));
    report(arguments, *made);
    return {};
}

Result<void> makeLanguages(const MakeZooArguments& arguments, Context& context)
{
    return make(arguments, *making::languageFamily(arguments.recipe), {}, context);
}

Result<void> makeMnist(const MakeZooArguments& arguments, Context& context)
{
    const auto digits = making::readDigits(arguments.mnist);
    if (!digits)
        return tl::make_unexpected(naming(arguments.mnist, digits.error()));
    return make(arguments, *making::mnistFamily(arguments.recipe, *digits), (*digits)->fingerprint, context);
}

} // namespace

void addMakeZoo(CLI::App& program, Action& chosen)
{
    CLI::App* command = program.add_subcommand("make-zoo", "Train a zoo of networks of your own");
    command->require_subcommand(1);
    const auto languages = std::make_shared<MakeZooArguments>();
    addFormalLanguages(*command, *languages)->callback([languages, &chosen] {
        settle(*languages);
        chosen = [languages](Context& context) { return makeLanguages(*languages, context); };
    });
    const auto mnist = std::make_shared<MakeZooArguments>();
    addSequentialMnist(*command, *mnist)->callback([mnist, &chosen] {
        settle(*mnist);
        chosen = [mnist](Context& context) { return makeMnist(*mnist, context); };
    });
}

} // namespace rnnscope::cli
