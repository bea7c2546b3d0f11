#include "app/snapshot.h"

#include "ui/main_window.h"
#include "ui/models/session.h"

#include <QApplication>
#include <QEventLoop>
#include <QPixmap>
#include <QTimer>

#include <array>
#include <charconv>
#include <cstdio>

namespace rnnscope::app {

namespace {

constexpr int kPoll = 30; ///< ms
constexpr int kQuietPolls = 3;
constexpr int kSettle = 500; ///< ms; points move to their places for 300

int failWith(const QString& message)
{
    std::fprintf(stderr, "rnnscope: error: %s\n", qPrintable(message));
    return 1;
}

/// Until nothing has run for a few polls in a row: one result may start the next work.
void waitUntilQuiet(const ui::MainWindow& window)
{
    QEventLoop loop;
    QTimer timer;
    int quiet = 0;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        quiet = window.busy() ? 0 : quiet + 1;
        if (quiet >= kQuietPolls)
            loop.quit();
    });
    timer.start(kPoll);
    loop.exec();
}

void settle()
{
    QEventLoop loop;
    QTimer::singleShot(kSettle, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

std::optional<QSize> parseSize(const std::string& text)
{
    constexpr int kSmallest = 200;
    constexpr int kLargest = 8192;
    const auto cross = text.find('x');
    if (cross == std::string::npos)
        return std::nullopt;
    std::array<int, 2> numbers {};
    const char* const begin = text.data();
    const std::array<std::pair<const char*, const char*>, 2> parts {
        {{begin, begin + cross}, {begin + cross + 1, begin + text.size()}}};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto [end, error] = std::from_chars(parts[i].first, parts[i].second, numbers[i]);
        if (error != std::errc() || end != parts[i].second || numbers[i] < kSmallest || numbers[i] > kLargest)
            return std::nullopt;
    }
    return QSize(numbers[0], numbers[1]);
}

int takeSnapshot(ui::MainWindow& window, ui::Session& session, const std::function<void()>& load,
                 const SnapshotOptions& options)
{
    QString failure;
    QObject::connect(&session, &ui::Session::failed, &window, [&](const QString& message) {
        if (failure.isEmpty())
            failure = message;
    });
    window.resize(options.size);
    window.show();
    load();
    waitUntilQuiet(window);
    if (!options.select.empty()) {
        const auto zoo = session.currentZoo();
        const auto shown = session.embedded();
        std::vector<std::size_t> rows;
        for (const std::size_t each : options.select) {
            if (!zoo || each >= zoo->size)
                return failWith(!failure.isEmpty() ? failure
                                                   : QStringLiteral("there is no row %1 in the open zoo").arg(each));
            if (const auto row = shown ? ui::rowOnMap(*shown, zoo.get(), each) : std::nullopt)
                rows.push_back(*row);
        }
        if (!rows.empty())
            window.selection().set(rows, rows.back());
        waitUntilQuiet(window);
    }
    if (!options.tab.isEmpty())
        window.showTab(options.tab);
    waitUntilQuiet(window);
    settle();
    if (!window.grab().save(options.path, "PNG"))
        return failWith(QStringLiteral("cannot write %1").arg(options.path));
    return failure.isEmpty() ? 0 : failWith(failure);
}

} // namespace rnnscope::app
