#pragma once

#include "core/zoo/property.h"

#include <span>
#include <string_view>
#include <vector>

/// How far predictions are from the truth, and what a constant guess would reach. Rows with NaN, in the truth or in
/// the prediction, are left out; NaN when none is left.
namespace rnnscope::prediction {

using Values = std::span<const double>;

/// Share of rows of `columns` entries that agree in every entry.
double exactAccuracy(Values actual, Values predicted, std::size_t columns);
/// Share of entries that agree.
double entryAccuracy(Values actual, Values predicted);
double meanAbsoluteError(Values actual, Values predicted);
/// 1 - residual / variance of the truth; NaN when the truth does not vary.
double rSquared(Values actual, Values predicted);
/// Kendall's tau-b, ties accounted for; NaN when either side does not vary.
double kendallTau(Values actual, Values predicted);
/// The shorter way round, 0 to period / 2.
double angularDifference(double a, double b, double period);
double meanAngularError(Values actual, Values predicted, double period);

/// The constants that a training set suggests, each best for one metric.
std::vector<double> mostFrequentRow(Values values, std::size_t columns); ///< [columns]; exact accuracy
std::vector<double> mostFrequentEntries(Values values, std::size_t columns); ///< [columns]; entry accuracy
double median(Values values); ///< mean absolute error
double mean(Values values); ///< R², where it gives 0
double circularMedian(Values values, double period); ///< mean angular error

/// One metric of a set of networks beside what the best constant guess, made from the training set, reaches there.
struct Score
{
    enum class Metric { ExactAccuracy, EntryAccuracy, MeanAbsoluteError, RSquared, KendallTau, MeanAngularError };
    Metric metric = Metric::MeanAbsoluteError;
    double value = 0.0;
    double baseline = 0.0;
};

/// "exact_accuracy", "entry_accuracy", "mean_absolute_error", "r_squared", "kendall_tau", "mean_angular_error".
std::string_view name(Score::Metric metric);

/// Every metric that suits such a property. `training` are true values [n, K]; with one column entry accuracy is the
/// exact one and left out.
std::vector<Score> scores(zoo::PropertyKind kind, double period, std::size_t columns, Values actual, Values predicted,
                          Values training);

} // namespace rnnscope::prediction
