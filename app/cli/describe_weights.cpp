#include "app/cli/describe.h"
#include "app/cli/output.h"
#include "core/base/printable.h"
#include "core/weights/encoder_state.h"

#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

constexpr std::size_t kTensorsShown = 24;
constexpr std::size_t kNamesShown = 8;

std::string shapeText(const std::vector<std::size_t>& shape)
{
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string tensorName(const weights::TensorInfo& tensor)
{
    return tensor.name.empty() ? "(without a name)" : printable(tensor.name);
}

std::string more(std::size_t all, std::size_t shown)
{
    return all > shown ? fmt::format("… and {} more", all - shown) : "";
}

std::string tensorsText(const weights::TensorFile& file)
{
    Table table;
    const auto& tensors = file.tensors();
    for (std::size_t i = 0; i < std::min(tensors.size(), kTensorsShown); ++i)
        table.add({tensorName(tensors[i]), shapeText(tensors[i].shape), std::string(name(tensors[i].dtype))});
    std::string text = table.text("    ");
    if (tensors.size() > kTensorsShown)
        text += fmt::format("    {}\n", more(tensors.size(), kTensorsShown));
    return text;
}

std::string headsText(const weights::RecurrentStack& stack)
{
    if (stack.heads.empty())
        return "no linear head";
    std::vector<std::string> items;
    for (std::size_t i = 0; i < std::min(stack.heads.size(), kNamesShown); ++i)
        items.push_back(fmt::format("{} ({} out)", printable(stack.heads[i].name), stack.heads[i].outputSize));
    if (stack.heads.size() > kNamesShown)
        items.push_back(more(stack.heads.size(), kNamesShown));
    return fmt::format("{} {}", stack.heads.size() == 1 ? "head" : "heads", fmt::join(items, ", "));
}

std::string stackText(const weights::RecurrentStack& stack)
{
    const std::string title = stack.name.empty() ? "without a name" : printable(stack.name);
    if (stack.layers.empty())
        return fmt::format("{} {}", title, stack.unfit);
    return fmt::format("{}: {}{}; {}{}", title, stack.description(), stack.bias ? "" : ", without biases",
                       headsText(stack), stack.unfit.empty() ? "" : "; it " + stack.unfit);
}

std::string namesText(const std::vector<std::string>& names)
{
    const auto shown = std::min(names.size(), kNamesShown);
    std::string text
        = fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    return names.size() > shown ? fmt::format("{}, {}", text, more(names.size(), shown)) : text;
}

/// Which encoders can read the network; those that were named, else what kinds.
std::vector<std::string> encoderTexts(const WeightFacts& facts)
{
    const zoo::Architecture& rnn = facts.loaded->architecture;
    if (facts.encoders.empty())
        return {fmt::format("any probing encoder with {} inputs and {} outputs", rnn.inputSize, rnn.outputSize),
                fmt::format("any other made for {}{}", rnn.description(), rnn.bias ? "" : ", without biases")};
    std::vector<std::string> texts;
    for (const auto& encoder : facts.encoders) {
        const auto fits = zoo::checkFits(encoder->config, rnn);
        texts.push_back(fmt::format("{}: {}", encoder->path.string(), fits ? "can read it" : fits.error().message));
    }
    return texts;
}

void addAll(Table& table, const std::string& title, const std::vector<std::string>& lines)
{
    for (std::size_t i = 0; i < lines.size(); ++i)
        table.add({i == 0 ? title : "", lines[i]});
}

void addLoaded(Table& table, const WeightFacts& facts)
{
    const weights::LoadedWeights& loaded = *facts.loaded;
    const weights::LoadReport& report = loaded.report;
    table.add({"network", report.network});
    if (loaded.networks > 1)
        table.add({"networks", fmt::format("{}", loaded.networks)});
    table.add({"parameters", fmt::format("{} each, {}", loaded.architecture.parameterCount(), report.precision)});
    table.add({"not finite", report.nonFinite == 0 ? "none" : fmt::format("{} weights", report.nonFinite)});
    if (!report.ignored.empty())
        table.add({"ignored",
                   fmt::format("{} tensor{}: {}", report.ignored.size(), report.ignored.size() == 1 ? "" : "s",
                               namesText(report.ignored))});
    addAll(table, "notes", report.notes);
    addAll(table, "encoders", encoderTexts(facts));
}

nlohmann::json toJson(const weights::RecurrentStack& stack)
{
    nlohmann::json heads = nlohmann::json::array();
    for (const weights::LinearHead& head : stack.heads)
        heads.push_back({{"name", head.name}, {"output_size", head.outputSize}});
    nlohmann::json json {{"name", stack.name}, {"heads", heads}, {"unfit", nullptr}};
    if (!stack.unfit.empty())
        json["unfit"] = stack.unfit;
    if (stack.layers.empty())
        return json;
    json["cell"] = zoo::name(stack.cell);
    json["tanh_or_relu"] = stack.tanhOrRelu;
    json["input_size"] = stack.inputSize;
    json["hidden_size"] = stack.hiddenSize;
    json["num_layers"] = stack.numLayers();
    json["bias"] = stack.bias;
    return json;
}

nlohmann::json toJson(const weights::LoadedWeights& loaded)
{
    const zoo::Architecture& rnn = loaded.architecture;
    const weights::LoadReport& report = loaded.report;
    return {{"description", report.network},
            {"cell", zoo::name(rnn.cell)},
            {"input_size", rnn.inputSize},
            {"hidden_size", rnn.hiddenSize},
            {"num_layers", rnn.numLayers},
            {"output_size", rnn.outputSize},
            {"bias", rnn.bias},
            {"networks", loaded.networks},
            {"parameters", rnn.parameterCount()},
            {"precision", report.precision},
            {"non_finite", report.nonFinite},
            {"used", report.used},
            {"ignored", report.ignored},
            {"notes", report.notes}};
}

} // namespace

std::string describe(const WeightFacts& facts)
{
    const weights::TensorFile& file = *facts.file;
    Table table;
    table.add({"tensors", fmt::format("{}", file.tensors().size())});
    Table found;
    if (facts.encoderState) {
        found.add({"encoder", "the weights of an encoder: import-encoder makes a checkpoint of them"});
    } else {
        std::vector<std::string> stacks;
        for (std::size_t i = 0; i < std::min(facts.inspection.stacks.size(), kTensorsShown); ++i)
            stacks.push_back(stackText(facts.inspection.stacks[i]));
        if (facts.inspection.stacks.size() > kTensorsShown)
            stacks.push_back(more(facts.inspection.stacks.size(), kTensorsShown));
        addAll(found, "recurrent", stacks);
        if (facts.loaded)
            addLoaded(found, facts);
        else
            found.add({"not loaded", facts.loaded.error().message});
    }
    return fmt::format("{}: {}\n{}{}{}", file.path().string(), title(file.format()), table.text("  "),
                       tensorsText(file), found.text("  "));
}

nlohmann::json toJson(const WeightFacts& facts)
{
    const weights::TensorFile& file = *facts.file;
    nlohmann::json json {{"path", file.path().string()},
                         {"format", facts.encoderState ? "encoder-state" : "weights"},
                         {"container", title(file.format())},
                         {"tensors", nlohmann::json::array()},
                         {"recurrent", nlohmann::json::array()},
                         {"network", nullptr},
                         {"not_loaded", nullptr},
                         {"encoders", nlohmann::json::array()}};
    for (const weights::TensorInfo& tensor : file.tensors())
        json["tensors"].push_back(
            {{"name", tensor.name}, {"shape", tensor.shape}, {"dtype", std::string(name(tensor.dtype))}});
    for (const weights::RecurrentStack& stack : facts.inspection.stacks)
        json["recurrent"].push_back(toJson(stack));
    if (facts.encoderState)
        return json;
    if (!facts.loaded) {
        json["not_loaded"] = facts.loaded.error().message;
        return json;
    }
    json["network"] = toJson(*facts.loaded);
    for (const auto& encoder : facts.encoders) {
        const auto fits = zoo::checkFits(encoder->config, facts.loaded->architecture);
        json["encoders"].push_back({{"path", encoder->path.string()},
                                    {"can_read", fits.has_value()},
                                    {"reason", fits ? nlohmann::json() : nlohmann::json(fits.error().message)}});
    }
    return json;
}

} // namespace rnnscope::cli
