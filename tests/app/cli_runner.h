#pragma once

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace rnnscope::test {

/// How the program ended and what it said.
struct Outcome
{
    int status = -1; ///< -1 when a signal ended it
    std::string out;
    std::string error;
};

/// Runs the built rnnscope-cli to its end, its streams in files (so it is piped, not on a terminal).
Outcome runCli(const std::vector<std::string>& arguments);

/// The same, and sends SIGINT once `ready` says so of the running program.
Outcome interruptCli(const std::vector<std::string>& arguments, const std::function<bool(pid_t)>& ready);

/// The same with SIGKILL, which no program can answer.
Outcome killCli(const std::vector<std::string>& arguments, const std::function<bool(pid_t)>& ready);

} // namespace rnnscope::test
