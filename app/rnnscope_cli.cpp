#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <new>

namespace {

using namespace rnnscope;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

std::string commandLine(int argc, char** argv)
{
    std::string line = "rnnscope-cli";
    for (int i = 1; i < argc; ++i)
        line += std::string(" ") + argv[i];
    return line;
}

/// Help goes to standard output with status 0; everything else CLI11 complains of is a wrong call.
int answer(const CLI::App& program, const CLI::ParseError& error)
{
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
        return program.exit(error);
    std::string command = "rnnscope-cli";
    for (const CLI::App* named : program.get_subcommands())
        command += " " + named->get_name();
    std::string what = error.what();
    const std::vector<std::string> unknown = program.remaining();
    if (program.get_subcommands().empty() && !unknown.empty() && !unknown.front().starts_with("-"))
        what = fmt::format("there is no command '{}'", unknown.front());
    cli::printError(fmt::format("{} ('{} --help' tells more)", what, command));
    return kUsage;
}

int finish(const Result<void>& done)
{
    if (!done) {
        cli::printError(done.error().code == Errc::Cancelled ? "cancelled" : done.error().message);
        return kFailed;
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        cli::printError("cannot write to standard output");
        return kFailed;
    }
    return kDone;
}

int run(int argc, char** argv)
{
    CLI::App program("Embeds zoos of trained recurrent networks and predicts what they do.", "rnnscope-cli");
    program.set_version_flag("--version", "rnnscope-cli " RNNSCOPE_VERSION);
    program.require_subcommand(1);
    cli::Action chosen;
    for (const auto add : {cli::addInfo, cli::addConvert, cli::addMakeZoo, cli::addTrain, cli::addEvaluate,
                           cli::addEmbed, cli::addPredict, cli::addImportEncoder})
        add(program, chosen);
    program.footer("Exit status: 0 done, 1 failed, 2 wrong usage.");
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return answer(program, error);
    }
    cli::Interrupt interrupt;
    cli::TerminalProgress progress;
    cli::Context context {commandLine(argc, argv), progress, interrupt};
    const Result<void> done = chosen(context);
    progress.clear();
    return finish(done);
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        cli::printError("out of memory");
    } catch (const std::exception& error) {
        cli::printError(error.what());
    }
    return kFailed;
}
