#include "ui/plots/confusion_view.h"

#include "ui/plots/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

HeatMap confusionMap(const Confusion& confusion, const QString& title)
{
    const auto classes = static_cast<std::size_t>(confusion.classes.size());
    std::size_t right = 0;
    for (std::size_t i = 0; i < classes; ++i)
        right += confusion.count(i, i);
    const auto total = confusion.total();
    HeatMap map;
    map.title = title;
    map.subtitle = total == 0
        ? QStringLiteral("no networks")
        : QStringLiteral("%1 of %2 right · rows actual, columns predicted")
              .arg(groupedNumber(static_cast<qlonglong>(right)), groupedNumber(static_cast<qlonglong>(total)));
    map.rows = confusion.classes;
    map.columns = classes;
    map.columnLabels = confusion.classes;
    map.columnTitle = QStringLiteral("predicted");
    for (std::size_t actual = 0; actual < classes; ++actual) {
        std::size_t sum = 0;
        for (std::size_t predicted = 0; predicted < classes; ++predicted)
            sum += confusion.count(actual, predicted);
        for (std::size_t predicted = 0; predicted < classes; ++predicted) {
            const auto count = confusion.count(actual, predicted);
            map.values.push_back(sum > 0 ? static_cast<float>(count) / static_cast<float>(sum)
                                         : std::numeric_limits<float>::quiet_NaN());
            map.cellTexts << (sum > 0 ? groupedNumber(static_cast<qlonglong>(count)) : QString());
        }
    }
    return map;
}

ConfusionView::ConfusionView(QWidget* parent)
    : HeatMapView(parent)
{
}

void ConfusionView::setConfusion(const Confusion& confusion, const QString& title)
{
    m_confusion = confusion;
    setData(confusionMap(confusion, title));
}

QByteArray confusionCsv(const Confusion& confusion)
{
    QByteArray csv = "actual,predicted,count\n";
    const auto quoted = [](QString name) {
        return QLatin1Char('"') + name.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
    };
    for (qsizetype actual = 0; actual < confusion.classes.size(); ++actual)
        for (qsizetype predicted = 0; predicted < confusion.classes.size(); ++predicted)
            csv += QStringLiteral("%1,%2,%3\n")
                       .arg(quoted(confusion.classes[actual]), quoted(confusion.classes[predicted]))
                       .arg(confusion.count(static_cast<std::size_t>(actual), static_cast<std::size_t>(predicted)))
                       .toUtf8();
    return csv;
}

} // namespace rnnscope::ui
