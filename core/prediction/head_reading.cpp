#include "core/prediction/head_reading.h"

#include "core/prediction/mlp.h"
#include "core/prediction/spread.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

namespace rnnscope::prediction {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Integer heads without classes are trained as real ones.
bool hasClasses(const zoo::Head& head)
{
    return head.kind == zoo::PropertyKind::Categorical || !head.classes.empty();
}

std::string ownerOf(const zoo::Head& head)
{
    return fmt::format("the head for {}", head.property);
}

tl::unexpected<Error> wrongOutputs(const zoo::Head& head, std::size_t found, const std::string& expected)
{
    return fail(Errc::ShapeMismatch,
                fmt::format("the last tensor of {} gives {} numbers, expected {}", ownerOf(head), found, expected));
}

/// How many columns the head predicts with `outputs` numbers.
Result<std::size_t> columnsOf(const zoo::Head& head, std::size_t outputs)
{
    if (hasClasses(head)) {
        std::size_t logits = 0;
        for (const auto& classes : head.classes) {
            if (classes.empty())
                return fail(Errc::ShapeMismatch, fmt::format("{} has a column without classes", ownerOf(head)));
            logits += classes.size();
        }
        if (logits == 0 || logits != outputs)
            return wrongOutputs(head, outputs, fmt::format("{}, one for each class", logits));
        return head.classes.size();
    }
    if (head.kind == zoo::PropertyKind::Circular) {
        if (outputs % 2 != 0)
            return wrongOutputs(head, outputs, "a sine and a cosine for each column");
        if (!std::isfinite(head.period) || head.period <= 0.0)
            return fail(Errc::BadValue,
                        fmt::format("{} is circular, but its period is {}", ownerOf(head), head.period));
        return outputs / 2;
    }
    const std::size_t columns = head.mean.size();
    if (head.scale.size() != columns || columns == 0 || (outputs != columns && outputs != 2 * columns))
        return wrongOutputs(head, outputs,
                            fmt::format("{}, one for each mean and scale, or twice as many", head.mean.size()));
    return columns;
}

/// Circular standard deviation in radians of a direction whose mean vector is so long: Mardia and Jupp 2000, 2.3.1.
double circularDeviation(double length)
{
    return std::sqrt(-2.0 * std::log(std::clamp(length, kLeastLength, kLargestLength)));
}

void readCircular(std::span<const float> outputs, double period, std::span<double> values, std::span<double> spread)
{
    const double unit = period / (2.0 * std::numbers::pi);
    for (std::size_t k = 0; k < values.size(); ++k) {
        const auto sine = static_cast<double>(outputs[2 * k]);
        const auto cosine = static_cast<double>(outputs[2 * k + 1]);
        double value = std::atan2(sine, cosine) * unit;
        if (value < 0.0)
            value += period;
        values[k] = value >= period ? 0.0 : value;
        spread[k] = circularDeviation(std::hypot(sine, cosine)) * unit;
    }
}

void readReal(std::span<const float> outputs, const zoo::Head& head, std::span<double> values, std::span<double> spread)
{
    for (std::size_t k = 0; k < values.size(); ++k) {
        values[k] = head.mean[k] + head.scale[k] * static_cast<double>(outputs[k]);
        const double logSpread = outputs.size() > values.size() ? static_cast<double>(outputs[values.size() + k]) : 0.0;
        spread[k] = head.scale[k] * std::exp(std::clamp(logSpread, kLeastLogSpread, kLargestLogSpread));
    }
}

/// Softmax of `logits` into `probabilities`, which may be longer; the index of the largest. Zeros where not finite.
std::optional<std::size_t> softmax(std::span<const float> logits, std::span<float> probabilities)
{
    const auto largest = std::max_element(logits.begin(), logits.end());
    if (!std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); }))
        return std::nullopt;
    double sum = 0.0;
    for (const float x : logits)
        sum += std::exp(static_cast<double>(x) - *largest);
    for (std::size_t c = 0; c < logits.size(); ++c)
        probabilities[c] = static_cast<float>(std::exp(static_cast<double>(logits[c]) - *largest) / sum);
    return static_cast<std::size_t>(largest - logits.begin());
}

void readClasses(std::span<const float> outputs, Prediction& prediction, std::size_t row)
{
    const std::size_t widest = prediction.maxClasses();
    std::size_t first = 0;
    for (std::size_t k = 0; k < prediction.columns; ++k) {
        const auto& classes = prediction.classes[k];
        const std::size_t place = row * prediction.columns + k;
        const auto best = softmax(outputs.subspan(first, classes.size()),
                                  std::span(prediction.probabilities).subspan(place * widest, widest));
        prediction.values[place] = best ? classes[*best] : kNan;
        first += classes.size();
    }
}

bool isFinite(std::span<const float> row)
{
    return std::all_of(row.begin(), row.end(), [](float x) { return std::isfinite(x); });
}

Prediction emptyPrediction(const zoo::Head& head, std::size_t columns, std::size_t rows)
{
    Prediction prediction;
    prediction.property = head.property;
    prediction.kind = head.kind;
    prediction.unit = head.unit;
    prediction.period = head.period;
    prediction.columns = columns;
    prediction.values.assign(rows * columns, kNan);
    if (hasClasses(head)) {
        prediction.classes = head.classes;
        prediction.labels = head.labels;
        prediction.probabilities.assign(rows * columns * prediction.maxClasses(), 0.0F);
    }
    return prediction;
}

} // namespace

Result<HeadReading> readHead(const zoo::Head& head, const Matrix& embedding)
{
    auto mlp = Mlp::fromState(head.state, ownerOf(head));
    if (!mlp)
        return forward(mlp);
    if (mlp->inputSize() != embedding.columns) {
        return fail(Errc::ShapeMismatch,
                    fmt::format("tensor 0.weight of {} reads {} numbers, but the embedding has {}", ownerOf(head),
                                mlp->inputSize(), embedding.columns));
    }
    const auto columns = columnsOf(head, mlp->outputSize());
    if (!columns)
        return forward(columns);

    HeadReading reading {emptyPrediction(head, *columns, embedding.rows), {}};
    Prediction& prediction = reading.prediction;
    if (!hasClasses(head))
        reading.spread.assign(prediction.values.size(), kNan);
    for (std::size_t row = 0; row < embedding.rows; ++row) {
        if (!isFinite(embedding.row(row)))
            continue;
        const auto outputs = (*mlp)(embedding.row(row));
        if (hasClasses(head)) {
            readClasses(outputs, prediction, row);
            continue;
        }
        const auto values = std::span(prediction.values).subspan(row * *columns, *columns);
        const auto spread = std::span(reading.spread).subspan(row * *columns, *columns);
        if (head.kind == zoo::PropertyKind::Circular)
            readCircular(outputs, head.period, values, spread);
        else
            readReal(outputs, head, values, spread);
    }
    return reading;
}

} // namespace rnnscope::prediction
