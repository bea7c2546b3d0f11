#include "app/cli/describe.h"
#include "app/cli/output.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct Range
{
    double smallest = std::numeric_limits<double>::quiet_NaN();
    double largest = std::numeric_limits<double>::quiet_NaN();
    std::size_t unknown = 0; ///< entries without a value
};

Range rangeOf(const zoo::Property& property)
{
    Range range;
    for (const double value : property.values) {
        if (std::isnan(value)) {
            ++range.unknown;
            continue;
        }
        range.smallest = std::fmin(range.smallest, value);
        range.largest = std::fmax(range.largest, value);
    }
    return range;
}

/// "real", "integer [4]", "circular, period 360"
std::string kindText(const zoo::Property& property)
{
    std::string text = zoo::name(property.kind);
    if (property.columns > 1)
        text += fmt::format(" [{}]", property.columns);
    if (property.kind == zoo::PropertyKind::Circular)
        text += fmt::format(", period {:g}", property.period);
    return text;
}

/// "a, b, c … and 97 more"
std::string labelsText(const std::vector<std::string>& labels)
{
    constexpr std::size_t kShown = 12;
    const std::size_t shown = labels.size() > kShown ? kShown : labels.size();
    const auto last = labels.begin() + static_cast<std::ptrdiff_t>(shown);
    return fmt::format("{}{}", fmt::join(labels.begin(), last, ", "),
                       shown < labels.size() ? fmt::format(" … and {} more", labels.size() - shown) : "");
}

/// "0.001 to 0.982 nat", "a, b, c"
std::string valuesText(const zoo::Property& property)
{
    const Range range = rangeOf(property);
    std::string text;
    if (range.unknown == property.values.size())
        text = "no values";
    else if (property.kind == zoo::PropertyKind::Categorical && !property.labels.empty())
        text = labelsText(property.labels);
    else
        text = fmt::format("{:.6g} to {:.6g}{}", range.smallest, range.largest,
                           property.unit == "1" || property.unit.empty() ? "" : " " + property.unit);
    if (range.unknown > 0 && range.unknown < property.values.size())
        text += fmt::format(", {} unknown", range.unknown);
    return text;
}

std::string rolloutText(const zoo::RolloutShape& shape)
{
    if (shape.tokens())
        return fmt::format("{} sequences a network: {} tokens, {}×{} logits", shape.sequences, shape.inputSteps,
                           shape.logitSteps, shape.outputSize);
    return fmt::format("{} sequences a network: {}×{} inputs, {}×{} logits", shape.sequences, shape.inputSteps,
                       shape.inputSize, shape.logitSteps, shape.outputSize);
}

std::string_view familyText(zoo::TaskFamily family)
{
    switch (family) {
    case zoo::TaskFamily::FormalLanguage:
        return "formal languages";
    case zoo::TaskFamily::SequentialMnist:
        return "sequential MNIST";
    case zoo::TaskFamily::Custom:
        return "custom";
    }
    return "custom";
}

std::string_view precision(const zoo::Zoo& zoo)
{
    return zoo.parameters->isHalf() ? "float16" : "float32";
}

nlohmann::json toJson(const zoo::Property& property)
{
    const Range range = rangeOf(property);
    nlohmann::json json {{"name", property.name},
                         {"kind", zoo::name(property.kind)},
                         {"unit", property.unit},
                         {"description", property.description},
                         {"columns", property.columns},
                         {"minimum", number(range.smallest)},
                         {"maximum", number(range.largest)},
                         {"unknown", range.unknown}};
    if (property.kind == zoo::PropertyKind::Circular)
        json["period"] = property.period;
    if (!property.labels.empty())
        json["labels"] = property.labels;
    return json;
}

nlohmann::json toJson(const zoo::RolloutShape& shape)
{
    nlohmann::json json {{"sequences", shape.sequences},
                         {"input_steps", shape.inputSteps},
                         {"logit_steps", shape.logitSteps},
                         {"output_size", shape.outputSize},
                         {"tokens", shape.tokens()}};
    if (!shape.tokens())
        json["input_size"] = shape.inputSize;
    return json;
}

std::string_view containerText(weights::InputKind kind)
{
    switch (kind) {
    case weights::InputKind::AuthorsFolder:
        return "zoo, the authors' folder";
    case weights::InputKind::WeightsFolder:
        return "weight files";
    default:
        return "zoo, HDF5";
    }
}

std::string_view containerName(weights::InputKind kind)
{
    switch (kind) {
    case weights::InputKind::AuthorsFolder:
        return "authors-folder";
    case weights::InputKind::WeightsFolder:
        return "weight-files";
    default:
        return "hdf5";
    }
}

} // namespace

std::string describe(const zoo::Zoo& zoo, weights::InputKind kind)
{
    Table facts;
    facts.add({"name", zoo.name});
    facts.add({"task family", std::string(familyText(zoo.family))});
    facts.add({"architecture", zoo.architecture.description() + (zoo.architecture.bias ? "" : ", without biases")});
    facts.add({"networks", fmt::format("{}", zoo.size)});
    facts.add({"parameters", fmt::format("{} each, {}", zoo.architecture.parameterCount(), precision(zoo))});
    facts.add({"roll-outs", zoo.rollouts ? rolloutText(zoo.rollouts->shape()) : "none"});
    facts.add({"properties", zoo.properties.empty() ? "none" : fmt::format("{}", zoo.properties.size())});
    Table properties;
    for (const zoo::Property& property : zoo.properties)
        properties.add({property.name, kindText(property), valuesText(property)});
    return fmt::format("{}: {}\n{}{}", zoo.path.string(), containerText(kind), facts.text("  "),
                       properties.text("    "));
}

nlohmann::json toJson(const zoo::Zoo& zoo, weights::InputKind kind)
{
    const zoo::Architecture& rnn = zoo.architecture;
    nlohmann::json json {{"path", zoo.path.string()},
                         {"format", "rnn-zoo"},
                         {"container", containerName(kind)},
                         {"name", zoo.name},
                         {"task_family", zoo::name(zoo.family)},
                         {"architecture",
                          {{"cell", zoo::name(rnn.cell)},
                           {"input_size", rnn.inputSize},
                           {"hidden_size", rnn.hiddenSize},
                           {"num_layers", rnn.numLayers},
                           {"output_size", rnn.outputSize},
                           {"bias", rnn.bias}}},
                         {"networks", zoo.size},
                         {"parameters", rnn.parameterCount()},
                         {"precision", precision(zoo)},
                         {"properties", nlohmann::json::array()},
                         {"rollouts", nullptr}};
    for (const zoo::Property& property : zoo.properties)
        json["properties"].push_back(toJson(property));
    if (zoo.rollouts)
        json["rollouts"] = toJson(zoo.rollouts->shape());
    return json;
}

} // namespace rnnscope::cli
