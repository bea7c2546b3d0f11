#include "app/snapshot.h"
#include "core/weights/identify.h"
#include "ui/application_style.h"
#include "ui/main_window.h"
#include "ui/models/session.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct Arguments
{
    std::vector<std::string> files;
    bool demo = false;
    std::string snapshot;
    std::string size = "1440x900";
    int scale = 1;
    std::string theme;
    std::vector<std::size_t> select;
    std::string tab;
    bool hints = false;
};

void declare(CLI::App& cli, Arguments& arguments)
{
    cli.set_version_flag("--version", std::string("rnnscope ") + RNNSCOPE_VERSION);
    cli.add_option("FILE", arguments.files,
                   "Zoos, authors' folders, encoder checkpoints, weight files, workspaces; the demo if no zoo, "
                   "checkpoint or workspace "
                   "is named");
    cli.add_flag("--demo", arguments.demo, "Open the demo, too");
    auto* snapshot = cli.add_option("--snapshot", arguments.snapshot, "Render the loaded window to this PNG and exit");
    cli.add_option("--size", arguments.size, "Size of the window for --snapshot, WxH")
        ->needs(snapshot)
        ->check([](const std::string& text) {
            return rnnscope::app::parseSize(text) ? std::string() : "expected WxH, e.g. 1440x900, found " + text;
        });
    cli.add_option("--scale", arguments.scale, "Pixels per unit for --snapshot")
        ->needs(snapshot)
        ->check(CLI::Range(1, 4));
    cli.add_option("--theme", arguments.theme, "light or dark; else the last one, at first the system's")
        ->check(CLI::IsMember({"light", "dark"}));
    cli.add_option("--select", arguments.select, "Select these rows of the zoo, for --snapshot: 3 or 3,10")
        ->needs(snapshot)
        ->delimiter(',')
        ->allow_extra_args(false); // a file may follow
    cli.add_option("--tab", arguments.tab,
                   "Bottom tab for --snapshot: probing, activity, behaviour, table, training, evaluation")
        ->needs(snapshot)
        ->check(CLI::IsMember({"probing", "activity", "behaviour", "table", "training", "evaluation"}));
    cli.add_flag("--hints", arguments.hints, "Show the hints of the first run in a --snapshot, too")->needs(snapshot);
}

QString dataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

QString demoFolder()
{
    const auto program = QCoreApplication::applicationDirPath();
    for (const auto& folder : {qEnvironmentVariable("RNNSCOPE_DEMO"), program + "/../share/rnnscope/demo",
                               QStringLiteral(RNNSCOPE_DEMO_SOURCE)})
        if (!folder.isEmpty() && !QDir(folder).entryList({"*.h5"}, QDir::Files).isEmpty())
            return QDir(folder).canonicalPath();
    return {};
}

/// Weight files and bare encoders have nothing to be seen beside: they join the demo.
bool needCompany(const std::vector<std::string>& files)
{
    using rnnscope::weights::InputKind;
    return std::all_of(files.begin(), files.end(), [](const std::string& file) {
        const auto kind = rnnscope::weights::identify(file);
        return kind
            && (*kind == InputKind::Weights || *kind == InputKind::WeightsFolder || *kind == InputKind::EncoderState);
    });
}

/// Standard error of a snapshot is for what the user must know, not for Qt's chatter.
void printOnlyFailures(QtMsgType type, const QMessageLogContext&, const QString& message)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        std::fprintf(stderr, "%s\n", qPrintable(message));
}

/// A snapshot needs no display, and every test of it no particular one.
void chooseDisplay(const Arguments& arguments)
{
    if (arguments.snapshot.empty())
        return;
    qInstallMessageHandler(&printOnlyFailures);
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    if (arguments.scale > 1)
        qputenv("QT_SCALE_FACTOR", QByteArray::number(arguments.scale));
}

void chooseTheme(rnnscope::ui::ApplicationStyle& style, const Arguments& arguments)
{
    using rnnscope::ui::ThemeChoice;
    if (arguments.theme == "light")
        style.setChoice(ThemeChoice::Light);
    else if (arguments.theme == "dark")
        style.setChoice(ThemeChoice::Dark);
    else if (arguments.snapshot.empty())
        style.setChoice(static_cast<ThemeChoice>(QSettings().value("theme", 0).toInt()));
}

int show(QApplication& application, const Arguments& arguments)
{
    namespace ui = rnnscope::ui;
    ui::ApplicationStyle style(application);
    chooseTheme(style, arguments);
    ui::Session session;
    session.keepEmbeddingsIn(QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + "/embeddings");
    const bool snapshot = !arguments.snapshot.empty();
    ui::MainWindow window(session, style,
                          {.persistent = !snapshot,
                           .demoFolder = demoFolder(),
                           .autosaveFolder = snapshot ? QString() : dataFolder() + "/autosave",
                           .hints = !snapshot || arguments.hints});
    QStringList files;
    for (const auto& file : arguments.files)
        files << QFileInfo(QString::fromLocal8Bit(file.c_str())).absoluteFilePath();

    const auto load = [&] {
        session.loadEngine();
        if (files.isEmpty() && !arguments.demo && window.restoreLost())
            return;
        if (arguments.demo || needCompany(arguments.files))
            window.openDemo();
        window.openFiles(files);
    };
    if (snapshot)
        return rnnscope::app::takeSnapshot(window, session, load,
                                           {.path = QString::fromLocal8Bit(arguments.snapshot.c_str()),
                                            .size = *rnnscope::app::parseSize(arguments.size),
                                            .select = arguments.select,
                                            .tab = QString::fromStdString(arguments.tab)});
    window.show();
    QTimer::singleShot(0, &window, load);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    constexpr int kUsage = 2;
    Arguments arguments;
    CLI::App cli("Maps of zoos of trained recurrent networks.", "rnnscope");
    declare(cli, arguments);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : kUsage;
    }
    chooseDisplay(arguments);
    QCoreApplication::setOrganizationName("RNNScope");
    QCoreApplication::setApplicationName("rnnscope");
    QCoreApplication::setApplicationVersion(RNNSCOPE_VERSION);
    QApplication application(argc, argv);
    return show(application, arguments);
}
