#pragma once

#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "core/base/result.h"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace rnnscope::cli {

/// What a command gets besides its own options.
struct Context
{
    std::string commandLine; ///< as typed, for provenance
    TerminalProgress& progress;
    Interrupt& interrupt;
};

/// The work of the command that the arguments name.
using Action = std::function<Result<void>(Context&)>;

// Each adds one command with its options to `program`; when the user names it, `chosen` becomes its work.
void addInfo(CLI::App& program, Action& chosen);
void addConvert(CLI::App& program, Action& chosen);
void addMakeZoo(CLI::App& program, Action& chosen);
void addTrain(CLI::App& program, Action& chosen);
void addEmbed(CLI::App& program, Action& chosen);
void addEvaluate(CLI::App& program, Action& chosen);
void addPredict(CLI::App& program, Action& chosen);
void addImportEncoder(CLI::App& program, Action& chosen);

} // namespace rnnscope::cli
