#include "app/cli/command.h"
#include "app/cli/describe.h"
#include "app/cli/encode.h"
#include "app/cli/output.h"
#include "app/cli/weight_input.h"
#include "core/prediction/head.h"
#include "core/prediction/trust.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct PredictOptions
{
    std::vector<std::string> inputs;
    std::string encoder;
    WeightOptions weights;
    double level = 0.9;
    DeviceOptions device;
    bool json = false;
};

/// What the heads say of one zoo, beside what the zoo says itself.
struct Report
{
    const zoo::Zoo& zoo;
    const zoo::Checkpoint& checkpoint;
    std::vector<zoo::Split> splits; ///< [N]
    Predicted predicted;
    double level;
    std::vector<std::size_t> failed;

    bool isFailed(std::size_t row) const { return std::binary_search(failed.begin(), failed.end(), row); }
};

bool isRecorded(const zoo::Property* property, std::size_t row)
{
    return property != nullptr && !std::isnan(property->value(row));
}

std::string withUnit(const prediction::Prediction& predicted)
{
    return predicted.unit == "1" || predicted.unit.empty() ? predicted.property
                                                           : fmt::format("{} [{}]", predicted.property, predicted.unit);
}

/// "0.870 [0.712, 0.951]", "b {b, c}".
std::string predictedText(const prediction::Prediction& predicted, std::size_t row)
{
    const std::string region = prediction::formatRegion(predicted, row);
    return prediction::format(predicted, row) + (region.empty() ? "" : " " + region);
}

std::string trustText(double percentile)
{
    if (std::isnan(percentile))
        return "–";
    return fmt::format("{:.0f}{}", percentile, percentile > prediction::kFarPercentile ? " far" : "");
}

/// What brackets, braces and the trust column mean, where there are any.
std::string legend(const Report& report)
{
    const auto& heads = report.predicted.heads;
    std::string lines;
    if (std::any_of(heads.begin(), heads.end(), [](const auto& head) { return head.calibrated(); }))
        lines += fmt::format("[…] and {{…}} hold the truth of {:.4g} % of unseen networks.\n", 100.0 * report.level);
    if (!report.predicted.trust.empty())
        lines += fmt::format("trust: so many % of the training networks have nearer neighbours; above {:.0f} no "
                             "prediction holds.\n",
                             prediction::kFarPercentile);
    return lines;
}

/// What tells the networks of a zoo apart, as far as it is recorded.
std::vector<const zoo::Property*> identities(const zoo::Zoo& zoo)
{
    std::vector<const zoo::Property*> found;
    for (const char* identity : {"file", "run", "step"})
        if (const zoo::Property* property = zoo.property(identity))
            found.push_back(property);
    return found;
}

std::string text(const Report& report)
{
    const auto known = identities(report.zoo);
    Table table;
    std::vector<std::string> head {"row"};
    for (const zoo::Property* identity : known)
        head.push_back(identity->name);
    head.emplace_back("split");
    const std::vector<double>& trust = report.predicted.trust;
    if (!trust.empty())
        head.emplace_back("trust");
    for (const auto& predicted : report.predicted.heads) {
        head.push_back(withUnit(predicted));
        head.emplace_back("actual");
    }
    table.add(std::move(head));
    for (std::size_t row = 0; row < report.zoo.size; ++row) {
        std::vector<std::string> cells {fmt::format("{}", row)};
        for (const zoo::Property* identity : known)
            cells.push_back(isRecorded(identity, row) ? zoo::format(*identity, row) : "–");
        cells.emplace_back(name(report.splits[row]));
        if (!trust.empty())
            cells.push_back(trustText(trust[row]));
        for (const auto& predicted : report.predicted.heads) {
            const zoo::Property* actual = report.zoo.property(predicted.property);
            cells.push_back(report.isFailed(row) ? "not embedded" : predictedText(predicted, row));
            cells.push_back(isRecorded(actual, row) ? zoo::format(*actual, row) : "not recorded");
        }
        table.add(std::move(cells));
    }
    return fmt::format("{}: {} networks, predicted by {}\n{}{}", report.zoo.path.string(), report.zoo.size,
                       report.checkpoint.path.string(), table.text(), legend(report));
}

/// A number, or the label it stands for.
nlohmann::json entryJson(double value, zoo::PropertyKind kind, const std::vector<std::string>& labels)
{
    if (value >= 0.0 && value < static_cast<double>(labels.size()))
        return labels[static_cast<std::size_t>(value)];
    constexpr double kLargestExact = 9e15;
    if (std::abs(value) < kLargestExact
        && (kind == zoo::PropertyKind::Integer || kind == zoo::PropertyKind::Categorical))
        return static_cast<std::int64_t>(value);
    return number(value);
}

/// One entry where there is one column, else a list. `Values` is a Property or a Prediction.
template <typename Values>
nlohmann::json rowJson(const Values& values, std::size_t row)
{
    if (values.columns == 1)
        return entryJson(values.value(row), values.kind, values.labels);
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t column = 0; column < values.columns; ++column)
        list.push_back(entryJson(values.value(row, column), values.kind, values.labels));
    return list;
}

/// Numbers of all columns, NaN and infinities as null.
nlohmann::json boundsJson(const prediction::Prediction& predicted, const std::vector<double>& bounds, std::size_t row)
{
    if (predicted.columns == 1)
        return number(bounds[row]);
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t k = 0; k < predicted.columns; ++k)
        list.push_back(number(bounds[row * predicted.columns + k]));
    return list;
}

/// The classes in the set; a list of lists where there are several columns.
nlohmann::json setJson(const prediction::Prediction& predicted, std::size_t row)
{
    nlohmann::json columns = nlohmann::json::array();
    for (std::size_t k = 0; k < predicted.columns; ++k) {
        const std::size_t first = (row * predicted.columns + k) * predicted.maxClasses();
        nlohmann::json set = nlohmann::json::array();
        for (std::size_t c = 0; c < predicted.classes[k].size(); ++c)
            if (predicted.inSet[first + c] != 0)
                set.push_back(entryJson(predicted.classes[k][c], predicted.kind, predicted.labels));
        columns.push_back(std::move(set));
    }
    return predicted.columns == 1 ? columns.front() : columns;
}

nlohmann::json predictionJson(const prediction::Prediction& predicted, const zoo::Property* actual, std::size_t row)
{
    nlohmann::json json {{"predicted", rowJson(predicted, row)}, {"actual", nullptr}};
    if (isRecorded(actual, row))
        json["actual"] = rowJson(*actual, row);
    if (!predicted.classes.empty())
        json["confidence"] = number(predicted.confidence(row));
    if (predicted.calibrated())
        json["level"] = predicted.level;
    if (!predicted.lower.empty()) {
        json["lower"] = boundsJson(predicted, predicted.lower, row);
        json["upper"] = boundsJson(predicted, predicted.upper, row);
    }
    if (!predicted.inSet.empty())
        json["set"] = setJson(predicted, row);
    return json;
}

nlohmann::json toJson(const Report& report)
{
    nlohmann::json json {{"zoo", report.zoo.path.string()},
                         {"encoder", report.checkpoint.path.string()},
                         {"units", nlohmann::json::object()},
                         {"failed", report.failed},
                         {"networks", nlohmann::json::array()}};
    for (const auto& predicted : report.predicted.heads)
        json["units"][predicted.property] = predicted.unit;
    for (std::size_t row = 0; row < report.zoo.size; ++row) {
        nlohmann::json network {{"row", row}, {"split", name(report.splits[row])}};
        if (!report.predicted.trust.empty())
            network["trust"] = number(report.predicted.trust[row]);
        for (const zoo::Property* identity : identities(report.zoo))
            network[identity->name] = rowJson(*identity, row);
        for (const auto& predicted : report.predicted.heads)
            network["predictions"][predicted.property]
                = predictionJson(predicted, report.zoo.property(predicted.property), row);
        json["networks"].push_back(std::move(network));
    }
    return json;
}

Result<void> predictZoo(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint, engine::Encoder& encoder,
                        const PredictOptions& options, Context& context)
{
    const auto encoded = encodeAll(encoder, zoo, {}, context);
    if (!encoded)
        return forward(encoded);
    std::string fingerprint;
    if (checkpoint.training && !checkpoint.zooFingerprint.empty()) {
        auto found = fingerprintOf(zoo);
        if (!found)
            return forward(found);
        fingerprint = *std::move(found);
    }
    auto predicted = predictAll(checkpoint, encoded->embedding, options.level, context);
    if (!predicted)
        return forward(predicted);
    const Report report {
        zoo,           checkpoint,     zoo::splitsOf(checkpoint, zoo, fingerprint), *std::move(predicted),
        options.level, encoded->failed};
    options.json ? printJson(toJson(report)) : print(text(report));
    return {};
}

/// The zoos that the encoder can read. In folders of weight files there may be others, which become notes.
Result<std::vector<ZooInput>> openFitting(const PredictOptions& options, const zoo::Checkpoint& checkpoint,
                                          Context& context)
{
    const auto inputs = openZooInputs(options.inputs, options.weights, context);
    if (!inputs)
        return forward(inputs);
    std::vector<ZooInput> fitting;
    Result<void> last;
    for (const ZooInput& input : *inputs) {
        auto fits = checkFits(checkpoint, *input.zoo);
        if (fits)
            fitting.push_back(input);
        else if (!input.fromFolder)
            return forward(fits);
        else
            context.progress.note(fmt::format("{} networks were left out: {}", input.zoo->size, fits.error().message));
        if (!fits)
            last = std::move(fits);
    }
    if (fitting.empty() && !last)
        return forward(last);
    return fitting;
}

Result<void> runPredict(const PredictOptions& options, Context& context)
{
    const auto checkpoint = openEncoderInput(options.encoder);
    if (!checkpoint)
        return forward(checkpoint);
    if ((*checkpoint)->heads.empty())
        return fail(Errc::NotFound, fmt::format("{} holds no predictors", options.encoder));
    const auto inputs = openFitting(options, **checkpoint, context);
    if (!inputs)
        return forward(inputs);
    auto loaded = loadEncoder(**checkpoint, options.device);
    if (!loaded)
        return forward(loaded);
    for (const ZooInput& input : *inputs)
        if (auto done = predictZoo(*input.zoo, **checkpoint, *loaded->encoder, options, context); !done)
            return done;
    return {};
}

} // namespace

void addPredict(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<PredictOptions>();
    CLI::App* command = program.add_subcommand("predict", "Predict the properties of networks, beside the actual ones");
    command->add_option("files", options->inputs, "weight files and folders of them, zoo folders, zoo files")
        ->required()
        ->type_name("FILE");
    command->add_option("--encoder", options->encoder, "an encoder checkpoint with predictors")
        ->required()
        ->type_name("CKPT");
    addWeightOptions(*command, options->weights);
    addLevel(*command, options->level);
    addDevice(*command, options->device);
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runPredict(*options, context); }; });
}

} // namespace rnnscope::cli
