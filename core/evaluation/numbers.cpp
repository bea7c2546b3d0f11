#include "core/evaluation/numbers.h"

#include "core/base/threads.h"
#include "core/prediction/metrics.h"
#include "core/prediction/trust.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::evaluation {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Mean of `values` over `rows`, NaN left out.
double meanOver(const std::vector<double>& values, std::span<const std::size_t> rows)
{
    double sum = 0.0;
    std::size_t count = 0;
    for (const std::size_t row : rows)
        if (!std::isnan(values[row])) {
            sum += values[row];
            ++count;
        }
    return count == 0 ? kNan : sum / static_cast<double>(count);
}

double weightedMean(std::initializer_list<std::pair<double, std::size_t>> parts)
{
    double sum = 0.0;
    std::size_t count = 0;
    for (const auto& [value, weight] : parts)
        if (!std::isnan(value)) {
            sum += value * static_cast<double>(weight);
            count += weight;
        }
    return count == 0 ? kNan : sum / static_cast<double>(count);
}

std::size_t countOf(const std::vector<zoo::Split>& splits, zoo::Split wanted)
{
    return static_cast<std::size_t>(std::count(splits.begin(), splits.end(), wanted));
}

double constantLoss(const Subject& subject, Part part)
{
    if (!subject.constant)
        return kNan;
    const zoo::ConstantBaseline& constant = *subject.constant;
    const auto held = [&](zoo::Split split) { return countOf(subject.splits, split); };
    switch (part) {
    case Part::Training:
        return constant.train;
    case Part::Validation:
        return weightedMean({{constant.validation, held(zoo::Split::Validation)},
                             {constant.calibration, held(zoo::Split::Calibration)}});
    case Part::Ood:
        return constant.ood;
    case Part::Unseen:
        return weightedMean({{constant.validation, 1}, {constant.calibration, 1}, {constant.ood, 1}});
    case Part::Resplits:
        break;
    }
    return kNan;
}

/// [n, K]. `Values` is a Property or a Prediction.
template <typename Values>
std::vector<double> valuesOf(const Values& values, std::span<const std::size_t> rows)
{
    std::vector<double> picked;
    for (const std::size_t row : rows)
        for (std::size_t column = 0; column < values.columns; ++column)
            picked.push_back(values.value(row, column));
    return picked;
}

bool isKnown(const prediction::Prediction& prediction, const zoo::Property& property, std::size_t row)
{
    for (std::size_t column = 0; column < property.columns; ++column)
        if (std::isnan(property.value(row, column)) || std::isnan(prediction.value(row, column)))
            return false;
    return true;
}

bool holdsClass(const prediction::Prediction& prediction, std::size_t row, std::size_t column, double truth)
{
    const auto& classes = prediction.classes[column];
    const auto found = std::lower_bound(classes.begin(), classes.end(), truth);
    if (found == classes.end() || *found != truth)
        return false;
    const auto c = static_cast<std::size_t>(found - classes.begin());
    return prediction.inSet[(row * prediction.columns + column) * prediction.maxClasses() + c] != 0;
}

bool holdsValue(const prediction::Prediction& prediction, std::size_t row, std::size_t column, double truth)
{
    const double lower = prediction.lower[row * prediction.columns + column];
    const double upper = prediction.upper[row * prediction.columns + column];
    if (prediction.kind != zoo::PropertyKind::Circular)
        return lower <= truth && truth <= upper;
    const auto wrapped = [&](double x) {
        const double rest = std::fmod(x, prediction.period);
        return rest < 0.0 ? rest + prediction.period : rest;
    };
    if (upper - lower >= prediction.period)
        return true;
    return wrapped(truth - lower) <= wrapped(upper - lower);
}

/// Which of a subject's rows are predicted and judged together.
std::vector<Part> partsOf(const Subject& subject)
{
    if (subject.unseen())
        return {Part::Unseen};
    return {Part::Training, Part::Validation, Part::Ood};
}

std::vector<std::int64_t> runsOf(const zoo::Zoo& zoo, std::span<const std::size_t> rows)
{
    const zoo::Property* run = zoo.property("run");
    std::vector<std::int64_t> runs;
    for (const std::size_t row : rows)
        runs.push_back(run != nullptr && std::isfinite(run->value(row)) ? std::llround(run->value(row))
                                                                        : static_cast<std::int64_t>(row));
    return runs;
}

Matrix pick(const Matrix& all, std::span<const std::size_t> rows)
{
    Matrix picked(rows.size(), all.columns);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy(all.row(rows[i]).begin(), all.row(rows[i]).end(), picked.row(i).begin());
    return picked;
}

std::vector<std::size_t> withoutNan(const Matrix& embedding, std::vector<std::size_t> rows)
{
    std::erase_if(rows, [&](std::size_t row) { return embedding.columns > 0 && std::isnan(embedding(row, 0)); });
    return rows;
}

Result<std::vector<Number>> trustNumbers(const Subject& subject, const zoo::Zoo& zoo, int threads)
{
    const auto training = withoutNan(subject.embedding, rowsOf(subject.splits, Part::Training));
    const auto validation = rowsOf(subject.splits, Part::Validation);
    const auto ood = rowsOf(subject.splits, Part::Ood);
    if (training.size() < 2 || validation.empty() || ood.empty())
        return std::vector<Number> {};
    const auto trust = prediction::Trust::fromTraining(pick(subject.embedding, training), runsOf(zoo, training));
    if (!trust)
        return forward(trust);
    const auto inside = trust->percentiles(pick(subject.embedding, validation), threads);
    const auto outside = trust->percentiles(pick(subject.embedding, ood), threads);
    if (!inside || !outside)
        return forward(inside ? outside : inside);
    return std::vector<Number> {
        {"trust", "auroc", "1", Part::Ood, prediction::auroc(*outside, *inside), 0.5, ood.size()}};
}

} // namespace

bool holds(const prediction::Prediction& prediction, const zoo::Property& property, std::size_t row)
{
    if (!prediction.calibrated() || !isKnown(prediction, property, row))
        return false;
    for (std::size_t column = 0; column < property.columns; ++column) {
        const double truth = property.value(row, column);
        if (prediction.classes.empty() ? !holdsValue(prediction, row, column, truth)
                                       : !holdsClass(prediction, row, column, truth))
            return false;
    }
    return true;
}

std::vector<Number> emulationNumbers(const Subject& subject)
{
    std::vector<Number> numbers;
    for (const Part part : partsOf(subject)) {
        const auto rows = rowsOf(subject.splits, part);
        if (!subject.emulation.empty() && !rows.empty())
            numbers.push_back({"emulation", subject.criterion, "1", part, meanOver(subject.emulation, rows),
                               constantLoss(subject, part), rows.size()});
    }
    return numbers;
}

std::vector<Number> headNumbers(const prediction::Prediction& prediction, const zoo::Property& property, Part part,
                                std::span<const std::size_t> rows, std::span<const std::size_t> covered,
                                std::span<const std::size_t> training)
{
    std::vector<Number> numbers;
    const auto actual = valuesOf(property, rows);
    const auto predicted = valuesOf(prediction, rows);
    const auto learned = valuesOf(property, training.empty() ? rows : training);
    for (const auto& score :
         prediction::scores(prediction.kind, prediction.period, property.columns, actual, predicted, learned)) {
        const bool measured = score.metric == prediction::Score::Metric::MeanAbsoluteError
            || score.metric == prediction::Score::Metric::MeanAngularError;
        numbers.push_back({property.name, std::string(prediction::name(score.metric)), measured ? property.unit : "1",
                           part, score.value, score.baseline, rows.size()});
    }
    std::size_t held = 0;
    std::size_t known = 0;
    for (const std::size_t row : covered) {
        known += isKnown(prediction, property, row) ? 1 : 0;
        held += holds(prediction, property, row) ? 1 : 0;
    }
    if (prediction.calibrated() && known > 0)
        numbers.push_back({property.name, "coverage", "1", part, static_cast<double>(held) / static_cast<double>(known),
                           prediction.level, known});
    return numbers;
}

Result<std::vector<Number>> predictionNumbers(const Subject& subject, const zoo::Zoo& zoo,
                                              const EvaluationOptions& options)
{
    std::vector<Number> numbers;
    const auto training = rowsOf(subject.splits, Part::Training);
    for (const zoo::Head& head : subject.heads) {
        const zoo::Property* property = zoo.property(head.property);
        const auto prediction = prediction::predict(head, subject.embedding, options.level);
        if (!prediction)
            return forward(prediction);
        if (property == nullptr || property->columns != prediction->columns)
            continue;
        for (const Part part : partsOf(subject)) {
            const auto rows = rowsOf(subject.splits, part);
            auto covered = rows;
            std::erase_if(covered, [&](std::size_t row) { return subject.splits[row] == zoo::Split::Calibration; });
            if (rows.empty())
                continue;
            const auto more = headNumbers(*prediction, *property, part, rows, covered, training);
            numbers.insert(numbers.end(), more.begin(), more.end());
        }
    }
    const int threads = options.threads > 0 ? options.threads : availableCores();
    const auto trust = trustNumbers(subject, zoo, threads);
    if (!trust)
        return forward(trust);
    numbers.insert(numbers.end(), trust->begin(), trust->end());
    return numbers;
}

} // namespace rnnscope::evaluation
