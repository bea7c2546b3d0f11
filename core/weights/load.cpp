#include "core/weights/load.h"

#include "core/base/printable.h"
#include "core/weights/load_choice.h"
#include "core/weights/load_values.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <new>

namespace rnnscope::weights {

namespace {

std::string reportName(const TensorFile& file, std::size_t tensor)
{
    const std::string& name = file.tensors()[tensor].name;
    return name.empty() ? "(without a name)" : printable(name);
}

/// "float32", "float16 and float32"
std::string precisionText(const std::vector<Dtype>& types)
{
    std::vector<std::string_view> names;
    for (const Dtype type : {Dtype::Float16, Dtype::BFloat16, Dtype::Float32, Dtype::Float64})
        if (std::find(types.begin(), types.end(), type) != types.end())
            names.push_back(name(type));
    return fmt::format("{}", fmt::join(names, " and "));
}

/// Tensors beside the network may change what it does (layer norms, a learned initial state), the optimizer's do not.
void noteLeftOut(LoadReport& report)
{
    std::vector<std::string> names;
    for (const std::string& name : report.ignored)
        if (name.find("optim") == std::string::npos)
            names.push_back(name);
    if (names.empty())
        return;
    constexpr std::size_t kNamed = 3;
    const std::size_t more = names.size() - std::min(names.size(), kNamed);
    names.resize(names.size() - more);
    report.notes.push_back(fmt::format("left out what belongs to no network: {}{}", fmt::join(names, ", "),
                                       more > 0 ? fmt::format(" and {} more", more) : ""));
}

/// What does not depend on how the parameters were found.
void fillReport(const TensorFile& file, const std::vector<std::size_t>& used, LoadedWeights& loaded)
{
    LoadReport& report = loaded.report;
    report.file = file.path();
    report.format = file.format();
    std::vector<bool> isUsed(file.tensors().size(), false);
    std::vector<Dtype> types;
    for (const std::size_t tensor : used) {
        isUsed[tensor] = true;
        types.push_back(file.tensors()[tensor].dtype);
        report.used.push_back(reportName(file, tensor));
    }
    for (std::size_t i = 0; i < isUsed.size(); ++i)
        if (!isUsed[i])
            report.ignored.push_back(reportName(file, i));
    report.precision = precisionText(types);
    loaded.half = std::all_of(types.begin(), types.end(), [](Dtype type) { return type == Dtype::Float16; });
    report.nonFinite = static_cast<std::size_t>(std::count_if(loaded.parameters.begin(), loaded.parameters.end(),
                                                              [](float value) { return !std::isfinite(value); }));
    if (std::find(types.begin(), types.end(), Dtype::Float64) != types.end())
        report.notes.emplace_back("float64 weights were rounded to float32");
    if (report.nonFinite > 0)
        report.notes.push_back(fmt::format("{} {} NaN or infinite, so no encoder can embed the network",
                                           report.nonFinite, report.nonFinite == 1 ? "weight is" : "weights are"));
    noteLeftOut(report);
    report.notes.insert(report.notes.end(), file.notes().begin(), file.notes().end());
}

Result<LoadedWeights> loadNamed(const TensorFile& file, const Inspection& inspection, const Choices& choices)
{
    auto chosen = choose(file, inspection, choices);
    if (!chosen)
        return forward(chosen);
    const RecurrentStack& stack = chosen->stack;
    LoadedWeights loaded;
    loaded.architecture = {.cell = stack.cell,
                           .inputSize = stack.inputSize,
                           .hiddenSize = stack.hiddenSize,
                           .numLayers = stack.numLayers(),
                           .outputSize = chosen->head.outputSize,
                           .bias = stack.bias};
    if (const auto valid = zoo::validate(loaded.architecture); !valid)
        return fail(valid.error().code, fmt::format("{}: {}", file.path().string(), valid.error().message));
    auto parameters = readParameters(file, stack, &chosen->head);
    if (!parameters)
        return forward(parameters);
    loaded.parameters = *std::move(parameters);
    loaded.report.notes = std::move(chosen->notes);
    loaded.report.network = fmt::format("{}{}{}{} read by '{}'", loaded.architecture.description(),
                                        stack.bias ? "" : ", without biases", stack.name.empty() ? "" : ": ",
                                        stack.name.empty() ? "," : fmt::format("'{}'", printable(stack.name)),
                                        printable(chosen->head.name));
    fillReport(file, tensorsOf(stack, &chosen->head), loaded);
    return loaded;
}

tl::unexpected<Error> askForSizes(const TensorFile& file, const FlatParameters& flat, const std::string& missing)
{
    const std::string rows = flat.networks == 1 ? fmt::format("{} numbers", flat.parameters)
                                                : fmt::format("{} rows of {} numbers", flat.networks, flat.parameters);
    const auto guess = sizesOfList(file, flat);
    return fail(Errc::NeedsChoice,
                fmt::format("{} holds {} without names, say what network they are{}: {}", file.path().string(), rows,
                            missing,
                            guess ? fmt::format("--rnn {} has their shapes", describe(*guess))
                                  : "--rnn cell=lstm,input=…,hidden=…,layers=…,output=…"));
}

/// The tensors of a list have to be the parameters' one by one, not only together.
Result<void> checkList(const TensorFile& file, const FlatParameters& flat, const zoo::Architecture& architecture)
{
    const auto expected = architecture.tensors();
    for (std::size_t i = 0; i < std::min(expected.size(), flat.tensors.size()); ++i) {
        const TensorInfo& tensor = file.tensors()[flat.tensors[i]];
        if (tensor.entries() != expected[i].size())
            return fail(Errc::ShapeMismatch,
                        fmt::format("{}: the tensor '{}' has {} numbers, {} of {} has {}", file.path().string(),
                                    printable(tensor.name), tensor.entries(), expected[i].name,
                                    withArticle(architecture.description()), expected[i].size()));
    }
    return {};
}

Result<LoadedWeights> loadFlat(const TensorFile& file, const FlatParameters& flat, const RnnSizes& sizes)
{
    const auto architecture = sizes.complete();
    if (!architecture && architecture.error().code != Errc::NeedsChoice)
        return fail(architecture.error().code,
                    fmt::format("{}: {}", file.path().string(), architecture.error().message));
    const bool any = sizes.cell || sizes.input || sizes.hidden || sizes.layers || sizes.output;
    if (!architecture)
        return askForSizes(
            file, flat,
            any ? fmt::format(
                " ({})", architecture.error().message.substr(0, architecture.error().message.find(" in the sizes")))
                : "");
    const std::size_t expected = architecture->parameterCount();
    if (flat.parameters != expected)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} holds {} numbers a network, {}{} has {}", file.path().string(), flat.parameters,
                                withArticle(architecture->description()), architecture->bias ? "" : " without biases",
                                expected));
    if (flat.tensors.size() > 1)
        if (const auto fits = checkList(file, flat, *architecture); !fits)
            return forward(fits);
    if (flat.networks > kMostEntries / expected)
        return fail(Errc::BadFormat, fmt::format("{} is too large", file.path().string()));
    if (const auto affordable = checkAffordable(file, flat.networks * expected); !affordable)
        return forward(affordable);
    LoadedWeights loaded;
    loaded.architecture = *architecture;
    loaded.networks = flat.networks;
    loaded.parameters.resize(flat.networks * expected);
    std::size_t offset = 0;
    for (const std::size_t tensor : flat.tensors) {
        const auto out = std::span(loaded.parameters).subspan(offset, file.tensors()[tensor].entries());
        if (auto read = file.read(tensor, out); !read)
            return forward(read);
        offset += out.size();
    }
    loaded.report.network = fmt::format(
        "{}{}: {} without names", architecture->description(), architecture->bias ? "" : ", without biases",
        flat.networks == 1 ? "numbers" : fmt::format("{} rows of numbers", flat.networks));
    fillReport(file, flat.tensors, loaded);
    return loaded;
}

} // namespace

Result<LoadedWeights> loadWeights(const TensorFile& file, const Choices& choices)
{
    try {
        const auto inspection = inspect(file);
        if (!inspection)
            return forward(inspection);
        return inspection->flat ? loadFlat(file, *inspection->flat, choices.sizes)
                                : loadNamed(file, *inspection, choices);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", file.path().string()));
    }
}

Result<std::vector<float>> readStack(const TensorFile& file, const RecurrentStack& stack)
{
    if (!stack.unfit.empty())
        return fail(Errc::ShapeMismatch,
                    fmt::format("{}: '{}' {}", file.path().string(), printable(stack.name), stack.unfit));
    try {
        return readParameters(file, stack, nullptr);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", file.path().string()));
    }
}

} // namespace rnnscope::weights
