#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/output.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct ConvertOptions
{
    std::string input;
    std::string output;
    std::string name; ///< empty: as before
    bool half = false;
    std::size_t sequences = static_cast<std::size_t>(-1);
    bool json = false;
};

Result<void> runConvert(const ConvertOptions& options, Context& context)
{
    const auto zoo = openZooInput(options.input);
    if (!zoo)
        return forward(zoo);
    zoo::Zoo from = **zoo;
    if (!options.name.empty())
        from.name = options.name;
    const auto writable = checkOutput(options.output, {options.input});
    if (!writable)
        return writable;
    context.interrupt.willWrite(options.output);
    const zoo::WriteZooOptions how {.halfParameters = options.half || from.parameters->isHalf(),
                                    .rolloutSequences = options.sequences,
                                    .rows = {},
                                    .provenance = provenance(context.commandLine, {}, from.provenance)};
    const auto written = zoo::writeZoo(from, options.output, how, context.progress, context.interrupt.token());
    if (!written)
        return tl::make_unexpected(naming(options.output, written.error()));
    if (options.json)
        printJson({{"input", options.input},
                   {"output", options.output},
                   {"networks", from.size},
                   {"parameters", from.architecture.parameterCount()},
                   {"precision", how.halfParameters ? "float16" : "float32"},
                   {"properties", from.properties.size()},
                   {"rollouts", from.rollouts != nullptr && options.sequences > 0}});
    else
        print(fmt::format("{}: {} networks ({}) with {} properties{}\n", options.output, from.size,
                          from.architecture.description(), from.properties.size(),
                          from.rollouts && options.sequences > 0 ? " and their roll-outs" : ""));
    return {};
}

} // namespace

void addConvert(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<ConvertOptions>();
    CLI::App* command = program.add_subcommand("convert", "Write a zoo, e.g. the authors' folder, as an HDF5 zoo");
    command->add_option("input", options->input, "the authors' folder or a zoo file")->required()->type_name("IN");
    addOutput(*command, options->output, "the zoo to write (HDF5); an existing file is replaced");
    command->add_option("--name", options->name, "a name for the zoo (default: the one it has)")->type_name("NAME");
    command->add_flag("--half", options->half, "store the parameters as float16");
    command->add_option("--sequences", options->sequences, "roll-outs to keep of every network (default: all)")
        ->type_name("N");
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runConvert(*options, context); }; });
}

} // namespace rnnscope::cli
