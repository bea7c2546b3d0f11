#pragma once

#include "core/base/file.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace rnnscope::cli {

/// Ctrl-C (and SIGTERM) asks the work to stop. Work that has not stopped shortly after, e.g. inside one long product
/// of LibTorch, ends with the process: status 1 and no half-written output. Make it before any other thread starts.
class Interrupt
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    /// An output whose unfinished neighbour has to go with the process.
    void willWrite(const fs::path& output);
    /// What to say when the process has to end with the work: e.g. how to go on with it.
    void farewell(const std::string& note);

private:
    void listen();

    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable m_finished;
    bool m_done = false;
    fs::path m_output;
    std::string m_farewell;
    std::thread m_listener;
};

} // namespace rnnscope::cli
