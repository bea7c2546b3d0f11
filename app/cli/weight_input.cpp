#include "app/cli/weight_input.h"

#include "app/cli/options.h"
#include "core/base/printable.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace rnnscope::cli {

namespace {

using weights::InputKind;
constexpr std::size_t kMostNotes = 10;

bool isOfWeights(InputKind kind)
{
    return kind == InputKind::Weights || kind == InputKind::WeightsFolder;
}

/// The same note of many files is one note.
void noteReports(const std::vector<weights::LoadReport>& reports, Progress& progress)
{
    std::vector<std::pair<std::string, std::vector<std::string>>> notes; // and the files
    for (const weights::LoadReport& report : reports)
        for (const std::string& note : report.notes) {
            const auto same
                = std::find_if(notes.begin(), notes.end(), [&](const auto& other) { return other.first == note; });
            if (same != notes.end())
                same->second.push_back(report.file.string());
            else if (notes.size() < kMostNotes)
                notes.emplace_back(note, std::vector {report.file.string()});
        }
    for (const auto& [note, files] : notes)
        progress.note(fmt::format("{}{}: {}", files.front(),
                                  files.size() > 1 ? fmt::format(" and {} more", files.size() - 1) : "", note));
}

/// A file that the user named is an error, one that a folder held a note unless it is the only one.
Result<void> handleRefused(const weights::WeightZoos& opened, const std::vector<std::string>& named, Progress& progress)
{
    for (const weights::Refused& refused : opened.refused)
        if (opened.zoos.empty() || std::find(named.begin(), named.end(), refused.file.string()) != named.end())
            return tl::make_unexpected(naming(refused.file.string(), refused.error));
    for (std::size_t i = 0; i < std::min(opened.refused.size(), kMostNotes); ++i)
        progress.note("left out: " + naming(opened.refused[i].file.string(), opened.refused[i].error).message);
    if (opened.refused.size() > kMostNotes)
        progress.note(fmt::format("{} more files were left out", opened.refused.size() - kMostNotes));
    return {};
}

Result<void> openWeights(const std::vector<std::string>& paths, bool fromFolder, const WeightOptions& options,
                         Context& context, std::vector<ZooInput>& zoos)
{
    const weights::WeightZooOptions how {
        .choices = options.choices, .labels = options.labels, .name = {}, .threads = 0};
    const auto opened
        = weights::openWeightZoos({paths.begin(), paths.end()}, how, context.progress, context.interrupt.token());
    if (!opened)
        return forward(opened);
    if (auto handled = handleRefused(*opened, paths, context.progress); !handled)
        return handled;
    noteReports(opened->reports, context.progress);
    for (const auto& zoo : opened->zoos)
        zoos.push_back({zoo, fromFolder});
    return {};
}

/// "gru.pt is a GRU 2×14, 6 in, 4 out"
std::string firstFile(const zoo::Zoo& zoo)
{
    const zoo::Property* file = zoo.property("file");
    return file == nullptr ? zoo.path.string() : zoo::format(*file, 0);
}

Error differing(const std::vector<ZooInput>& zoos)
{
    const auto bySize = [](const ZooInput& a, const ZooInput& b) { return a.zoo->size < b.zoo->size; };
    const zoo::Zoo& most = *std::max_element(zoos.begin(), zoos.end(), bySize)->zoo;
    const auto odd
        = std::find_if(zoos.rbegin(), zoos.rend(), [&](const ZooInput& each) { return each.zoo.get() != &most; });
    const auto text = [](const zoo::Zoo& zoo) {
        return zoo.architecture.description() + (zoo.architecture.bias ? "" : ", without biases");
    };
    return {Errc::ShapeMismatch,
            fmt::format("the networks are of {} shapes and a zoo has one: {} is {}, {} {}", zoos.size(),
                        firstFile(*odd->zoo), text(*odd->zoo), firstFile(most), text(most)),
            {}};
}

} // namespace

void addWeightChoices(CLI::App& command, WeightOptions& options)
{
    const auto parse = [&options](const std::string& text) {
        const auto sizes = weights::parseRnnSizes(text);
        if (!sizes)
            throw CLI::ValidationError("--rnn", sizes.error().message);
        options.choices.sizes = *sizes;
    };
    command
        .add_option_function<std::string>("--rnn", parse,
                                          "what network a file without names holds: cell=lstm,input=6,hidden=32,"
                                          "layers=2,output=6[,bias=false]; of a plain RNN: cell=rnn_relu")
        ->type_name("SIZES");
    command.add_option("--rnn-prefix", options.choices.rnnPrefix, "which of a file's recurrent networks")
        ->type_name("NAME");
    command.add_option("--head", options.choices.head, "which of a file's linear layers reads it out")
        ->type_name("NAME");
}

void addWeightOptions(CLI::App& command, WeightOptions& options)
{
    addWeightChoices(command, options);
    command.add_option("--labels", options.labels, "a CSV of weight files' properties with a column 'file'")
        ->type_name("CSV");
}

Result<InputKind> identifyInput(const std::string& path)
{
    const auto kind = weights::identify(path);
    if (!kind)
        return tl::make_unexpected(naming(path, kind.error()));
    return kind;
}

Result<std::vector<ZooInput>> openZooInputs(const std::vector<std::string>& paths, const WeightOptions& options,
                                            Context& context)
{
    std::vector<ZooInput> zoos;
    std::vector<std::string> weightPaths;
    bool fromFolder = false;
    for (const std::string& path : paths) {
        const auto kind = identifyInput(path);
        if (!kind)
            return forward(kind);
        if (isOfWeights(*kind)) {
            weightPaths.push_back(path);
            fromFolder = fromFolder || *kind == InputKind::WeightsFolder;
            continue;
        }
        if (*kind == InputKind::Checkpoint)
            return fail(Errc::BadFormat, fmt::format("{} is an encoder checkpoint, expected a zoo", path));
        if (*kind == InputKind::EncoderState)
            return fail(
                Errc::BadFormat,
                fmt::format("{} holds an encoder's weights, expected networks (import-encoder makes a checkpoint "
                            "of it)",
                            path));
        auto zoo = zoo::openZoo(path);
        if (!zoo)
            return tl::make_unexpected(naming(path, zoo.error()));
        zoos.push_back({*std::move(zoo), false});
    }
    if (!weightPaths.empty())
        if (auto opened = openWeights(weightPaths, fromFolder, options, context, zoos); !opened)
            return forward(opened);
    if (weightPaths.empty() && !options.labels.empty())
        context.progress.note("--labels is for weight files, and there are none");
    return zoos;
}

Result<std::shared_ptr<const zoo::Zoo>> openZooInput(const std::vector<std::string>& paths,
                                                     const WeightOptions& options, Context& context)
{
    const auto zoos = openZooInputs(paths, options, context);
    if (!zoos)
        return forward(zoos);
    if (zoos->size() == 1)
        return zoos->front().zoo;
    const bool stored = std::any_of(zoos->begin(), zoos->end(),
                                    [](const ZooInput& input) { return input.zoo->property("file") == nullptr; });
    if (stored)
        return fail(Errc::BadValue, "one zoo at a time, or any number of weight files");
    return tl::make_unexpected(differing(*zoos));
}

} // namespace rnnscope::cli
