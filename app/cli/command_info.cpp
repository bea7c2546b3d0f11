#include "app/cli/command.h"
#include "app/cli/describe.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "core/zoo/file_kind.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct InfoOptions
{
    std::vector<std::string> files;
    bool json = false;
};

Result<void> describeFile(const std::string& path, bool asJson)
{
    const auto kind = zoo::fileKind(path);
    if (!kind)
        return tl::make_unexpected(naming(path, kind.error()));
    if (*kind == zoo::FileKind::Checkpoint) {
        const auto checkpoint = openEncoderInput(path);
        if (!checkpoint)
            return forward(checkpoint);
        asJson ? printJson(toJson(**checkpoint)) : print(describe(**checkpoint));
        return {};
    }
    const auto zoo = openZooInput(path);
    if (!zoo)
        return forward(zoo);
    asJson ? printJson(toJson(**zoo, *kind)) : print(describe(**zoo, *kind));
    return {};
}

Result<void> runInfo(const InfoOptions& options)
{
    for (const std::string& path : options.files) {
        const auto done = describeFile(path, options.json);
        if (!done)
            return done;
    }
    return {};
}

} // namespace

void addInfo(CLI::App& program, Action& chosen)
{
    const auto options = std::make_shared<InfoOptions>();
    CLI::App* command = program.add_subcommand("info", "Say what a file is: zoo or encoder checkpoint");
    command->add_option("files", options->files, "zoo folders, zoo files, encoder checkpoints")
        ->required()
        ->type_name("FILE");
    addJson(*command, options->json);
    command->callback([options, &chosen] { chosen = [options](Context&) { return runInfo(*options); }; });
}

} // namespace rnnscope::cli
