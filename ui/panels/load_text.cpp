#include "ui/panels/load_text.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

namespace rnnscope::ui {

namespace {

constexpr std::size_t kMostNames = 200; ///< of tensors
constexpr std::size_t kMostNotes = 6; ///< in brief
constexpr std::size_t kLongestLine = 240;

QString number(std::size_t value)
{
    return groupedNumber(static_cast<qlonglong>(value));
}

QString fileName(const weights::LoadReport& report)
{
    return plainText(report.file.filename().string());
}

void addList(QStringList& lines, const QString& head, const std::vector<std::string>& entries)
{
    if (entries.empty())
        return;
    if (!lines.isEmpty())
        lines << QString();
    lines << head;
    for (std::size_t i = 0; i < std::min(entries.size(), kMostNames); ++i)
        lines << QStringLiteral("  ") + plainText(entries[i], kLongestLine);
    if (entries.size() > kMostNames)
        lines << QObject::tr("  and %1 more").arg(number(entries.size() - kMostNames));
}

} // namespace

QString loadTitle(const weights::LoadReport& report)
{
    return QObject::tr("Loaded from %1").arg(fileName(report));
}

QString loadSummary(const weights::LoadReport& report)
{
    const auto format = weights::title(report.format);
    QStringList parts;
    for (const auto& part :
         {QString::fromUtf8(format), plainText(report.network, kLongestLine), plainText(report.precision)})
        if (!part.isEmpty())
            parts << part;
    const auto used = report.used.size();
    parts << (used == 1 ? QObject::tr("1 tensor used") : QObject::tr("%1 tensors used").arg(number(used)))
            + (report.ignored.empty() ? QString() : QObject::tr(", %1 ignored").arg(number(report.ignored.size())));
    return parts.join(QStringLiteral("; "));
}

QString loadWarning(const weights::LoadReport& report)
{
    if (report.nonFinite == 0)
        return {};
    if (report.nonFinite == 1)
        return QObject::tr("1 weight is NaN or infinite: no encoder can embed this network");
    return QObject::tr("%1 weights are NaN or infinite: no encoder can embed this network")
        .arg(number(report.nonFinite));
}

QString loadDetails(const weights::LoadReport& report)
{
    QStringList lines;
    addList(lines, QObject::tr("Notes"), report.notes);
    addList(lines, QObject::tr("Used (%1)").arg(number(report.used.size())), report.used);
    addList(lines, QObject::tr("Ignored (%1)").arg(number(report.ignored.size())), report.ignored);
    return lines.join(QLatin1Char('\n'));
}

QString loadBrief(const weights::LoadReport& report)
{
    QStringList lines {loadSummary(report)};
    if (const auto warning = loadWarning(report); !warning.isEmpty())
        lines << warning;
    for (std::size_t i = 0; i < std::min(report.notes.size(), kMostNotes); ++i)
        lines << plainText(report.notes[i], kLongestLine);
    return lines.join(QLatin1Char('\n'));
}

} // namespace rnnscope::ui
