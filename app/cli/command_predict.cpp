#include "app/cli/command.h"
#include "app/cli/describe.h"
#include "app/cli/encode.h"
#include "app/cli/output.h"
#include "core/prediction/head.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct PredictOptions
{
    std::vector<std::string> zoos;
    std::string encoder;
    DeviceOptions device;
    bool json = false;
};

/// What the heads say of one zoo, beside what the zoo says itself.
struct Report
{
    const zoo::Zoo& zoo;
    const zoo::Checkpoint& checkpoint;
    std::vector<zoo::Split> splits; ///< [N]
    std::vector<prediction::Prediction> predictions;
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

std::string text(const Report& report)
{
    const zoo::Property* run = report.zoo.property("run");
    const zoo::Property* step = report.zoo.property("step");
    Table table;
    std::vector<std::string> head {"row"};
    if (run != nullptr)
        head.emplace_back("run");
    if (step != nullptr)
        head.emplace_back("step");
    head.emplace_back("split");
    for (const auto& predicted : report.predictions) {
        head.push_back(withUnit(predicted));
        head.emplace_back("actual");
    }
    table.add(std::move(head));
    for (std::size_t row = 0; row < report.zoo.size; ++row) {
        std::vector<std::string> cells {fmt::format("{}", row)};
        for (const zoo::Property* identity : {run, step})
            if (identity != nullptr)
                cells.push_back(isRecorded(identity, row) ? zoo::format(*identity, row) : "–");
        cells.emplace_back(name(report.splits[row]));
        for (const auto& predicted : report.predictions) {
            const zoo::Property* actual = report.zoo.property(predicted.property);
            cells.push_back(report.isFailed(row) ? "not embedded" : prediction::format(predicted, row));
            cells.push_back(isRecorded(actual, row) ? zoo::format(*actual, row) : "not recorded");
        }
        table.add(std::move(cells));
    }
    return fmt::format("{}: {} networks, predicted by {}\n{}", report.zoo.path.string(), report.zoo.size,
                       report.checkpoint.path.string(), table.text());
}

/// A number or label where there is one column, else a list.
template <typename Value>
nlohmann::json rowJson(std::size_t columns, const std::vector<std::string>& labels, Value value)
{
    const auto entry = [&](std::size_t column) -> nlohmann::json {
        const double v = value(column);
        if (!std::isnan(v) && v >= 0.0 && v < static_cast<double>(labels.size()))
            return labels[static_cast<std::size_t>(v)];
        return number(v);
    };
    if (columns == 1)
        return entry(0);
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t column = 0; column < columns; ++column)
        list.push_back(entry(column));
    return list;
}

nlohmann::json predictionJson(const prediction::Prediction& predicted, const zoo::Property* actual, std::size_t row)
{
    nlohmann::json json {
        {"predicted",
         rowJson(predicted.columns, predicted.labels, [&](std::size_t k) { return predicted.value(row, k); })},
        {"actual", nullptr}};
    if (isRecorded(actual, row))
        json["actual"] = rowJson(actual->columns, actual->labels, [&](std::size_t k) { return actual->value(row, k); });
    if (!predicted.classes.empty())
        json["confidence"] = number(predicted.confidence(row));
    return json;
}

nlohmann::json toJson(const Report& report)
{
    nlohmann::json json {{"zoo", report.zoo.path.string()},
                         {"encoder", report.checkpoint.path.string()},
                         {"units", nlohmann::json::object()},
                         {"failed", report.failed},
                         {"networks", nlohmann::json::array()}};
    for (const auto& predicted : report.predictions)
        json["units"][predicted.property] = predicted.unit;
    for (std::size_t row = 0; row < report.zoo.size; ++row) {
        nlohmann::json network {{"row", row}, {"split", name(report.splits[row])}};
        for (const char* identity : {"run", "step"})
            if (const zoo::Property* property = report.zoo.property(identity))
                network[identity] = number(property->value(row));
        for (const auto& predicted : report.predictions)
            network["predictions"][predicted.property]
                = predictionJson(predicted, report.zoo.property(predicted.property), row);
        json["networks"].push_back(std::move(network));
    }
    return json;
}

Result<void> predictZoo(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint, engine::Encoder& encoder, bool asJson,
                        Context& context)
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
    auto predictions = predictAll(checkpoint, encoded->embedding);
    if (!predictions)
        return forward(predictions);
    const Report report {zoo, checkpoint, splitsOf(checkpoint, zoo, fingerprint), *std::move(predictions),
                         encoded->failed};
    asJson ? printJson(toJson(report)) : print(text(report));
    return {};
}

Result<void> runPredict(const PredictOptions& options, Context& context)
{
    const auto checkpoint = openEncoderInput(options.encoder);
    if (!checkpoint)
        return forward(checkpoint);
    if ((*checkpoint)->heads.empty())
        return fail(Errc::NotFound, fmt::format("{} holds no predictors", options.encoder));
    std::vector<std::shared_ptr<const zoo::Zoo>> zoos;
    for (const std::string& path : options.zoos) {
        auto zoo = openZooInput(path);
        if (!zoo)
            return forward(zoo);
        if (auto fits = checkFits(**checkpoint, **zoo); !fits)
            return fits;
        zoos.push_back(*std::move(zoo));
    }
    auto loaded = loadEncoder(**checkpoint, options.device);
    if (!loaded)
        return forward(loaded);
    for (const auto& zoo : zoos)
        if (auto done = predictZoo(*zoo, **checkpoint, *loaded->encoder, options.json, context); !done)
            return done;
    return {};
}

} // namespace

void addPredict(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<PredictOptions>();
    CLI::App* command = program.add_subcommand("predict", "Predict the properties of networks, beside the actual ones");
    command->add_option("zoos", options->zoos, "zoo folders or zoo files")->required()->type_name("ZOO");
    command->add_option("--encoder", options->encoder, "an encoder checkpoint with predictors")
        ->required()
        ->type_name("CKPT");
    addDevice(*command, options->device);
    addJson(*command, options->json);
    command->callback(
        [options, &chosen] { chosen = [options](Context& context) { return runPredict(*options, context); }; });
}

} // namespace rnnscope::cli
