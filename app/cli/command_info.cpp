#include "app/cli/command.h"
#include "app/cli/describe.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/weight_input.h"
#include "core/weights/encoder_state.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

using weights::InputKind;

struct InfoOptions
{
    std::vector<std::string> files;
    std::vector<std::string> encoders;
    WeightOptions weights;
    bool json = false;
};

using Encoders = std::vector<std::shared_ptr<const zoo::Checkpoint>>;

void show(const std::string& text, const nlohmann::json& json, bool asJson)
{
    asJson ? printJson(json) : print(text);
}

Result<void> describeCheckpoint(const std::string& path, bool asJson)
{
    const auto checkpoint = openEncoderInput(path);
    if (!checkpoint)
        return forward(checkpoint);
    show(describe(**checkpoint), toJson(**checkpoint), asJson);
    return {};
}

Result<void> describeZoos(const std::string& path, InputKind kind, const InfoOptions& options, Context& context)
{
    const auto zoos = openZooInputs({path}, options.weights, context);
    if (!zoos)
        return forward(zoos);
    for (const ZooInput& input : *zoos)
        show(describe(*input.zoo, kind), toJson(*input.zoo, kind), options.json);
    return {};
}

/// A file without a network, or with a broken one, is an error; one whose network cannot be told is not.
Result<void> describeWeights(const std::string& path, const InfoOptions& options, const Encoders& encoders)
{
    const auto file = weights::openTensorFile(path);
    if (!file)
        return tl::make_unexpected(naming(path, file.error()));
    WeightFacts facts {*file, weights::isEncoderState(**file), {}, fail(Errc::NotFound, ""), encoders};
    if (!facts.encoderState) {
        auto inspection = weights::inspect(**file);
        if (!inspection)
            return tl::make_unexpected(naming(path, inspection.error()));
        facts.inspection = *std::move(inspection);
        facts.loaded = weights::loadWeights(**file, options.weights.choices);
        if (!facts.loaded && (facts.loaded.error().code == Errc::BadFormat || facts.loaded.error().code == Errc::Io))
            return tl::make_unexpected(naming(path, facts.loaded.error()));
    }
    show(describe(facts), toJson(facts), options.json);
    return {};
}

Result<void> describeFile(const std::string& path, const InfoOptions& options, const Encoders& encoders,
                          Context& context)
{
    const auto kind = identifyInput(path);
    if (!kind)
        return forward(kind);
    switch (*kind) {
    case InputKind::Checkpoint:
        return describeCheckpoint(path, options.json);
    case InputKind::Weights:
    case InputKind::EncoderState:
        return describeWeights(path, options, encoders);
    case InputKind::Zoo:
    case InputKind::AuthorsFolder:
    case InputKind::WeightsFolder:
        break;
    }
    return describeZoos(path, *kind, options, context);
}

Result<void> runInfo(const InfoOptions& options, Context& context)
{
    Encoders encoders;
    for (const std::string& path : options.encoders) {
        auto encoder = openEncoderInput(path);
        if (!encoder)
            return forward(encoder);
        encoders.push_back(*std::move(encoder));
    }
    for (const std::string& path : options.files)
        if (auto done = describeFile(path, options, encoders, context); !done)
            return done;
    return {};
}

} // namespace

void addInfo(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<InfoOptions>();
    CLI::App* command = program.add_subcommand("info", "Say what a file is: zoo, encoder checkpoint or weight file");
    command->add_option("files", options->files, "zoo folders, zoo files, encoder checkpoints, weight files")
        ->required()
        ->type_name("FILE");
    command->add_option("--encoder", options->encoders, "checkpoints to ask whether they can read a weight file")
        ->allow_extra_args(false)
        ->type_name("CKPT");
    addWeightOptions(*command, options->weights);
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runInfo(*options, context); }; });
}

} // namespace rnnscope::cli
