#include "ui/dialogs/figure.h"

#include <QFileInfo>
#include <QSettings>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

/// A number that a settings file may have wrong.
double within(double low, const QVariant& value, double high)
{
    return std::clamp(value.toDouble(), low, high);
}

} // namespace

void FigureSettings::read(const QSettings& from)
{
    const auto value
        = [&](const char* key, const QVariant& unless) { return from.value(QLatin1String("figure/") + key, unless); };
    view = value("view", view).toString();
    format = value("format", format).toString();
    widthMm = within(20.0, value("width", widthMm), 1000.0);
    heightMm = within(20.0, value("height", heightMm), 1000.0);
    textPt = within(4.0, value("text", textPt), 36.0);
    dpi = static_cast<int>(within(72.0, value("dpi", dpi), 1200.0));
    look.light = value("light", look.light).toBool();
    look.legend = value("legend", look.legend).toBool();
    folder = value("folder", folder).toString();
}

void FigureSettings::write(QSettings& to) const
{
    const auto set
        = [&](const char* key, const QVariant& value) { to.setValue(QLatin1String("figure/") + key, value); };
    set("view", view);
    set("format", format);
    set("width", widthMm);
    set("height", heightMm);
    set("text", textPt);
    set("dpi", dpi);
    set("light", look.light);
    set("legend", look.legend);
    set("folder", folder);
}

std::vector<FigureFile> filesOf(const std::vector<Figure>& figures, const FigureSettings& settings, const QString& path)
{
    const bool all = settings.view == FigureSettings::allViews();
    const QFileInfo target(path);
    const QString stem = target.path() + QLatin1Char('/') + target.completeBaseName();
    std::vector<FigureFile> files;
    for (const auto& figure : figures) {
        if (!figure.missing.isEmpty() || (!all && figure.id != settings.view))
            continue;
        files.push_back(
            {&figure, all ? QStringLiteral("%1-%2.%3").arg(stem, figure.id, target.suffix()) : target.filePath()});
    }
    return files;
}

ExportOptions optionsOf(const Figure& figure, const FigureSettings& settings)
{
    const bool all = settings.view == FigureSettings::allViews();
    const double height = all ? usualHeight(figure, settings.widthMm) : settings.heightMm;
    return {
        .sizeMm = {settings.widthMm, height}, .dpi = settings.dpi, .title = figure.title, .textPt = settings.textPt};
}

double usualHeight(const Figure& figure, double widthMm)
{
    return std::round(widthMm * figure.sizeMm.height() / figure.sizeMm.width());
}

} // namespace rnnscope::ui
