#include "ui/panels/interval_text.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

using prediction::Prediction;

constexpr std::size_t kLongestLabel = 30;

bool isReal(const Prediction& prediction)
{
    return prediction.kind == zoo::PropertyKind::Real || prediction.kind == zoo::PropertyKind::Circular;
}

QString realInterval(const Prediction& prediction, std::size_t at)
{
    const double lower = prediction.lower[at];
    const double upper = prediction.upper[at];
    if (std::isnan(lower) || std::isnan(upper))
        return QStringLiteral("–");
    if (std::isinf(lower) && std::isinf(upper))
        return QStringLiteral("any value");
    if (std::isinf(lower))
        return QStringLiteral("≤ ") + shortNumber(upper);
    if (std::isinf(upper))
        return QStringLiteral("≥ ") + shortNumber(lower);
    return QStringLiteral("[%1, %2]").arg(shortNumber(lower), shortNumber(upper));
}

QString className(const Prediction& prediction, std::size_t column, std::size_t index)
{
    const double value = prediction.classes[column][index];
    const auto label = static_cast<std::size_t>(std::max(value, 0.0));
    if (prediction.kind == zoo::PropertyKind::Categorical && label < prediction.labels.size())
        return plainText(prediction.labels[label], kLongestLabel).toHtmlEscaped();
    return groupedNumber(std::llround(value));
}

QString setOf(const Prediction& prediction, std::size_t row, std::size_t column)
{
    constexpr qsizetype kMostNamed = 4;
    constexpr int kLongestSet = 16; // characters: the column must stay narrow beside the actual values
    const std::size_t classes = prediction.classes[column].size();
    const std::size_t first = (row * prediction.columns + column) * prediction.maxClasses();
    QStringList names;
    for (std::size_t c = 0; c < classes; ++c)
        if (prediction.inSet[first + c] != 0)
            names << className(prediction, column, c);
    const auto set = QStringLiteral("{%1}").arg(names.join(QStringLiteral(", ")));
    if (names.size() > kMostNamed || (names.size() > 1 && set.size() > kLongestSet))
        return QStringLiteral("%1 of %2").arg(names.size()).arg(classes);
    return set;
}

/// How many of the combinations of all columns' classes are in the sets.
QString combinationsOf(const Prediction& prediction, std::size_t row)
{
    double inSets = 1.0, all = 1.0;
    for (std::size_t k = 0; k < prediction.columns; ++k) {
        const auto first = prediction.inSet.begin()
            + static_cast<std::ptrdiff_t>((row * prediction.columns + k) * prediction.maxClasses());
        const auto classes = static_cast<std::ptrdiff_t>(prediction.classes[k].size());
        inSets *= static_cast<double>(std::count_if(first, first + classes, [](auto in) { return in != 0; }));
        all *= static_cast<double>(classes);
    }
    constexpr double kExact = 1e9;
    const auto text
        = [](double count) { return count < kExact ? groupedNumber(std::llround(count)) : shortNumber(count); };
    return QStringLiteral("%1 of %2").arg(text(inSets), text(all));
}

bool hasBounds(const Prediction& prediction, std::size_t row)
{
    return prediction.calibrated() && (row + 1) * prediction.columns <= prediction.lower.size()
        && prediction.upper.size() == prediction.lower.size();
}

bool hasSets(const Prediction& prediction, std::size_t row)
{
    return prediction.calibrated() && prediction.classes.size() == prediction.columns
        && (row + 1) * prediction.columns * prediction.maxClasses() <= prediction.inSet.size();
}

} // namespace

QString intervalText(const Prediction& prediction, std::size_t row)
{
    constexpr qsizetype kLongest = 24; // characters, of a task's sets one beside the other
    QStringList parts;
    if (isReal(prediction) && hasBounds(prediction, row))
        for (std::size_t k = 0; k < prediction.columns; ++k)
            parts << realInterval(prediction, row * prediction.columns + k);
    else if (!isReal(prediction) && hasSets(prediction, row))
        for (std::size_t k = 0; k < prediction.columns; ++k)
            parts << setOf(prediction, row, k);
    const auto text = parts.join(QLatin1Char(' '));
    const bool sets = !isReal(prediction) && parts.size() > 1;
    return sets && text.size() > kLongest ? combinationsOf(prediction, row) : text;
}

std::optional<IntervalMark> intervalMark(const Prediction& prediction, const zoo::Property* actual, std::size_t row)
{
    if (!isReal(prediction) || prediction.columns != 1 || !hasBounds(prediction, row)
        || !std::isfinite(prediction.value(row)))
        return std::nullopt;
    const bool known = actual != nullptr && actual->columns == 1 && row < actual->rows();
    const bool circular = prediction.kind == zoo::PropertyKind::Circular && prediction.period > 0.0;
    double low = circular ? 0.0 : std::numeric_limits<double>::infinity();
    double high = circular ? prediction.period : -low;
    const auto widen = [&](const std::vector<double>& values) {
        for (const double value : values)
            if (std::isfinite(value) && !circular) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
    };
    widen(prediction.values);
    if (actual != nullptr)
        widen(actual->values);
    if (!(high > low))
        return std::nullopt;
    const auto place = [&](double value) { return std::clamp((value - low) / (high - low), 0.0, 1.0); };
    return IntervalMark {.lower = place(prediction.lower[row]),
                         .upper = place(prediction.upper[row]),
                         .predicted = place(prediction.value(row)),
                         .actual
                         = known && std::isfinite(actual->value(row)) ? place(actual->value(row)) : std::nan("")};
}

TrustText trustText(const EmbeddedZoo& embedded, std::size_t row)
{
    if (row >= embedded.trust.size() || !std::isfinite(embedded.trust[row]))
        return {QStringLiteral("Trust unknown: the encoder does not say which networks it was trained on"), false,
                false};
    const double percentile = embedded.trust[row];
    if (percentile > kFarFromTraining)
        return {QStringLiteral("Far from everything it was trained on: no interval holds"), true, true};
    return {QStringLiteral("Closer than %1 % of the training networks").arg(std::lround(100.0 - percentile)), false,
            true};
}

} // namespace rnnscope::ui
