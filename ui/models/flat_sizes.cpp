#include "ui/models/flat_sizes.h"

#include "ui/plots/text.h"

#include <QObject>

#include <algorithm>

namespace rnnscope::ui {

namespace {

constexpr zoo::Architecture kPublished {
    .cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6, .bias = true};
constexpr int kLargestHidden = 1 << 16;

QString number(std::size_t value)
{
    return groupedNumber(static_cast<qlonglong>(value));
}

} // namespace

std::optional<int> fittingHiddenSize(zoo::Architecture architecture, std::size_t parameters)
{
    int low = 1;
    int high = kLargestHidden;
    while (low < high) { // the count grows with the hidden size
        architecture.hiddenSize = low + (high - low) / 2;
        if (architecture.parameterCount() < parameters)
            low = architecture.hiddenSize + 1;
        else
            high = architecture.hiddenSize;
    }
    architecture.hiddenSize = low;
    return architecture.parameterCount() == parameters ? std::optional(low) : std::nullopt;
}

zoo::Architecture likelySizes(std::size_t parameters, const std::vector<zoo::Architecture>& known)
{
    const auto exact = std::find_if(known.begin(), known.end(),
                                    [&](const zoo::Architecture& each) { return each.parameterCount() == parameters; });
    if (exact != known.end())
        return *exact;
    auto candidates = known;
    candidates.push_back(kPublished);
    for (auto each : candidates)
        if (const auto hidden = fittingHiddenSize(each, parameters)) {
            each.hiddenSize = *hidden;
            return each;
        }
    return candidates.front();
}

SizesVerdict judgeSizes(const zoo::Architecture& architecture, std::size_t parameters)
{
    if (const auto valid = zoo::validate(architecture); !valid)
        return {.fits = false, .text = QString::fromStdString(valid.error().message)};
    const std::size_t needed = architecture.parameterCount();
    if (needed == parameters)
        return {.fits = true, .text = QObject::tr("%1 parameters ✓").arg(number(parameters))};
    auto text = QObject::tr("These sizes need %1 parameters, the file has %2").arg(number(needed), number(parameters));
    if (const auto hidden = fittingHiddenSize(architecture, parameters))
        text += QObject::tr("; %1 hidden units would fit").arg(number(static_cast<std::size_t>(*hidden)));
    return {.fits = false, .text = text};
}

} // namespace rnnscope::ui
