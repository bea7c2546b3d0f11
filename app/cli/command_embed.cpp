#include "app/cli/command.h"
#include "app/cli/encode.h"
#include "app/cli/output.h"
#include "app/cli/weight_input.h"
#include "core/base/threads.h"
#include "core/prediction/embedding_file.h"
#include "core/projection/map_kind.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>

namespace rnnscope::cli {

namespace {

struct EmbedOptions
{
    std::string zoo;
    std::string encoder;
    std::string output;
    std::optional<projection::MapKind> project;
    bool traces = false;
    bool predict = false;
    WeightOptions weights;
    double level = 0.9;
    bool strict = false;
    engine::Precision precision = engine::Precision::Float32;
    DeviceOptions device;
    bool json = false;

    bool isCsv() const { return fs::path(output).extension() == ".csv"; }
};

std::string checkName(const std::string& path)
{
    const std::string extension = fs::path(path).extension().string();
    if (extension == ".h5" || extension == ".hdf5" || extension == ".csv")
        return {};
    return fmt::format("the output '{}' does not end in .h5, .hdf5 or .csv", path);
}

/// What was asked for and cannot be had, while the rest can.
void noteWhatIsLeftOut(const EmbedOptions& options, const zoo::Checkpoint& checkpoint, Progress& progress)
{
    if (options.traces && !checkpoint.config.probing())
        progress.note(fmt::format("{} has no probes, so there are no traces", options.encoder));
    else if (options.traces && options.isCsv())
        progress.note("traces do not fit into a CSV file and are left out");
    if (options.predict && checkpoint.heads.empty())
        progress.note(fmt::format("{} holds no predictors, so there are no predictions", options.encoder));
}

prediction::TraceView view(const engine::Traces& traces)
{
    return {.steps = traces.steps,
            .parallel = traces.parallel,
            .inputSize = traces.inputSize,
            .outputSize = traces.outputSize,
            .inputs = traces.inputs,
            .outputs = traces.outputs};
}

/// What came of embedding, beside what is in the file.
struct Embedded
{
    prediction::EmbeddingSummary summary;
    std::optional<Deviation> deviation; ///< where not in float32
};

void report(const EmbedOptions& options, const zoo::Zoo& zoo, const Embedded& embedded,
            const engine::DeviceInfo& device)
{
    const auto& [summary, deviation] = embedded;
    const double rate = static_cast<double>(zoo.size) / std::max(summary.seconds, 1e-9);
    if (options.json) {
        nlohmann::json result {{"output", options.output},
                               {"zoo", options.zoo},
                               {"encoder", options.encoder},
                               {"networks", zoo.size},
                               {"failed", summary.failed},
                               {"device", device.name},
                               {"device_description", device.description},
                               {"seconds", summary.seconds},
                               {"networks_per_second", rate}};
        if (deviation)
            result["deviation_from_fp32"]
                = {{"networks", deviation->networks}, {"mean", deviation->mean}, {"largest", deviation->largest}};
        return printJson(result);
    }
    print(fmt::format("{}: {} networks embedded in {:.3g} s ({:.4g}/s) on {}\n", options.output,
                      zoo.size - summary.failed.size(), summary.seconds, rate, device.description));
    if (deviation)
        print(fmt::format("{}: {:.2g} from the embedding in fp32 on average, at most {:.2g} ({} networks)\n",
                          engine::name(options.precision), deviation->mean, deviation->largest, deviation->networks));
}

Result<Matrix> layOut(const EmbedOptions& options, const Matrix& embedding, Context& context)
{
    constexpr std::uint64_t kSeed = 1;
    const int threads = options.device.threads > 0 ? options.device.threads : availableCores();
    const std::stop_token stop = context.interrupt.token();
    context.progress.begin("finding neighbours", embedding.rows);
    auto layout = projection::startMap(*options.project, embedding, kSeed, threads, stop,
                                       [&](std::size_t points) { context.progress.update(points); });
    if (!layout)
        return forward(layout);
    const std::size_t steps = (*layout)->steps();
    if (steps > 0)
        context.progress.begin(fmt::format("laying out the map ({})", projection::name(*options.project)), steps);
    while ((*layout)->made() < steps) {
        if (stop.stop_requested())
            return cancelled("laying out the map");
        (*layout)->step();
        context.progress.update((*layout)->made());
    }
    return (*layout)->map();
}

/// From the first block to the finished file.
Result<Embedded> embedInto(prediction::EmbeddingWriter& writer, const EmbedOptions& options,
                           const prediction::EmbeddingSource& source, engine::Encoder& encoder, Context& context)
{
    const zoo::Checkpoint& checkpoint = *source.checkpoint;
    EncodeRequest request;
    request.onFailed = options.strict ? OnFailedRows::Stop : OnFailedRows::Continue;
    request.precision = options.precision;
    request.traces = options.traces && checkpoint.config.probing() && !options.isCsv();
    request.sink = [&](const engine::EncodedBlock& block) {
        return writer.append(block.first, block.raw, block.embedding, view(block.traces));
    };
    auto encoded = encodeAll(encoder, *source.zoo, request, context);
    if (!encoded)
        return forward(encoded);
    Embedded result;
    if (encoded->precision != engine::Precision::Float32) {
        result.summary.precision = engine::name(encoded->precision);
        auto measured = deviationFromFloat32(encoder, *source.zoo, encoded->embedding, context);
        if (!measured)
            return forward(measured);
        result.deviation = *measured;
    }
    prediction::EmbeddingSummary& summary = result.summary;
    if (options.project) {
        auto map = layOut(options, encoded->embedding, context);
        if (!map)
            return forward(map);
        summary.projection = std::move(*map);
        summary.projectionName = projection::name(*options.project);
    }
    if (options.predict) {
        auto predicted = predictAll(checkpoint, encoded->embedding, options.level, context);
        if (!predicted)
            return forward(predicted);
        summary.predictions = std::move(predicted->heads);
        summary.trust = std::move(predicted->trust);
    }
    summary.splits = zoo::splitsOf(checkpoint, *source.zoo, source.zooFingerprint);
    summary.failed = std::move(encoded->failed);
    summary.device = encoder.device().name;
    summary.seconds = encoded->seconds;
    if (context.interrupt.token().stop_requested())
        return cancelled("embedding");
    if (auto finished = writer.finish(summary); !finished)
        return forward(finished);
    return result;
}

Result<void> runEmbed(const EmbedOptions& options, Context& context)
{
    prediction::EmbeddingSource source;
    if (auto checkpoint = openEncoderInput(options.encoder); checkpoint)
        source.checkpoint = *std::move(checkpoint);
    else
        return forward(checkpoint);
    if (auto zoo = openZooInput({options.zoo}, options.weights, context); zoo)
        source.zoo = *std::move(zoo);
    else
        return forward(zoo);
    if (auto fits = checkFits(*source.checkpoint, *source.zoo); !fits)
        return fits;
    if (auto writable = checkOutput(options.output, {options.zoo, options.encoder}); !writable)
        return writable;
    noteWhatIsLeftOut(options, *source.checkpoint, context.progress);
    auto loaded = loadEncoder(*source.checkpoint, options.device);
    if (!loaded)
        return forward(loaded);
    auto fingerprint = fingerprintOf(*source.zoo);
    if (!fingerprint)
        return forward(fingerprint);
    source.zooFingerprint = *std::move(fingerprint);
    source.checkpointFingerprint = zoo::fingerprint(*source.checkpoint);

    context.interrupt.willWrite(options.output);
    auto writer = prediction::EmbeddingWriter::open(options.output, source);
    if (!writer)
        return forward(writer);
    const auto embedded = embedInto(*writer, options, source, *loaded->encoder, context);
    if (!embedded)
        return forward(embedded);
    report(options, *source.zoo, *embedded, loaded->encoder->device());
    return {};
}

} // namespace

void addEmbed(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<EmbedOptions>();
    CLI::App* command = program.add_subcommand("embed", "Write one embedding per network of a zoo");
    command->add_option("zoo", options->zoo, "a zoo folder or zoo file, a weight file or a folder of them")
        ->required()
        ->type_name("ZOO");
    command->add_option("--encoder", options->encoder, "an encoder checkpoint")->required()->type_name("CKPT");
    addOutput(*command, options->output, "the file to write: .h5 or .csv (one row per network)")
        ->check(CLI::Validator(checkName, ""));
    command->add_flag("--traces", options->traces, "keep what a probing encoder asked and was answered");
    const auto setProject = [options](const std::string& text) {
        const auto kind = projection::mapKindFromName(text);
        if (!kind)
            throw CLI::ValidationError("--project", kind.error().message);
        options->project = *kind;
    };
    command->add_option_function<std::string>("--project", setProject, "add a map of the embeddings: pca, umap or tsne")
        ->type_name("NAME");
    command->add_flag("--predict", options->predict, "add what the encoder's predictors say");
    addWeightOptions(*command, options->weights);
    addLevel(*command, options->level);
    command->add_flag("--strict", options->strict, "fail when a network cannot be embedded");
    const auto setPrecision = [options](const std::string& text) {
        const auto precision = engine::parsePrecision(text);
        if (!precision)
            throw CLI::ValidationError("--precision", precision.error().message);
        options->precision = *precision;
    };
    command
        ->add_option_function<std::string>(
            "--precision", setPrecision,
            "of products with the encoder's weights: fp32 or bf16, whose distance from fp32 is measured and printed")
        ->type_name("NAME");
    addDevice(*command, options->device);
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runEmbed(*options, context); }; });
}

} // namespace rnnscope::cli
