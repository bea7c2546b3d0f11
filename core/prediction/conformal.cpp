#include "core/prediction/conformal.h"

#include "core/prediction/head_reading.h"
#include "core/prediction/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace rnnscope::prediction {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Weighted
{
    double score = 0.0;
    double weight = 0.0;
    auto operator<=>(const Weighted&) const = default;
};

/// 1 - probability of the true class; infinite when the head does not know it.
double classScore(const Prediction& prediction, std::size_t place, double truth)
{
    const auto& classes = prediction.classes[place % prediction.columns];
    const auto found = std::find(classes.begin(), classes.end(), truth);
    if (found == classes.end())
        return kInfinity;
    const auto c = static_cast<std::size_t>(found - classes.begin());
    return 1.0 - static_cast<double>(prediction.probabilities[place * prediction.maxClasses() + c]);
}

double relativeError(const HeadReading& reading, std::size_t place, double truth)
{
    const Prediction& prediction = reading.prediction;
    const double value = prediction.values[place];
    const double error = prediction.kind == zoo::PropertyKind::Circular
        ? angularDifference(truth, value, prediction.period)
        : std::abs(truth - value);
    return error == 0.0 ? 0.0 : error / reading.spread[place];
}

/// The largest over the columns; NaN when one is not known. `row` is the reading's, `truth` the property's.
double rowScore(const HeadReading& reading, std::size_t row, std::span<const double> truth)
{
    double largest = 0.0;
    for (std::size_t k = 0; k < truth.size(); ++k) {
        const std::size_t place = row * truth.size() + k;
        if (!std::isfinite(truth[k]) || std::isnan(reading.prediction.values[place]))
            return kNan;
        const double score = reading.prediction.classes.empty() ? relativeError(reading, place, truth[k])
                                                                : classScore(reading.prediction, place, truth[k]);
        largest = std::max(largest, score);
    }
    return largest;
}

Result<Matrix> take(const zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                    std::span<const std::size_t> rows)
{
    Matrix taken(rows.size(), embedding.columns);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] >= embedding.rows || rows[i] >= property.rows())
            return fail(Errc::ShapeMismatch,
                        fmt::format("the head for {} should be compared with network {}, but there are {} embeddings "
                                    "and {} values of {}",
                                    head.property, rows[i], embedding.rows, property.rows(), property.name));
        const auto row = embedding.row(rows[i]);
        std::copy(row.begin(), row.end(), taken.row(i).begin());
    }
    return taken;
}

/// Scores that are known with equal weight to every group, ascending; the sum of all weights is 1. The order does not
/// depend on that of the rows, so neither do sums.
std::vector<Weighted> weigh(const zoo::Calibration& calibration, std::size_t& groups)
{
    const auto groupOf = [&](std::size_t i) {
        return calibration.groups.empty() ? static_cast<std::int64_t>(i) : calibration.groups[i];
    };
    std::map<std::int64_t, std::size_t> sizes;
    for (std::size_t i = 0; i < calibration.scores.size(); ++i)
        if (!std::isnan(calibration.scores[i]))
            ++sizes[groupOf(i)];
    groups = sizes.size();
    std::vector<Weighted> all;
    for (std::size_t i = 0; i < calibration.scores.size(); ++i)
        if (!std::isnan(calibration.scores[i]))
            all.push_back({calibration.scores[i], 1.0 / static_cast<double>(groups * sizes[groupOf(i)])});
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

Result<std::vector<double>> nonconformity(const zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                                          std::span<const std::size_t> rows)
{
    const auto taken = take(head, embedding, property, rows);
    if (!taken)
        return forward(taken);
    const auto reading = readHead(head, *taken);
    if (!reading)
        return forward(reading);
    const std::size_t columns = reading->prediction.columns;
    if (columns != property.columns)
        return fail(Errc::ShapeMismatch,
                    fmt::format("the head for {} predicts {} columns, but {} has {}", head.property, columns,
                                property.name, property.columns));
    std::vector<double> scores(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        scores[i] = rowScore(*reading, i, std::span(property.values).subspan(rows[i] * columns, columns));
    return scores;
}

Result<void> calibrate(zoo::Head& head, const Matrix& embedding, const zoo::Property& property,
                       std::span<const std::size_t> rows, std::span<const std::int64_t> groups)
{
    const auto scores = nonconformity(head, embedding, property, rows);
    if (!scores)
        return forward(scores);
    head.calibration = {};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::isnan((*scores)[i]))
            continue;
        if (rows[i] >= groups.size())
            return fail(Errc::ShapeMismatch,
                        fmt::format("the calibration of the head for {} has groups of {} networks, but uses network {}",
                                    head.property, groups.size(), rows[i]));
        head.calibration.scores.push_back((*scores)[i]);
        head.calibration.groups.push_back(groups[rows[i]]);
    }
    return {};
}

double threshold(const zoo::Calibration& calibration, double level)
{
    if (!calibration.groups.empty() && calibration.groups.size() != calibration.scores.size())
        return kNan;
    std::size_t groups = 0;
    const auto all = weigh(calibration, groups);
    if (all.empty())
        return kNan;
    const auto count = static_cast<double>(groups >= kManyGroups ? groups : all.size());
    const double wanted = level * (count + 1.0) / count; // 1 / (count + 1) of the mass lies above every score
    constexpr double kRounding = 1e-12;
    double sum = 0.0;
    for (const Weighted& entry : all) {
        sum += entry.weight;
        if (sum >= wanted - kRounding)
            return entry.score;
    }
    return kInfinity;
}

double coverage(std::span<const double> scores, double threshold)
{
    std::size_t within = 0;
    std::size_t count = 0;
    for (const double score : scores) {
        if (std::isnan(score))
            continue;
        within += std::isfinite(score) && score <= threshold ? 1 : 0;
        ++count;
    }
    return count == 0 ? kNan : static_cast<double>(within) / static_cast<double>(count);
}

} // namespace rnnscope::prediction
