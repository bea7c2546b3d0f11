#include "ui/models/refusals.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

namespace rnnscope::ui {

namespace {
constexpr std::size_t kLongestReason = 480; ///< paths are long, and the reason comes last
}

Refusal summarise(const std::vector<Error>& errors)
{
    const auto text = [](const Error& error) { return plainText(error.message, kLongestReason); };
    const auto& first = errors.front();
    if (errors.size() == 1)
        return {.message = text(first), .detail = plainText(first.detail, kLongestReason)};
    QStringList reasons;
    for (std::size_t i = 0; i < std::min(errors.size(), kMostReasons); ++i)
        reasons << text(errors[i]);
    if (errors.size() > kMostReasons)
        reasons << QObject::tr("and %1 more").arg(groupedNumber(static_cast<qlonglong>(errors.size() - kMostReasons)));
    return {.message = QObject::tr("%1 files could not be opened, the first because %2")
                           .arg(groupedNumber(static_cast<qlonglong>(errors.size())), text(first)),
            .detail = reasons.join(QLatin1Char('\n'))};
}

std::optional<Refusal> notFinite(const std::vector<weights::LoadReport>& reports)
{
    QStringList lines;
    for (const auto& each : reports)
        if (each.nonFinite > 0)
            lines << QObject::tr("%1: %2 NaN or infinite")
                         .arg(plainText(each.file.filename().string()),
                              each.nonFinite == 1 ? QObject::tr("1 weight is")
                                                  : QObject::tr("%1 weights are")
                                                        .arg(groupedNumber(static_cast<qlonglong>(each.nonFinite))));
    if (lines.isEmpty())
        return std::nullopt;
    if (lines.size() == 1)
        return Refusal {.message = QObject::tr("%1, so it is not embedded").arg(lines.front()), .detail = {}};
    const auto all = lines.size();
    lines = lines.mid(0, static_cast<qsizetype>(kMostReasons));
    if (all > lines.size())
        lines << QObject::tr("and %1 more").arg(groupedNumber(all - lines.size()));
    return Refusal {
        .message
        = QObject::tr("%1 files have NaN or infinite weights, so they are not embedded").arg(groupedNumber(all)),
        .detail = lines.join(QLatin1Char('\n'))};
}

} // namespace rnnscope::ui
