#include "core/base/file.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/main_window.h"
#include "ui/models/labels.h"
#include "ui/models/map_layout.h"
#include "ui/models/saving.h"
#include "ui/models/session.h"
#include "ui/panels/activity_panel.h"
#include "ui/panels/behaviour_panel.h"
#include "ui/panels/evaluation_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/network_panel.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/probing_view.h"
#include "ui/panels/property_text.h"
#include "ui/panels/table_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/panels/trajectory_panel.h"
#include "ui/plots/export.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/map_view.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QPainter>
#include <QSettings>

#include <algorithm>

namespace rnnscope::ui {

namespace {

const QString kMapId = QStringLiteral("map");

Result<void> writeBytes(const std::filesystem::path& path, const QByteArray& bytes)
{
    return replaceFile(path, [&](const std::filesystem::path& temporary) -> Result<void> {
        QFile file(QString::fromStdString(temporary.string()));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.flush())
            return fail(Errc::Io, fmt::format("cannot write {}", temporary.string()));
        return {};
    });
}

Exportable numbersOf(const Figure& figure)
{
    return figure.id == QLatin1String("training") ? Exportable::Training
        : figure.hasNumbers                       ? Exportable::Evaluation
                                                  : Exportable::Map;
}

bool isCsv(const QString& path)
{
    return path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive);
}

/// Of panels that draw themselves light or dark and have no legend.
template <typename Panel>
auto picturesOf(const Panel* panel)
{
    return [panel](const FigureLook& look) -> PaintView {
        return [panel, look](QPainter& painter, const QSize& size) { panel->render(painter, size, look.light); };
    };
}

} // namespace

void MainWindow::buildExportMenu(QMenu* file)
{
    auto* exports = file->addMenu(tr("&Export"));
    exports->setObjectName(QStringLiteral("exportMenu"));
    for (const auto& figure : figures()) {
        auto* action = exports->addAction(figure.title + QChar(0x2026));
        connect(action, &QAction::triggered, this, [this, id = figure.id] { askExport(id); });
        if (figure.id == kMapId)
            action->setShortcut({QStringLiteral("Ctrl+E")});
    }
    exports->addSeparator();
    addAction(exports, tr("All &Views…"), {QStringLiteral("Ctrl+Alt+E")}, &MainWindow::exportAll);
    addAction(exports, tr("Networks as &Table…"), {QStringLiteral("Ctrl+Shift+T")}, &MainWindow::exportNetworks);
    m_needZoo.push_back(exports->menuAction());
}

/// In the order of Exportable.
std::vector<Figure> MainWindow::figures() const
{
    const auto unless = [](bool there, const QString& why) { return there ? QString() : why; };
    const auto& training = m_training->plot()->curves();
    return {{.id = kMapId,
             .title = tr("Map"),
             .sizeMm = {120, 90},
             .hasLegend = true,
             .missing = unless(!m_map->empty(), tr("There are no networks on the map yet")),
             .picture =
                 [this](const FigureLook& look) {
                     return m_map->picture(look.light, look.legend ? MapView::Legend::Drawn : MapView::Legend::LeftOut);
                 },
             .byItself = true},
            {.id = QStringLiteral("network"),
             .title = tr("Network"),
             .sizeMm = {85, 110},
             .missing = unless(m_selection.current().has_value(), tr("No network is selected")),
             .picture = picturesOf(m_network)},
            {.id = QStringLiteral("probing"),
             .title = tr("Probing"),
             .sizeMm = {180, 60},
             .missing = m_probing->view().message(),
             .picture = picturesOf(m_probing)},
            {.id = QStringLiteral("activity"),
             .title = tr("Activity"),
             .sizeMm = {180, 80},
             .missing = m_activity->message(),
             .picture = picturesOf(m_activity)},
            {.id = QStringLiteral("behaviour"),
             .title = tr("Behaviour"),
             .sizeMm = {120, 90},
             .missing = unless(!m_behaviour->empty(), tr("Open the tab Behaviour to let the network write strings")),
             .picture = picturesOf(m_behaviour)},
            {.id = QStringLiteral("trajectory"),
             .title = tr("Training trajectory"),
             .sizeMm = {85, 50},
             .missing = unless(!m_trajectory->trajectories().empty(), tr("No run with several snapshots is selected")),
             .picture = picturesOf(m_trajectory)},
            {.id = QStringLiteral("training"),
             .title = tr("Training"),
             .sizeMm = {120, 70},
             .hasNumbers = true,
             .missing = unless(!training.empty(), tr("This encoder has no loss curves")),
             .picture = picturesOf(m_training)},
            {.id = QStringLiteral("evaluation"),
             .title = tr("Evaluation"),
             .sizeMm = {85, 85},
             .hasNumbers = true,
             .missing = unless(!m_evaluation->empty(), tr("There are no predictions to compare with the truth yet")),
             .picture = picturesOf(m_evaluation)}};
}

void MainWindow::askExport(const QString& view)
{
    auto settings = m_figureSettings;
    settings.view = view;
    if (settings.folder.isEmpty() && !m_recent.isEmpty())
        settings.folder = QFileInfo(m_recent.front()).absolutePath();
    auto* dialog = new ExportDialog(figures(), settings, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_figureSettings = dialog->settings();
        if (m_options.persistent) {
            QSettings kept;
            m_figureSettings.write(kept);
        }
        writeFigures(dialog->files());
    });
    dialog->open();
}

void MainWindow::exportMap()
{
    askExport(kMapId);
}

void MainWindow::exportAll()
{
    askExport(FigureSettings::allViews());
}

/// A file with all that it is made of.
struct MainWindow::FigureTask
{
    QString path;
    PaintView paint;
    ExportOptions options;
    bool byItself = false; ///< `paint` is for any thread
    QString remark {}; ///< said once it is written; may be empty

    /// Paints now what has to be. What it returns does the rest on any thread.
    std::function<Result<void>()> begin() const
    {
        if (!byItself)
            return paintView(path, paint, options);
        return [*this] { return exportView(path, paint, options); };
    }
    QString name() const { return plainText(QFileInfo(path).fileName().toStdString()); }
};

MainWindow::FigureTask MainWindow::taskOf(const FigureFile& file, const ExportOptions& options,
                                          const FigureLook& look) const
{
    FigureTask task {
        .path = file.path, .paint = file.figure->picture(look), .options = options, .byItself = file.figure->byItself};
    const bool vectors = !file.path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive);
    if (file.figure->id == kMapId && vectors && m_map->exportsImage())
        task.remark = tr("The points are so many that they are an image in %1; all else is vectors").arg(task.name());
    return task;
}

/// In the background, but for painting what is not by itself. Then `done` has the names of what was written.
void MainWindow::write(const std::vector<FigureTask>& tasks, const std::function<void(const QStringList&)>& done)
{
    using Outcomes = std::vector<Result<void>>;
    std::vector<std::function<Result<void>()>> begun;
    for (const auto& task : tasks)
        begun.push_back(task.begin());
    const auto work = [begun = std::move(begun)](JobContext&) -> Result<Outcomes> {
        Outcomes outcomes;
        for (const auto& rest : begun)
            outcomes.push_back(rest());
        return outcomes;
    };
    m_jobs.run(this, {}, work, [this, tasks, done](const Result<Outcomes>& ended) {
        if (!ended)
            return showError(ended.error());
        QStringList written;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            if (const auto& outcome = (*ended)[i]; !outcome) {
                showError(outcome.error());
                continue;
            }
            written << tasks[i].name();
            if (!tasks[i].remark.isEmpty())
                m_messages->showNote(tasks[i].remark);
        }
        done(written);
    });
}

void MainWindow::writeFigures(const std::vector<FigureFile>& files)
{
    QStringList numbers;
    std::vector<FigureTask> tasks;
    for (const auto& file : files)
        if (!isCsv(file.path))
            tasks.push_back(taskOf(file, optionsOf(*file.figure, m_figureSettings), m_figureSettings.look));
        else if (writeNumbers(numbersOf(*file.figure), file.path))
            numbers << plainText(QFileInfo(file.path).fileName().toStdString());
    write(tasks, [this, numbers](const QStringList& figures) {
        if (const auto written = figures + numbers; !written.isEmpty())
            m_messages->showNote(tr("Wrote %1").arg(written.join(QStringLiteral(", "))));
    });
}

void MainWindow::exportTo(Exportable view, const QString& path, const ExportOptions& options)
{
    if (view == Exportable::Table)
        return writeTable(path);
    if (isCsv(path)) {
        writeNumbers(view, path);
        return;
    }
    const auto all = figures();
    write({taskOf({&all[static_cast<std::size_t>(view)], path}, options, {})}, [](const QStringList&) {});
}

void MainWindow::showError(const Error& error)
{
    m_messages->showError(QString::fromStdString(error.message), QString::fromStdString(error.detail));
}

bool MainWindow::writeNumbers(Exportable view, const QString& path)
{
    Result<void> written;
    if (view == Exportable::Training)
        written = writeBytes(path.toStdString(), lossCsv(m_training->plot()->curves()));
    else if (view == Exportable::Evaluation)
        written = writeBytes(path.toStdString(), m_evaluation->csv());
    else if (view == Exportable::Table)
        written = writeBytes(path.toStdString(), m_table->csv());
    else
        written = fail(Errc::BadValue, "this view has no numbers to write as CSV");
    if (!written)
        showError(written.error());
    return written.has_value();
}

/// CSV: the lines that are selected, or all shown. HDF5: everything, with what is selected and shown.
void MainWindow::exportNetworks()
{
    QString filter;
    auto path = QFileDialog::getSaveFileName(
        this, tr("Export Table"), QStringLiteral("networks.csv"),
        tr("CSV, selected or shown networks (*.csv);;HDF5, all networks with embeddings (*.h5)"), &filter);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += filter.startsWith(QLatin1String("HDF5")) ? QStringLiteral(".h5") : QStringLiteral(".csv");
    exportTo(Exportable::Table, path, {});
}

void MainWindow::writeTable(const QString& path)
{
    if (isCsv(path)) {
        writeNumbers(Exportable::Table, path);
        return;
    }
    const auto ending = QFileInfo(path).suffix().toLower();
    if (ending != QLatin1String("h5") && ending != QLatin1String("hdf5"))
        return m_messages->showError(
            tr("the table can be written as CSV or HDF5, not as %1").arg(QFileInfo(path).fileName()));
    const auto networks = m_session.embedded();
    if (!networks)
        return m_messages->showError(tr("there are no networks to write to %1").arg(QFileInfo(path).fileName()));
    const auto& layout = m_session.layout();
    NetworkTable table;
    table.networks = networks;
    table.kind = layout.shownKind();
    table.selected = m_selection.ids();
    if (const auto map = layout.map(); map && map->rows == networks->zoo->size)
        table.map = map;
    for (std::size_t row = 0; row < networks->zoo->size; ++row) {
        table.names.push_back(networkName(placeOf(*networks, row)).toStdString());
        table.shown.push_back(m_filter.shows(row) ? 1 : 0);
    }
    m_session.saving().save(std::move(table), path.toStdString());
}

/// As large as it is shown, with twice the pixels, on a light background.
void MainWindow::copyMap()
{
    constexpr double kRatio = 2.0;
    QImage image(m_map->size() * kRatio, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.scale(kRatio, kRatio);
    m_map->render(painter, m_map->size(), true);
    painter.end();
    QApplication::clipboard()->setImage(image);
    m_messages->showNote(tr("The map is on the clipboard"));
}

} // namespace rnnscope::ui
