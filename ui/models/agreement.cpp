#include "ui/models/agreement.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace rnnscope::ui {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// The truth and what is said of it; null where either is missing.
struct Pair
{
    const zoo::Property* actual = nullptr;
    const prediction::Prediction* predicted = nullptr;

    explicit operator bool() const { return actual != nullptr && predicted != nullptr; }
};

Pair pairOf(const EmbeddedZoo& embedded, const std::string& name)
{
    const auto* actual = embedded.zoo->property(name);
    const auto found = std::find_if(embedded.predictions.begin(), embedded.predictions.end(),
                                    [&](const auto& each) { return each.property == name; });
    if (actual == nullptr || found == embedded.predictions.end() || actual->columns != found->columns
        || actual->rows() != found->rows())
        return {};
    return {actual, &*found};
}

QString className(const zoo::Property& property, double value)
{
    const auto index = static_cast<std::size_t>(std::max(value, 0.0));
    if (property.kind == zoo::PropertyKind::Categorical && index < property.labels.size())
        return plainText(property.labels[index]);
    return groupedNumber(std::llround(value));
}

} // namespace

std::vector<AgreementTopic> agreementTopics(const EmbeddedZoo& embedded)
{
    std::vector<AgreementTopic> topics;
    for (const auto& prediction : embedded.predictions) {
        const auto pair = pairOf(embedded, prediction.property);
        for (std::size_t column = 0; pair && column < prediction.columns; ++column) {
            auto title = propertyTitle(*embedded.zoo, prediction.property);
            if (prediction.columns > 1)
                title += QLatin1Char(' ') + columnTitle(*embedded.zoo, prediction.property, column);
            topics.push_back(
                {prediction.property, column, withUnit(title, pair.actual->unit), !prediction.classes.empty()});
        }
    }
    return topics;
}

bool admits(SplitFilter filter, zoo::Split split)
{
    switch (filter) {
    case SplitFilter::Training:
        return split == zoo::Split::Training;
    case SplitFilter::HeldOut:
        return split == zoo::Split::Validation || split == zoo::Split::Calibration;
    case SplitFilter::Ood:
        return split == zoo::Split::Ood;
    case SplitFilter::All:
        break;
    }
    return true;
}

std::vector<AgreementPoint> agreementPoints(const EmbeddedZoo& embedded, const AgreementTopic& topic,
                                            SplitFilter filter)
{
    std::vector<AgreementPoint> points;
    const auto pair = pairOf(embedded, topic.property);
    if (!pair || topic.column >= pair.actual->columns)
        return points;
    const auto& predicted = *pair.predicted;
    const bool bounded = predicted.calibrated() && predicted.lower.size() == predicted.values.size();
    for (std::size_t row = 0; row < pair.actual->rows(); ++row) {
        const auto split = row < embedded.splits.size() ? embedded.splits[row] : zoo::Split::Unknown;
        const double truth = pair.actual->value(row, topic.column);
        const double said = predicted.value(row, topic.column);
        if (!admits(filter, split) || !std::isfinite(truth) || !std::isfinite(said))
            continue;
        const std::size_t at = row * predicted.columns + topic.column;
        points.push_back({row, truth, said, bounded ? predicted.lower[at] : kMissing,
                          bounded ? predicted.upper[at] : kMissing, split});
    }
    return points;
}

std::size_t Confusion::total() const
{
    return std::accumulate(counts.begin(), counts.end(), std::size_t {0});
}

Confusion confusion(const EmbeddedZoo& embedded, const AgreementTopic& topic, SplitFilter filter)
{
    const auto points = agreementPoints(embedded, topic, filter);
    const auto pair = pairOf(embedded, topic.property);
    Confusion result;
    if (!pair)
        return result;
    std::set<double> values;
    if (topic.column < pair.predicted->classes.size())
        values.insert(pair.predicted->classes[topic.column].begin(), pair.predicted->classes[topic.column].end());
    for (const auto& point : points)
        values.insert({point.actual, point.predicted});
    for (const double value : values)
        result.classes << className(*pair.actual, value);
    const auto index
        = [&](double value) { return static_cast<std::size_t>(std::distance(values.begin(), values.find(value))); };
    result.counts.assign(values.size() * values.size(), 0);
    for (const auto& point : points)
        ++result.counts[index(point.actual) * values.size() + index(point.predicted)];
    return result;
}

} // namespace rnnscope::ui
