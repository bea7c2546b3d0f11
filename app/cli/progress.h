#pragma once

#include "core/base/progress.h"

#include <chrono>
#include <string>

namespace rnnscope::cli {

/// On standard error: a bar with rate and time left on a terminal; else a line now and then once work takes longer
/// than 5 s.
class TerminalProgress final : public Progress
{
public:
    TerminalProgress();
    ~TerminalProgress() override;
    TerminalProgress(const TerminalProgress&) = delete;
    TerminalProgress& operator=(const TerminalProgress&) = delete;

    void begin(std::string_view what, std::size_t total) override;
    void update(std::size_t done) override;
    void note(std::string_view message) override;
    /// Work of an earlier run is part of the total: it counts as done but not for the rate. After begin().
    void startFrom(std::size_t done);
    /// Another text for the work that is going on.
    void describe(std::string_view what) { m_what = what; }
    /// Takes the bar off the terminal, so that other lines can follow.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    std::string line(std::size_t done, double seconds) const;

    const bool m_terminal;
    std::string m_what;
    std::size_t m_total = 0;
    std::size_t m_before = 0; ///< done by an earlier run
    bool m_shown = false;
    Clock::time_point m_start;
    Clock::time_point m_next;
};

} // namespace rnnscope::cli
