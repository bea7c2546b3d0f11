#include "app/cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rnnscope::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto kBarInterval = 100ms;
constexpr auto kFirstLine = 5s;
constexpr auto kLineInterval = 10s;
constexpr std::size_t kBarCells = 24;

/// "0:07", "12:30", "3:05:00"
std::string clockText(double seconds)
{
    const auto s = static_cast<long long>(std::min(seconds, 1e9) + 0.5);
    if (s < 3600)
        return fmt::format("{}:{:02}", s / 60, s % 60);
    return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string bar(double share)
{
    const auto full = static_cast<std::size_t>(share * static_cast<double>(kBarCells));
    std::string text;
    for (std::size_t i = 0; i < kBarCells; ++i)
        text += i < full ? "█" : "░";
    return text;
}

std::size_t terminalColumns()
{
    winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace

TerminalProgress::TerminalProgress()
    : m_terminal(::isatty(STDERR_FILENO) == 1)
{
}

TerminalProgress::~TerminalProgress()
{
    clear();
}

void TerminalProgress::begin(std::string_view what, std::size_t total)
{
    clear();
    m_what = what;
    m_total = total;
    m_before = 0;
    m_start = Clock::now();
    m_next = m_start + (m_terminal ? Clock::duration(kBarInterval) : Clock::duration(kFirstLine));
}

void TerminalProgress::startFrom(std::size_t done)
{
    m_before = done;
}

void TerminalProgress::update(std::size_t done)
{
    const auto now = Clock::now();
    if (now < m_next)
        return;
    m_next = now + (m_terminal ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval));
    const std::string text = line(done, std::chrono::duration<double>(now - m_start).count());
    if (m_terminal)
        fmt::print(stderr, "\r\033[K{}", text);
    else
        fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
    m_shown = m_terminal;
}

void TerminalProgress::note(std::string_view message)
{
    clear();
    fmt::print(stderr, "rnnscope-cli: note: {}\n", message);
    std::fflush(stderr);
}

void TerminalProgress::clear()
{
    if (m_shown)
        fmt::print(stderr, "\r\033[K");
    m_shown = false;
}

std::string TerminalProgress::line(std::size_t done, double seconds) const
{
    const double share = m_total == 0 ? 0.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(m_total));
    const double rate = seconds > 0.0 ? static_cast<double>(done - std::min(done, m_before)) / seconds : 0.0;
    const double left = rate > 0.0 ? static_cast<double>(m_total - std::min(done, m_total)) / rate : 0.0;
    const std::string numbers
        = fmt::format("{:3.0f} %  {}/{}  {:.4g}/s  {} left", 100.0 * share, done, m_total, rate, clockText(left));
    if (!m_terminal)
        return fmt::format("{}: {}", m_what, numbers);
    // as much of what, bar and numbers as the terminal holds, two blanks between
    const std::size_t columns = terminalColumns();
    if (columns > m_what.size() + kBarCells + numbers.size() + 4)
        return fmt::format("{}  {}  {}", m_what, bar(share), numbers);
    return columns > kBarCells + numbers.size() + 2 ? fmt::format("{}  {}", bar(share), numbers) : numbers;
}

} // namespace rnnscope::cli
