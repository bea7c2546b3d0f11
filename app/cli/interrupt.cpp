#include "app/cli/interrupt.h"

#include "app/cli/output.h"

#include <chrono>
#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace rnnscope::cli {

namespace {

/// Work has a second to stop after Ctrl-C; the rest is for the process to end.
constexpr std::chrono::milliseconds kPatience {500};

sigset_t interrupts()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

/// replaceFile() and PendingFile write to "TARGET.part-PID…" first.
void removeUnfinished(const fs::path& target)
{
    const std::string start = fmt::format("{}.part-{}", target.filename().string(), ::getpid());
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    std::error_code status;
    for (const auto& entry : fs::directory_iterator(folder, status))
        if (entry.path().filename().string().starts_with(start))
            fs::remove(entry.path(), status);
}

} // namespace

Interrupt::Interrupt()
{
    // Threads inherit the mask, so only the listener ever sees these signals. Background jobs of a script start with
    // SIGINT ignored, which would discard it.
    const sigset_t set = interrupts();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGXFSZ, SIG_IGN); // a limit on the size of files is an error of writing
    m_listener = std::thread([this] { listen(); });
}

Interrupt::~Interrupt()
{
    {
        const std::lock_guard lock(m_mutex);
        m_done = true;
    }
    m_finished.notify_all();
    pthread_kill(m_listener.native_handle(), SIGTERM);
    m_listener.join();
}

void Interrupt::willWrite(const fs::path& output)
{
    const std::lock_guard lock(m_mutex);
    m_output = output;
}

void Interrupt::farewell(const std::string& note)
{
    const std::lock_guard lock(m_mutex);
    m_farewell = note;
}

void Interrupt::listen()
{
    const sigset_t set = interrupts();
    int signal = 0;
    while (sigwait(&set, &signal) != 0) { }
    m_stop.request_stop();
    std::unique_lock lock(m_mutex);
    if (m_finished.wait_for(lock, kPatience, [this] { return m_done; }))
        return;
    if (!m_output.empty())
        removeUnfinished(m_output);
    if (!m_farewell.empty())
        printNote(m_farewell);
    printError("cancelled");
    ::_exit(1);
}

} // namespace rnnscope::cli
