#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "core/weights/encoder_state.h"
#include "core/weights/load.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

using Json = nlohmann::json;

struct ImportOptions
{
    std::string input;
    std::string output;
    std::string encoder; ///< empty: worked out
    std::string config; ///< a file; empty: none
    std::string rnn; ///< empty: worked out
    bool half = false;
    bool json = false;
};

/// --rnn as the config's "rnn"; what it leaves out stays open.
Json rnnJson(const weights::RnnSizes& sizes)
{
    Json rnn = Json::object();
    if (sizes.cell)
        rnn["cell"] = zoo::name(*sizes.cell);
    for (const auto& [key, size] : {std::pair {"input_size", sizes.input}, std::pair {"hidden_size", sizes.hidden},
                                    std::pair {"num_layers", sizes.layers}, std::pair {"output_size", sizes.output}})
        if (size)
            rnn[key] = *size;
    if (sizes.bias)
        rnn["bias"] = *sizes.bias;
    return rnn;
}

Result<Json> configOf(const ImportOptions& options)
{
    Json config = Json::object();
    if (!options.config.empty()) {
        const auto text = readText(options.config);
        if (!text)
            return forward(text);
        config = Json::parse(*text, nullptr, false);
        if (!config.is_object())
            return fail(Errc::BadFormat, options.config + " is not a JSON object");
    }
    if (options.rnn.empty())
        return config;
    const auto sizes = weights::parseRnnSizes(options.rnn);
    if (!sizes)
        return forward(sizes);
    if (config.contains("rnn") && !config["rnn"].is_object())
        return fail(Errc::BadFormat, options.config + ": the key 'rnn' is not an object");
    config["rnn"].update(rnnJson(*sizes));
    return config;
}

Result<weights::EncoderChoices> choicesOf(const ImportOptions& options)
{
    weights::EncoderChoices choices;
    if (!options.encoder.empty()) {
        const auto kind = zoo::encoderKindFromName(options.encoder);
        if (!kind)
            return forward(kind);
        choices.kind = *kind;
    }
    const auto config = configOf(options);
    if (!config)
        return forward(config);
    choices.config = config->dump(-1, ' ', false, Json::error_handler_t::replace);
    return choices;
}

/// Does every tensor fit? The engine knows; where there is none, the checkpoint tells when it is first used.
Result<void> checkLoads(const zoo::Checkpoint& checkpoint)
{
    const auto engine = engine::loadEngine();
    if (!engine) {
        printNote("not checked against the engine: " + engine.error().message);
        return {};
    }
    const auto encoder = (*engine)->makeEncoder(checkpoint, {.kind = engine::DeviceChoice::Kind::Cpu});
    if (!encoder)
        return tl::make_unexpected(naming(checkpoint.path.string(), encoder.error()));
    return {};
}

Result<void> runImport(const ImportOptions& options, Context& context)
{
    const auto choices = choicesOf(options);
    if (!choices)
        return forward(choices);
    const auto file = weights::openTensorFile(options.input);
    if (!file)
        return forward(file);
    const auto guess = weights::guessEncoder(**file, *choices);
    if (!guess)
        return forward(guess);
    auto checkpoint = weights::importEncoder(**file, *choices);
    if (!checkpoint)
        return forward(checkpoint);
    if (auto loads = checkLoads(*checkpoint); !loads)
        return loads;
    for (const std::string& note : guess->notes)
        printNote(note);
    if (auto writable = checkOutput(options.output, {options.input}); !writable)
        return writable;
    context.interrupt.willWrite(options.output);
    checkpoint->provenance = provenance(context.commandLine);
    if (auto written = zoo::writeCheckpoint(*checkpoint, options.output, {.half = options.half}); !written)
        return tl::make_unexpected(naming(options.output, written.error()));
    if (options.json)
        printJson({{"input", options.input},
                   {"output", options.output},
                   {"encoder", zoo::name(checkpoint->config.kind)},
                   {"config", zoo::toJson(checkpoint->config)},
                   {"notes", guess->notes}});
    else
        print(fmt::format("{}: {} encoder, embeddings of {} numbers; no predictors (train heads to predict)\n",
                          options.output, zoo::name(checkpoint->config.kind), checkpoint->config.embeddingSize));
    return {};
}

} // namespace

void addImportEncoder(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<ImportOptions>();
    CLI::App* command
        = program.add_subcommand("import-encoder", "Make a checkpoint of an encoder the authors' code has saved");
    command->add_option("state", options->input, "rnn_weight_encoder.pt, a state_dict")
        ->required()
        ->type_name("STATE.pt");
    addOutput(*command, options->output, "the checkpoint to write (HDF5); an existing file is replaced");
    command
        ->add_option("--encoder", options->encoder,
                     "interactive_probing or noninteractive_probing: their tensors are the same")
        ->type_name("NAME");
    command
        ->add_option("--config", options->config,
                     "JSON object with keys of a checkpoint's config that tensors do not tell")
        ->type_name("C.json");
    command->add_option("--rnn", options->rnn, "the networks it reads: cell=lstm,input=6,hidden=32,layers=2,output=6")
        ->type_name("SIZES");
    command->add_flag("--half", options->half, "store the tensors as float16");
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runImport(*options, context); }; });
}

} // namespace rnnscope::cli
