#include "core/base/file.h"
#include "core/zoo/zoo.h"
#include "ui/application_style.h"
#include "ui/main_window.h"
#include "ui/models/session.h"
#include "ui/plots/export.h"
#include "ui/plots/map_view.h"

#include <QApplication>
#include <QEventLoop>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include <atomic>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <numeric>
#include <thread>

// The window as its user waits for it, each time in a process of its own: from the program's start to the first window,
// to the first networks on the map and to all of them, with the demo; the same from the drop of a zoo of 500 MB on a
// window that is open. Beside it the longest time the window did not answer and the memory; last what its user does
// with 9 000 networks, by the longest time without an answer.
//
// bench_window --window ORIGIN CACHE FILE... is what runs in those processes; it prints its times and ends. CACHE:
// folder of known embeddings, - without.

namespace {

namespace ui = rnnscope::ui;
namespace fs = std::filesystem;

std::int64_t now() // ms, the same clock in every process
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

long memoryMegabytes(const std::string& field) // "VmRSS:", "VmHWM:"
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (long kilobytes = 0; word == field && status >> kilobytes)
            return kilobytes / 1024;
    return 0;
}

/// Asks the GUI thread every few milliseconds whether it is there, from another thread.
class Watchdog : public QObject
{
public:
    Watchdog()
        : m_thread([this](const std::stop_token& stop) { watch(stop); })
    {
    }
    std::int64_t longest() const { return m_longest; } ///< ms without an answer
    void restart() { m_longest = 0; }

private:
    void watch(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            const auto asked = now();
            std::atomic<bool> answered = false;
            QMetaObject::invokeMethod(
                this, [&answered] { answered = true; }, Qt::QueuedConnection);
            while (!answered && !stop.stop_requested())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            m_longest = std::max(m_longest.load(), now() - asked);
        }
    }

    std::atomic<std::int64_t> m_longest = 0;
    std::jthread m_thread; // the last to come, the first to go
};

/// When the map was first painted with networks on it, and when with all.
class Times : public QObject
{
public:
    Times(ui::Session& session, std::int64_t origin)
        : m_session(session)
        , m_origin(origin)
    {
        qApp->installEventFilter(this);
    }
    void restart()
    {
        m_origin = now();
        window = points = all = -1;
    }
    std::int64_t window = -1; ///< ms since the origin
    std::int64_t points = -1;
    std::int64_t all = -1;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            if (const auto* widget = qobject_cast<QWidget*>(watched);
                widget != nullptr && qobject_cast<ui::MapView*>(widget->parentWidget()) != nullptr)
                QTimer::singleShot(0, this, [this, shown = m_session.embedded()] { painted(shown); });
        return false;
    }

private:
    void painted(const std::shared_ptr<const ui::EmbeddedZoo>& shown)
    {
        const auto at = now() - m_origin;
        const auto first = [at](std::int64_t& time) {
            if (time < 0)
                time = at;
        };
        first(window);
        if (shown && shown->done > 0)
            first(points);
        if (shown && shown->complete)
            first(all);
    }

    ui::Session& m_session;
    std::int64_t m_origin;
};

void waitUntilQuiet(const ui::MainWindow& window)
{
    constexpr int kPoll = 10; // ms
    constexpr int kPolls = 20;
    QEventLoop loop;
    QTimer timer;
    int quiet = 0;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        quiet = window.busy() ? 0 : quiet + 1;
        if (quiet == kPolls)
            loop.quit();
    });
    timer.start(kPoll);
    loop.exec();
}

/// What users do, each by itself, with the longest time in ms that the window did not answer.
int useWindow(const QStringList& files)
{
    ui::ApplicationStyle style(*qApp);
    ui::Session session;
    ui::MainWindow window(session, style, {.persistent = false, .demoFolder = {}});
    window.resize(1440, 900);
    Watchdog watchdog;
    window.show();
    const auto report = [&](const char* name, const std::function<void()>& action) {
        watchdog.restart();
        QTimer::singleShot(0, &window, action);
        waitUntilQuiet(window);
        std::printf("%s %lld\n", name, static_cast<long long>(watchdog.longest()));
    };
    report("open", [&] { window.openFiles(files); });
    auto& selection = window.selection();
    report("select_one", [&] { selection.select(1); });
    report("select_all", [&] {
        std::vector<ui::Selection::Id> all(session.embedded()->zoo->size);
        std::iota(all.begin(), all.end(), 0);
        selection.set(all);
    });
    report("select_none", [&] { selection.clear(); });
    for (const char* colour :
         {"property:accuracy", "predicted:accuracy", "error:accuracy", "split", "trust", "map_trust"})
        report(colour, [&] { window.setColour(colour); });
    report("other_encoder", [&] { session.setCurrentCheckpoint(session.checkpoints().back()); });
    report("umap", [&] { window.setProjection(rnnscope::projection::MapKind::Umap); });
    for (const char* tab : {"training", "evaluation", "probing"})
        report(tab, [&] { window.showTab(tab); });
    report("dark", [&] { style.setChoice(ui::ThemeChoice::Dark); });
    const QTemporaryDir folder;
    for (const char* name : {"map.pdf", "map.svg", "map.png"})
        report(name, [&] { window.exportTo(ui::Exportable::Map, folder.filePath(name), {}); });
    report("close", [&] { session.close(session.currentZoo()); });
    std::fflush(stdout);
    std::_Exit(0);
}

/// The files before "+" are open when the clock starts; without one it starts with the process.
int openWindow(const QStringList& arguments)
{
    ui::ApplicationStyle style(*qApp);
    ui::Session session;
    if (arguments[1] != "-")
        session.keepEmbeddingsIn(arguments[1]);
    Times times(session, arguments[0].toLongLong());
    ui::MainWindow window(session, style, {.persistent = false, .demoFolder = {}});
    window.resize(1440, 900);
    Watchdog watchdog;
    window.show();
    const auto files = arguments.mid(2);
    const auto plus = files.indexOf("+");
    QEventLoop untilLoaded;
    bool loaded = false;
    QObject::connect(&session, &ui::Session::deviceChanged, &untilLoaded, [&] {
        loaded = true;
        untilLoaded.quit();
    });
    QTimer::singleShot(0, &window, [&] {
        session.loadEngine();
        window.openFiles(plus < 0 ? files : files.mid(0, plus));
    });
    waitUntilQuiet(window);
    if (plus >= 0) {
        if (!loaded)
            untilLoaded.exec();
        times.restart();
        window.openFiles(files.mid(plus + 1));
        waitUntilQuiet(window);
    }
    std::printf("%lld %lld %lld %lld %ld %ld\n", static_cast<long long>(times.window),
                static_cast<long long>(times.points), static_cast<long long>(times.all),
                static_cast<long long>(watchdog.longest()), memoryMegabytes("VmRSS:"), memoryMegabytes("VmHWM:"));
    std::fflush(stdout);
    std::_Exit(0); // what the window takes to close is no part of it
}

void inProcessOfItsOwn(benchmark::State& state, const QStringList& cacheAndFiles)
{
    for (auto _ : state) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QCoreApplication::applicationFilePath(),
                      QStringList {"--window", QString::number(now())} + cacheAndFiles);
        if (!process.waitForFinished(-1) || process.exitCode() != 0)
            return state.SkipWithError("the window did not end well");
        const auto fields = QString::fromUtf8(process.readAllStandardOutput()).simplified().split(' ');
        if (fields.size() != 6 || fields[2].toDouble() < 0.0)
            return state.SkipWithError("the networks did not come on the map");
        constexpr double kMillisecond = 1e-3;
        state.SetIterationTime(fields[1].toDouble() * kMillisecond);
        state.counters["window_ms"] = fields[0].toDouble();
        state.counters["all_ms"] = fields[2].toDouble();
        state.counters["unanswered_ms"] = fields[3].toDouble();
        state.counters["memory_MB"] = fields[4].toDouble();
        state.counters["peak_MB"] = fields[5].toDouble();
    }
}

/// The time is the longest of all.
void used(benchmark::State& state, const QStringList& files)
{
    for (auto _ : state) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QCoreApplication::applicationFilePath(), QStringList {"--use"} + files);
        if (!process.waitForFinished(-1) || process.exitCode() != 0)
            return state.SkipWithError("the window did not end well");
        double longest = 0.0;
        for (const auto& line : QString::fromUtf8(process.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts)) {
            const double unanswered = line.section(' ', 1).toDouble();
            state.counters[line.section(' ', 0, 0).toStdString()] = unanswered;
            longest = std::max(longest, unanswered);
        }
        constexpr double kMillisecond = 1e-3;
        state.SetIterationTime(longest * kMillisecond);
    }
}

/// The demo's languages over and over until they fill 500 MB.
bool writeLargeZoo(const fs::path& from, const fs::path& to)
{
    constexpr std::size_t kBytes = 500'000'000;
    const auto zoo = rnnscope::zoo::openZoo(from);
    if (!zoo)
        return false;
    rnnscope::zoo::WriteZooOptions options {.rolloutSequences = 0};
    options.rows.resize(kBytes / (sizeof(float) * (*zoo)->architecture.parameterCount()));
    for (std::size_t row = 0; row < options.rows.size(); ++row)
        options.rows[row] = row % (*zoo)->size;
    rnnscope::NoProgress quiet;
    const auto written = rnnscope::zoo::writeZoo(**zoo, to, options, quiet, {});
    if (!written)
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
    return written.has_value();
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() > 4 && arguments[1] == "--window")
        return openWindow(arguments.mid(2));
    if (arguments.size() > 2 && arguments[1] == "--use")
        return useWindow(arguments.mid(2));

    const QString demo = QStringLiteral(RNNSCOPE_SOURCE_DIR "/resources/demo");
    const auto large = fs::temp_directory_path() / "rnnscope-bench.zoo.h5";
    if (!writeLargeZoo((demo + "/formal_languages.zoo.h5").toStdString(), large))
        return 1;
    const auto manual = [](benchmark::internal::Benchmark* bench) {
        bench->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1);
    };
    const QTemporaryDir cache; // filled by whoever comes first
    manual(benchmark::RegisterBenchmark("start/first_time", &inProcessOfItsOwn, QStringList {"-", demo}));
    manual(benchmark::RegisterBenchmark("start/again", &inProcessOfItsOwn, QStringList {cache.path(), demo}));
    for (const char* encoder : {"layerwise_statistics", "interactive_probing"})
        manual(benchmark::RegisterBenchmark(
            (std::string("drop_500MB/") + encoder).c_str(), &inProcessOfItsOwn,
            QStringList {"-", demo + "/formal_languages." + encoder + ".encoder.h5", "+", large.c_str()}));
    manual(benchmark::RegisterBenchmark("longest_unanswered/9000", &used,
                                        QStringList {large.c_str(),
                                                     demo + "/formal_languages.interactive_probing.encoder.h5",
                                                     demo + "/formal_languages.layerwise_statistics.encoder.h5"}));
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    fs::remove(large);
    return 0;
}
