#include "core/prediction/head.h"

#include "core/prediction/conformal.h"
#include "core/prediction/head_reading.h"
#include "core/zoo/property_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::prediction {

namespace {

double wrapped(double value, double period)
{
    const double rest = std::fmod(value, period);
    const double positive = rest < 0.0 ? rest + period : rest;
    return positive >= period ? 0.0 : positive;
}

/// value ± threshold · spread; the whole circle is 0 to period.
void addIntervals(Prediction& prediction, const std::vector<double>& spread, double threshold)
{
    const double period = prediction.period;
    const bool circular = prediction.kind == zoo::PropertyKind::Circular;
    prediction.lower = prediction.values; // NaN stays
    prediction.upper = prediction.values;
    for (std::size_t i = 0; i < spread.size(); ++i) {
        if (std::isnan(prediction.values[i]))
            continue;
        const double half = threshold == 0.0 ? 0.0 : threshold * spread[i];
        prediction.lower[i] -= half;
        prediction.upper[i] += half;
        if (!circular)
            continue;
        const bool everything = half >= period / 2.0;
        prediction.lower[i] = everything ? 0.0 : wrapped(prediction.lower[i], period);
        prediction.upper[i] = everything ? period : wrapped(prediction.upper[i], period);
    }
}

/// Values and intervals hold nothing that the property cannot be; that costs no coverage.
void limit(Prediction& prediction)
{
    const zoo::Range range = zoo::rangeOf(prediction.property);
    for (auto* numbers : {&prediction.values, &prediction.lower, &prediction.upper})
        for (double& number : *numbers)
            if (!std::isnan(number))
                number = std::clamp(number, range.lowest, range.highest);
}

/// Every class whose probability is at least 1 - threshold, and the likeliest.
void addSets(Prediction& prediction, double threshold)
{
    const std::size_t widest = prediction.maxClasses();
    prediction.inSet.assign(prediction.probabilities.size(), 0);
    for (std::size_t place = 0; place < prediction.values.size(); ++place) {
        if (std::isnan(prediction.values[place]))
            continue;
        const auto& classes = prediction.classes[place % prediction.columns];
        for (std::size_t c = 0; c < classes.size(); ++c) {
            const std::size_t i = place * widest + c;
            const bool within = 1.0 - static_cast<double>(prediction.probabilities[i]) <= threshold;
            prediction.inSet[i] = within || classes[c] == prediction.values[place] ? 1 : 0;
        }
    }
}

std::string entryText(const Prediction& prediction, double value)
{
    return zoo::formatRow(std::span(&value, 1), prediction.kind, prediction.period, prediction.labels);
}

std::string intervalText(const Prediction& prediction, std::size_t place)
{
    const double upper = prediction.upper[place];
    const bool wholeCircle = prediction.kind == zoo::PropertyKind::Circular && upper == prediction.period;
    return fmt::format("[{}, {}]", entryText(prediction, prediction.lower[place]),
                       wholeCircle ? zoo::formatNumber(upper, prediction.kind) : entryText(prediction, upper));
}

std::string setText(const Prediction& prediction, std::size_t place)
{
    const auto& classes = prediction.classes[place % prediction.columns];
    std::string text;
    for (std::size_t c = 0; c < classes.size(); ++c)
        if (prediction.inSet[place * prediction.maxClasses() + c] != 0)
            text += (text.empty() ? "" : ", ") + entryText(prediction, classes[c]);
    return "{" + text + "}";
}

} // namespace

std::size_t Prediction::maxClasses() const
{
    std::size_t widest = 0;
    for (const auto& column : classes)
        widest = std::max(widest, column.size());
    return widest;
}

double Prediction::confidence(std::size_t row) const
{
    const std::size_t widest = maxClasses();
    double product = 1.0;
    for (std::size_t k = 0; widest > 0 && k < columns; ++k) {
        const auto first = probabilities.begin() + static_cast<std::ptrdiff_t>((row * columns + k) * widest);
        product *= static_cast<double>(*std::max_element(first, first + static_cast<std::ptrdiff_t>(widest)));
    }
    return product;
}

std::string format(const Prediction& prediction, std::size_t row)
{
    const auto values = std::span(prediction.values).subspan(row * prediction.columns, prediction.columns);
    return zoo::formatRow(values, prediction.kind, prediction.period, prediction.labels);
}

std::string formatRegion(const Prediction& prediction, std::size_t row)
{
    std::string text;
    for (std::size_t k = 0; prediction.calibrated() && k < prediction.columns; ++k) {
        const std::size_t place = row * prediction.columns + k;
        if (std::isnan(prediction.values[place]))
            return {};
        text += text.empty() ? "" : " ";
        text += prediction.classes.empty() ? intervalText(prediction, place) : setText(prediction, place);
    }
    return text;
}

Result<Prediction> predict(const zoo::Head& head, const Matrix& embedding, double level)
{
    if (!(level > 0.0 && level < 1.0))
        return fail(Errc::BadValue,
                    fmt::format("the level of the intervals for {} is {}, expected more than 0 and less than 1",
                                head.property, level));
    auto reading = readHead(head, embedding);
    if (!reading)
        return forward(reading);
    Prediction& prediction = reading->prediction;
    const double largest = threshold(head.calibration, level);
    if (!std::isnan(largest)) {
        prediction.level = level;
        if (prediction.classes.empty())
            addIntervals(prediction, reading->spread, largest);
        else
            addSets(prediction, largest);
    }
    if (prediction.kind == zoo::PropertyKind::Real)
        limit(prediction);
    return std::move(prediction);
}

} // namespace rnnscope::prediction
