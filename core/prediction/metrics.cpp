#include "core/prediction/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace rnnscope::prediction {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> known(Values values)
{
    std::vector<double> kept;
    std::copy_if(values.begin(), values.end(), std::back_inserter(kept), [](double x) { return !std::isnan(x); });
    return kept;
}

bool hasNan(Values values)
{
    return std::any_of(values.begin(), values.end(), [](double x) { return std::isnan(x); });
}

/// Mean of `error(actual, predicted)` over the entries where both are known.
template <typename Error>
double meanOver(Values actual, Values predicted, const Error& error)
{
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(actual.size(), predicted.size()); ++i) {
        if (std::isnan(actual[i]) || std::isnan(predicted[i]))
            continue;
        sum += error(actual[i], predicted[i]);
        ++count;
    }
    return count == 0 ? kNan : sum / static_cast<double>(count);
}

/// `row` as often as `actual` has rows.
std::vector<double> repeated(const std::vector<double>& row, std::size_t size)
{
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i)
        values[i] = row[i % row.size()];
    return values;
}

double wrapped(double value, double period)
{
    const double rest = std::fmod(value, period);
    return rest < 0.0 ? rest + period : rest;
}

/// Pairs among `count` equal things.
double pairs(std::size_t count)
{
    return static_cast<double>(count) * (static_cast<double>(count) - 1.0) / 2.0;
}

/// Pairs of equal entries in a sorted range.
template <typename Iterator>
double tiedPairs(Iterator first, Iterator last)
{
    double tied = 0.0;
    while (first != last) {
        const auto end = std::find_if(first, last, [&](const auto& x) { return x != *first; });
        tied += pairs(static_cast<std::size_t>(end - first));
        first = end;
    }
    return tied;
}

/// Sorts `values` and counts the pairs that stood in the wrong order. `room` is as long.
double sortCountingSwaps(std::span<double> values, std::span<double> room)
{
    if (values.size() < 2)
        return 0.0;
    const std::size_t half = values.size() / 2;
    double swaps = sortCountingSwaps(values.first(half), room.first(half))
        + sortCountingSwaps(values.subspan(half), room.subspan(half));
    std::size_t left = 0;
    std::size_t right = half;
    for (double& out : room) {
        if (right == values.size() || (left < half && values[left] <= values[right])) {
            out = values[left++];
        } else {
            swaps += static_cast<double>(half - left);
            out = values[right++];
        }
    }
    std::copy(room.begin(), room.end(), values.begin());
    return swaps;
}

/// The `columns` columns of `values` one by one.
std::vector<std::vector<double>> columnsOf(Values values, std::size_t columns)
{
    std::vector<std::vector<double>> split(columns);
    for (std::size_t i = 0; i < values.size(); ++i)
        split[i % columns].push_back(values[i]);
    return split;
}

double meanKendallTau(Values actual, Values predicted, std::size_t columns)
{
    const auto truths = columnsOf(actual, columns);
    const auto guesses = columnsOf(predicted, columns);
    double sum = 0.0;
    for (std::size_t k = 0; k < columns; ++k)
        sum += kendallTau(truths[k], guesses[k]);
    return sum / static_cast<double>(columns);
}

} // namespace

double exactAccuracy(Values actual, Values predicted, std::size_t columns)
{
    std::size_t right = 0;
    std::size_t count = 0;
    const std::size_t end = columns == 0 ? 0 : std::min(actual.size(), predicted.size());
    for (std::size_t i = 0; i + columns <= end && columns > 0; i += columns) {
        const auto truth = actual.subspan(i, columns);
        const auto guess = predicted.subspan(i, columns);
        if (hasNan(truth) || hasNan(guess))
            continue;
        right += std::equal(truth.begin(), truth.end(), guess.begin()) ? 1 : 0;
        ++count;
    }
    return count == 0 ? kNan : static_cast<double>(right) / static_cast<double>(count);
}

double entryAccuracy(Values actual, Values predicted)
{
    return meanOver(actual, predicted, [](double a, double p) { return a == p ? 1.0 : 0.0; });
}

double meanAbsoluteError(Values actual, Values predicted)
{
    return meanOver(actual, predicted, [](double a, double p) { return std::abs(a - p); });
}

double rSquared(Values actual, Values predicted)
{
    const double average = meanOver(actual, predicted, [](double a, double) { return a; });
    const double residual = meanOver(actual, predicted, [](double a, double p) { return (a - p) * (a - p); });
    const double variance
        = meanOver(actual, predicted, [&](double a, double) { return (a - average) * (a - average); });
    return variance > 0.0 ? 1.0 - residual / variance : kNan;
}

// Knight 1966: sort by one side, then the swaps that sort the other are the discordant pairs.
double kendallTau(Values actual, Values predicted)
{
    std::vector<std::pair<double, double>> both;
    for (std::size_t i = 0; i < std::min(actual.size(), predicted.size()); ++i)
        if (!std::isnan(actual[i]) && !std::isnan(predicted[i]))
            both.emplace_back(actual[i], predicted[i]);
    std::sort(both.begin(), both.end());
    std::vector<double> first;
    std::vector<double> second;
    for (const auto& [a, p] : both) {
        first.push_back(a);
        second.push_back(p);
    }
    const double tiedBoth = tiedPairs(both.begin(), both.end());
    const double tiedFirst = tiedPairs(first.begin(), first.end());
    std::vector<double> room(second.size());
    const double discordant = sortCountingSwaps(second, room);
    const double tiedSecond = tiedPairs(second.begin(), second.end());
    const double all = pairs(both.size());
    if (tiedFirst == all || tiedSecond == all)
        return kNan;
    const double concordant = all - tiedFirst - tiedSecond + tiedBoth - discordant;
    return (concordant - discordant) / (std::sqrt(all - tiedFirst) * std::sqrt(all - tiedSecond));
}

double angularDifference(double a, double b, double period)
{
    const double way = std::fmod(std::abs(a - b), period);
    return std::min(way, period - way);
}

double meanAngularError(Values actual, Values predicted, double period)
{
    return meanOver(actual, predicted, [&](double a, double p) { return angularDifference(a, p, period); });
}

std::vector<double> mostFrequentRow(Values values, std::size_t columns)
{
    std::map<std::vector<double>, std::size_t> counts;
    for (std::size_t i = 0; columns > 0 && i + columns <= values.size(); i += columns) {
        const auto row = values.subspan(i, columns);
        if (!hasNan(row))
            ++counts[{row.begin(), row.end()}];
    }
    const auto best = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return best == counts.end() ? std::vector<double>(columns, kNan) : best->first;
}

std::vector<double> mostFrequentEntries(Values values, std::size_t columns)
{
    std::vector<double> entries;
    for (const auto& column : columnsOf(values, columns))
        entries.push_back(mostFrequentRow(column, 1).front());
    return entries;
}

double median(Values values)
{
    auto kept = known(values);
    if (kept.empty())
        return kNan;
    const auto middle = kept.begin() + static_cast<std::ptrdiff_t>(kept.size() / 2);
    std::nth_element(kept.begin(), middle, kept.end());
    if (kept.size() % 2 != 0)
        return *middle;
    return (*std::max_element(kept.begin(), middle) + *middle) / 2.0;
}

double mean(Values values)
{
    return meanOver(values, values, [](double a, double) { return a; });
}

double circularMedian(Values values, double period)
{
    auto sorted = known(values);
    for (double& x : sorted)
        x = wrapped(x, period);
    std::sort(sorted.begin(), sorted.end());
    const std::size_t n = sorted.size();
    std::vector<double> sums(2 * n + 1, 0.0); // of the values laid out over two periods
    const auto at = [&](std::size_t i) { return i < n ? sorted[i] : sorted[i - n] + period; };
    for (std::size_t i = 0; i < 2 * n; ++i)
        sums[i + 1] = sums[i] + at(i);

    double best = kNan;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0, half = 0; i < n; ++i) {
        half = std::max(half, i);
        while (half < i + n && at(half) - at(i) <= period / 2.0)
            ++half;
        const double ahead = sums[half] - sums[i] - static_cast<double>(half - i) * at(i);
        const double behind = static_cast<double>(i + n - half) * (at(i) + period) - (sums[i + n] - sums[half]);
        if (ahead + behind < least) {
            least = ahead + behind;
            best = at(i);
        }
    }
    return best;
}

std::string_view name(Score::Metric metric)
{
    switch (metric) {
    case Score::Metric::ExactAccuracy:
        return "exact_accuracy";
    case Score::Metric::EntryAccuracy:
        return "entry_accuracy";
    case Score::Metric::MeanAbsoluteError:
        return "mean_absolute_error";
    case Score::Metric::RSquared:
        return "r_squared";
    case Score::Metric::KendallTau:
        return "kendall_tau";
    case Score::Metric::MeanAngularError:
        return "mean_angular_error";
    }
    return "";
}

std::vector<Score> scores(zoo::PropertyKind kind, double period, std::size_t columns, Values actual, Values predicted,
                          Values training)
{
    using Metric = Score::Metric;
    if (columns == 0)
        return {};
    std::vector<Score> all;
    if (kind == zoo::PropertyKind::Integer || kind == zoo::PropertyKind::Categorical) {
        const auto row = repeated(mostFrequentRow(training, columns), actual.size());
        all.push_back(
            {Metric::ExactAccuracy, exactAccuracy(actual, predicted, columns), exactAccuracy(actual, row, columns)});
        const auto entries = repeated(mostFrequentEntries(training, columns), actual.size());
        if (columns > 1)
            all.push_back({Metric::EntryAccuracy, entryAccuracy(actual, predicted), entryAccuracy(actual, entries)});
        return all;
    }
    std::vector<double> centre;
    std::vector<double> average;
    for (const auto& column : columnsOf(training, columns)) {
        centre.push_back(kind == zoo::PropertyKind::Circular ? circularMedian(column, period) : median(column));
        average.push_back(mean(column));
    }
    const auto guess = repeated(centre, actual.size());
    if (kind == zoo::PropertyKind::Circular) {
        all.push_back({Metric::MeanAngularError, meanAngularError(actual, predicted, period),
                       meanAngularError(actual, guess, period)});
        return all;
    }
    all.push_back({Metric::MeanAbsoluteError, meanAbsoluteError(actual, predicted), meanAbsoluteError(actual, guess)});
    all.push_back({Metric::RSquared, rSquared(actual, predicted), rSquared(actual, repeated(average, actual.size()))});
    all.push_back({Metric::KendallTau, meanKendallTau(actual, predicted, columns), kNan}); // a constant has no order
    return all;
}

} // namespace rnnscope::prediction
