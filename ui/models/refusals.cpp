#include "ui/models/refusals.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

namespace rnnscope::ui {

namespace {
constexpr std::size_t kLongestReason = 400;
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

} // namespace rnnscope::ui
