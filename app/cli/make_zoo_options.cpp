#include "app/cli/make_zoo_options.h"

#include <CLI/CLI.hpp>
#include <cmath>

namespace rnnscope::cli {

namespace {

constexpr const char* kFooter
    = "Finished runs are kept in FILE.parts until all are there, so the same command goes on after Ctrl-C, a crash or "
      "a power cut. The same options and seed make the same networks on any number of threads; processors with other "
      "instruction sets round differently.";

void addNetwork(CLI::App& command, making::Recipe& recipe)
{
    const auto cell = [&recipe](const std::string& text) {
        const auto parsed = zoo::cellFromName(text);
        if (!parsed)
            throw CLI::ValidationError("--cell", parsed.error().message);
        recipe.cell = *parsed;
    };
    command.add_option_function<std::string>("--cell", cell, "lstm (default), gru, rnn_tanh")
        ->check(CLI::IsMember({"lstm", "gru", "rnn_tanh"}))
        ->type_name("NAME");
    command.add_option("--hidden", recipe.hidden, "hidden units a layer (default: 32)")
        ->check(wholeNumber())
        ->type_name("H");
    command.add_option("--layers", recipe.layers, "recurrent layers (default: 2)")
        ->check(wholeNumber())
        ->type_name("L");
}

void addTraining(CLI::App& command, making::Recipe& recipe, const char* weightDecay)
{
    command.add_option("--runs", recipe.runs, "networks to train, each with a task of its own")
        ->required()
        ->check(wholeNumber())
        ->type_name("R");
    command.add_option("--steps", recipe.steps, "the last step, always a snapshot (default: 20000)")
        ->check(wholeNumber())
        ->type_name("S");
    command
        .add_option("--snapshots", recipe.snapshots,
                    "steps at which networks are kept (default: 0,100,200,500,1000,2000,5000,10000,20000); those "
                    "beyond --steps are left out")
        ->delimiter(',')
        ->check(wholeNumber())
        ->type_name("S,S,…");
    command.add_option("--batch", recipe.batch, "sequences an update (default: 32)")
        ->check(wholeNumber())
        ->type_name("N");
    command
        .add_option("--learning-rate", recipe.learningRate,
                    "at step 0 (default: 0.01); falls to 0.3 of it at step 10000 and 0.03 at 20000")
        ->type_name("R");
    command.add_option("--weight-decay", recipe.weightDecay, weightDecay)->type_name("W");
}

void addZoo(CLI::App& command, MakeZooArguments& arguments)
{
    making::Recipe& recipe = arguments.recipe;
    command.add_option("--sequences", recipe.sequences, "roll-outs to keep of every network (default: 100)")
        ->check(wholeNumber())
        ->type_name("S");
    command.add_option("--seed", recipe.seed, "of everything random (default: 1)")
        ->check(wholeNumber())
        ->type_name("S");
    command.add_option("--name", recipe.name, "a name for the zoo (default: as the authors name theirs)")
        ->type_name("NAME");
    command.add_flag("--half", recipe.half, "store the parameters as float16; their properties are measured before");
    command.add_flag("--force", arguments.force,
                     "make a zoo that is there already again, and throw away runs that were made with other options");
    addOutput(command, arguments.output, "the zoo to write (HDF5)");
    addDevice(command, arguments.device);
    addJson(command, arguments.json);
    command.footer(kFooter);
}

} // namespace

CLI::App* addFormalLanguages(CLI::App& command, MakeZooArguments& arguments)
{
    making::Recipe& recipe = arguments.recipe;
    recipe.family = zoo::TaskFamily::FormalLanguage;
    CLI::App* made = command.add_subcommand(
        "formal-languages", "Networks that write the strings a^n b^(n+m1) c^(n+m2) … of one language each");
    addTraining(*made, recipe, "weight decay of the optimiser (default: 0.0001)");
    addNetwork(*made, recipe);
    made->add_option("--letters", arguments.letters, "letters of the alphabet (default: 4)")
        ->check(wholeNumber())
        ->type_name("V");
    made->add_option("--task", recipe.language.task,
                     "one language for all runs, e.g. 0,1,-2,2 (default: drawn, differences from -3 to 2)")
        ->delimiter(',')
        ->type_name("0,M,M,…");
    made->add_option("--max-n", recipe.language.maxN,
                     "trained on n below this (default: 10), tried on n from it to twice as much")
        ->check(wholeNumber())
        ->type_name("N");
    made->add_option("--length", recipe.language.length, "tokens of a sequence with its begin (default: 42)")
        ->check(wholeNumber())
        ->type_name("T");
    made->add_option("--samples", recipe.language.samples,
                     "strings drawn from each network to measure its accuracy (default: 1000)")
        ->check(wholeNumber())
        ->type_name("N");
    addZoo(*made, arguments);
    return made;
}

CLI::App* addSequentialMnist(CLI::App& command, MakeZooArguments& arguments)
{
    making::Recipe& recipe = arguments.recipe;
    recipe.family = zoo::TaskFamily::SequentialMnist;
    CLI::App* made = command.add_subcommand("sequential-mnist",
                                            "Networks that read digits tile by tile, turned by one angle each");
    made->add_option("--mnist", arguments.mnist,
                     "folder with the digits: train-images-idx3-ubyte and train-labels-idx1-ubyte, as they are or with "
                     ".gz; those of Fashion-MNIST will do")
        ->required()
        ->type_name("DIR");
    addTraining(*made, recipe, "weight decay of the optimiser (default: drawn of 0, 0.001, 0.01 and 0.1)");
    addNetwork(*made, recipe);
    made->add_option("--angle", recipe.mnist.angle, "degrees, for all runs (default: drawn)")->type_name("DEG");
    made->add_option("--tile", recipe.mnist.tileSide, "pixels a side of a tile, 1, 2, 4 (default), 7, 14 or 28")
        ->check(wholeNumber())
        ->type_name("N");
    made->add_option("--eval-digits", recipe.mnist.mostDigits,
                     "training and held-out digits to measure accuracy and losses by, at most (default: 13000)")
        ->check(wholeNumber())
        ->type_name("N");
    addZoo(*made, arguments);
    return made;
}

void settle(MakeZooArguments& arguments)
{
    making::LanguageRecipe& language = arguments.recipe.language;
    language.letters = arguments.letters.value_or(language.task.empty() ? language.letters : language.task.size());
    if (const auto valid = making::validate(arguments.recipe); !valid)
        throw CLI::ValidationError("make-zoo", valid.error().message);
    constexpr double kFullTurn = 360.0;
    if (auto& angle = arguments.recipe.mnist.angle) // 450 and 90 are one task
        angle = *angle - kFullTurn * std::floor(*angle / kFullTurn);
}

} // namespace rnnscope::cli
