#pragma once

#include "ui/plots/export.h"

#include <QSizeF>
#include <QString>

#include <functional>
#include <vector>

class QSettings;

namespace rnnscope::ui {

struct FigureLook
{
    bool light = true; ///< background, whatever the theme
    bool legend = true;
};

/// A view as those know it who write it to a file.
struct Figure
{
    QString id; ///< in file names: "map"
    QString title; ///< "Map"
    QSizeF sizeMm; ///< where nothing else is asked for
    bool hasLegend = false;
    bool hasNumbers = false; ///< can be written as CSV
    QString missing {}; ///< why there is nothing to write; empty: there is
    std::function<PaintView(const FigureLook&)> picture; ///< of the view as it is now
    bool byItself = false; ///< pictures are painted by any thread, whatever becomes of the view; else at once
};

/// What the export dialog asks; remembered from one time to the next.
struct FigureSettings
{
    static QString allViews() { return QStringLiteral("all"); }

    QString view = QStringLiteral("map"); ///< id of a figure, or allViews()
    QString format = QStringLiteral("pdf"); ///< ending: "pdf", "svg", "png", "csv"
    double widthMm = 85.0;
    double heightMm = 64.0; ///< of one view; all views have their own proportions
    double textPt = 7.0;
    int dpi = 300;
    FigureLook look {};
    QString folder {}; ///< of the last file

    void read(const QSettings& from);
    void write(QSettings& to) const;
};

/// One file to be written.
struct FigureFile
{
    const Figure* figure = nullptr;
    QString path;
};

/// The view to `path`, or each of all views to "PATH-map.pdf" and so on; views that have nothing to write are left out.
std::vector<FigureFile> filesOf(const std::vector<Figure>& figures, const FigureSettings& settings,
                                const QString& path);
ExportOptions optionsOf(const Figure& figure, const FigureSettings& settings);
/// The height at which a figure this wide has its usual proportions.
double usualHeight(const Figure& figure, double widthMm);

} // namespace rnnscope::ui
