#include "app/cli/command.h"
#include "app/cli/encode.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/row_list.h"
#include "app/cli/weight_input.h"
#include "core/weights/save.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct ConvertOptions
{
    std::vector<std::string> inputs;
    std::string output;
    WeightOptions weights;
    std::vector<RowRange> rows; ///< empty: all
    std::optional<weights::SaveFormat> to; ///< weight files instead of a zoo
    std::string name; ///< empty: as before
    bool half = false;
    std::size_t sequences = static_cast<std::size_t>(-1);
    bool json = false;
};

std::optional<weights::SaveFormat> formatOf(const fs::path& path)
{
    for (const auto format : {weights::SaveFormat::Safetensors, weights::SaveFormat::Npz})
        if (path.extension() == weights::extension(format))
            return format;
    return {};
}

/// Of what the runs come from, so that encoders that were trained on it know their splits in the copy.
Result<std::string> originFor(const zoo::Zoo& zoo)
{
    if (auto known = zoo::originOf(zoo.provenance); !known.empty() || zoo.property("run") == nullptr)
        return known;
    return fingerprintOf(zoo);
}

Result<void> writeZoo(const ConvertOptions& options, const zoo::Zoo& zoo, const std::vector<std::size_t>& rows,
                      Context& context)
{
    zoo::Zoo from = zoo;
    if (!options.name.empty())
        from.name = options.name;
    if (auto writable = checkOutput(options.output, {options.inputs.begin(), options.inputs.end()}); !writable)
        return writable;
    const auto origin = originFor(zoo);
    if (!origin)
        return forward(origin);
    context.interrupt.willWrite(options.output);
    const zoo::WriteZooOptions how {.halfParameters = options.half || from.parameters->isHalf(),
                                    .rolloutSequences = options.sequences,
                                    .rows = options.rows.empty() ? std::vector<std::size_t> {} : rows,
                                    .provenance = provenance(context.commandLine, {}, from.provenance, *origin)};
    const auto written = zoo::writeZoo(from, options.output, how, context.progress, context.interrupt.token());
    if (!written)
        return tl::make_unexpected(naming(options.output, written.error()));
    const bool rollouts = from.rollouts && options.sequences > 0;
    if (options.json)
        printJson({{"input", options.inputs.front()},
                   {"output", options.output},
                   {"networks", rows.size()},
                   {"parameters", from.architecture.parameterCount()},
                   {"precision", how.halfParameters ? "float16" : "float32"},
                   {"properties", from.properties.size()},
                   {"rollouts", rollouts}});
    else
        print(fmt::format("{}: {} networks ({}) with {} properties{}\n", options.output, rows.size(),
                          from.architecture.description(), from.properties.size(),
                          rollouts ? " and their roll-outs" : ""));
    return {};
}

void reportFiles(const ConvertOptions& options, const zoo::Zoo& zoo, std::size_t networks,
                 const std::vector<fs::path>& files)
{
    if (!options.json) {
        print(fmt::format("{}: {} ({})\n", options.output,
                          networks == 1 ? "1 network" : fmt::format("{} networks", networks),
                          zoo.architecture.description()));
        return;
    }
    nlohmann::json names = nlohmann::json::array();
    for (const fs::path& file : files)
        names.push_back(file.string());
    printJson({{"input", options.inputs.front()}, {"output", options.output}, {"files", names}});
}

/// One network as the file that -o names.
Result<void> writeNetwork(const ConvertOptions& options, const zoo::Zoo& zoo, std::size_t row,
                          weights::SaveFormat format, Context& context)
{
    if (auto writable = checkOutput(options.output, {options.inputs.begin(), options.inputs.end()}); !writable)
        return writable;
    context.interrupt.willWrite(options.output);
    std::vector<float> parameters(zoo.architecture.parameterCount());
    if (auto read = zoo.parameters->read(row, 1, parameters); !read)
        return tl::make_unexpected(naming(zoo.path.string(), read.error()));
    if (auto saved = weights::saveNetwork(zoo.architecture, parameters, options.output, format); !saved)
        return tl::make_unexpected(naming(options.output, saved.error()));
    reportFiles(options, zoo, 1, {options.output});
    return {};
}

Result<void> writeNetworks(const ConvertOptions& options, const zoo::Zoo& zoo, const std::vector<std::size_t>& rows,
                           Context& context)
{
    std::error_code status;
    if (fs::exists(options.output, status) && !fs::is_directory(options.output, status))
        return fail(Errc::Io,
                    fmt::format("cannot write {}: several networks need a folder, and it is a file", options.output));
    const auto saved
        = weights::saveNetworks(zoo, rows, options.output, *options.to, context.progress, context.interrupt.token());
    if (!saved)
        return tl::make_unexpected(naming(options.output, saved.error()));
    reportFiles(options, zoo, rows.size(), *saved);
    return {};
}

Result<void> runConvert(const ConvertOptions& options, Context& context)
{
    const auto zoo = openZooInput(options.inputs, options.weights, context);
    if (!zoo)
        return forward(zoo);
    const auto rows = rowsIn(options.rows, (*zoo)->size);
    if (!rows)
        return tl::make_unexpected(naming((*zoo)->path.string(), rows.error()));
    const auto single = formatOf(options.output);
    if (!options.to && !single)
        return writeZoo(options, **zoo, *rows, context);
    if (single && options.to.value_or(*single) == *single && rows->size() == 1)
        return writeNetwork(options, **zoo, rows->front(), *single, context);
    if (single)
        return fail(Errc::BadValue,
                    rows->size() == 1
                        ? fmt::format("{} does not end in {}", options.output, weights::extension(*options.to))
                        : fmt::format("{} holds one network, and there are {}: choose one by --rows, or name a folder "
                                      "and --to {}",
                                      options.output, rows->size(), weights::extension(*single).substr(1)));
    return writeNetworks(options, **zoo, *rows, context);
}

void addRowsAndFormat(CLI::App& command, ConvertOptions& options)
{
    const auto rows = [&options](const std::string& text) {
        auto parsed = parseRows(text);
        if (!parsed)
            throw CLI::ValidationError("--rows", parsed.error().message);
        options.rows = *std::move(parsed);
    };
    command.add_option_function<std::string>("--rows", rows, "only these networks, e.g. 0,5-9")->type_name("ROWS");
    const auto format = [&options](const std::string& text) { options.to = formatOf("x." + text); };
    command
        .add_option_function<std::string>("--to", format,
                                          "write a weight file per network into the folder -o instead of a zoo")
        ->check(CLI::IsMember({"safetensors", "npz"}))
        ->type_name("FORMAT");
}

} // namespace

void addConvert(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<ConvertOptions>();
    CLI::App* command = program.add_subcommand(
        "convert", "Write the authors' folder or weight files as an HDF5 zoo, or a zoo's networks as weight files");
    command
        ->add_option("inputs", options->inputs,
                     "the authors' folder or a zoo file, or weight files and folders of them")
        ->required()
        ->type_name("IN");
    addOutput(*command, options->output,
              "the zoo to write (HDF5), a .safetensors or .npz for one network, a folder with --to; existing files are "
              "replaced");
    addWeightOptions(*command, options->weights);
    addRowsAndFormat(*command, *options);
    command->add_option("--name", options->name, "a name for the zoo (default: the one it has)")->type_name("NAME");
    command->add_flag("--half", options->half, "store the parameters as float16");
    command->add_option("--sequences", options->sequences, "roll-outs to keep of every network (default: all)")
        ->type_name("N");
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runConvert(*options, context); }; });
}

} // namespace rnnscope::cli
