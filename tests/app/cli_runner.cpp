#include "app/cli_runner.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;

/// What the program writes to one stream; the file goes with the object.
class Stream
{
public:
    explicit Stream(const char* name)
        : m_path(fs::temp_directory_path() / ("rnnscope-cli-" + std::to_string(::getpid()) + "-" + name))
    {
    }
    ~Stream() { fs::remove(m_path); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void redirect(posix_spawn_file_actions_t& actions, int descriptor) const
    {
        posix_spawn_file_actions_addopen(&actions, descriptor, m_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    }

    std::string content() const
    {
        std::ifstream in(m_path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    fs::path m_path;
};

Outcome run(const std::vector<std::string>& arguments, const std::function<void(pid_t)>& meanwhile)
{
    const Stream out("out");
    const Stream error("error");
    std::vector<std::string> words {RNNSCOPE_CLI};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    out.redirect(actions, STDOUT_FILENO);
    error.redirect(actions, STDERR_FILENO);
    pid_t child = 0;
    Outcome outcome;
    if (posix_spawn(&child, RNNSCOPE_CLI, &actions, nullptr, argv.data(), environ) == 0) {
        meanwhile(child);
        int status = 0;
        waitpid(child, &status, 0);
        outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    posix_spawn_file_actions_destroy(&actions);
    outcome.out = out.content();
    outcome.error = error.content();
    return outcome;
}

/// Without collecting its status.
bool hasEnded(pid_t child)
{
    siginfo_t info {};
    return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == child;
}

void signalWhen(pid_t child, const std::function<bool(pid_t)>& ready, int signal)
{
    constexpr useconds_t kPoll = 2000; // microseconds
    while (!hasEnded(child) && !ready(child))
        ::usleep(kPoll);
    ::kill(child, signal);
}

} // namespace

Outcome runCli(const std::vector<std::string>& arguments)
{
    return run(arguments, [](pid_t) {});
}

Outcome interruptCli(const std::vector<std::string>& arguments, const std::function<bool(pid_t)>& ready)
{
    return run(arguments, [&](pid_t child) { signalWhen(child, ready, SIGINT); });
}

Outcome killCli(const std::vector<std::string>& arguments, const std::function<bool(pid_t)>& ready)
{
    return run(arguments, [&](pid_t child) { signalWhen(child, ready, SIGKILL); });
}

} // namespace rnnscope::test
