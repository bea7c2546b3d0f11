#include "ui/panels/network_rows.h"

#include "ui/models/labels.h"
#include "ui/panels/property_text.h"
#include "ui/plots/text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>
#include <optional>
#include <set>
#include <span>

namespace rnnscope::ui {

namespace {

using prediction::Prediction;
using zoo::Property;
using zoo::PropertyKind;

constexpr std::size_t kShortName = 26; ///< characters of a zoo's name beside a neighbour's task

const Prediction* predictionOf(const EmbeddedZoo& embedded, const std::string& name)
{
    const auto found = std::find_if(embedded.predictions.begin(), embedded.predictions.end(),
                                    [&](const Prediction& p) { return p.property == name; });
    return found == embedded.predictions.end() ? nullptr : &*found;
}

/// Properties of one zoo and of the heads, the well-known ones first. `run` is the network's name, not a fact.
std::vector<std::string> propertyNames(const zoo::Zoo& zoo, const EmbeddedZoo& embedded)
{
    std::vector<std::string> all;
    for (const Property& property : zoo.properties)
        all.push_back(property.name);
    for (const Prediction& prediction : embedded.predictions)
        all.push_back(prediction.property);
    all.emplace_back("generalization_gap"); // the paper's; said to be missing rather than left out
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        const bool isName = name == "run" || (name == "file" && namedByFiles(zoo));
        if (!isName && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (const char* first : {"task", "accuracy", "generalization_gap", "step"})
        if (std::find(all.begin(), all.end(), first) != all.end())
            add(first);
    for (const std::string& name : all)
        add(name);
    return names;
}

bool isClass(PropertyKind kind)
{
    return kind == PropertyKind::Integer || kind == PropertyKind::Categorical;
}

/// Short of a full period; the other way round a circle may be nearer.
double distance(double a, double b, double period)
{
    const double away = std::abs(a - b);
    if (period <= 0)
        return away;
    const double rest = std::fmod(away, period);
    return std::min(rest, period - rest);
}

/// The same class: zoos need not number their labels alike.
bool sameClass(const Property& actual, double truth, const Prediction& predicted, double said)
{
    const auto label = [](const std::vector<std::string>& labels, double value) -> const std::string* {
        return value >= 0 && value < static_cast<double>(labels.size()) ? &labels[static_cast<std::size_t>(value)]
                                                                        : nullptr;
    };
    const auto* a = label(actual.labels, truth);
    const auto* b = label(predicted.labels, said);
    return a != nullptr && b != nullptr ? *a == *b : std::abs(truth - said) < 0.5;
}

/// `network`: row of the map; `place`: row of its zoo, which `actual` is of.
void judge(PropertyRow& row, const Property* actual, std::size_t place, const Prediction& predicted,
           std::size_t network)
{
    const bool known = actual != nullptr && place < actual->rows() && actual->columns == predicted.columns
        && std::isfinite(actual->value(place));
    if (isClass(predicted.kind)) {
        row.note = QStringLiteral("%1 %").arg(std::lround(100 * predicted.confidence(network)));
        if (!known)
            return;
        bool right = true;
        for (std::size_t k = 0; k < actual->columns; ++k)
            right = right && sameClass(*actual, actual->value(place, k), predicted, predicted.value(network, k));
        row.verdict = right ? Verdict::Right : Verdict::Wrong;
    } else if (known && predicted.columns == 1) {
        const double period = predicted.kind == PropertyKind::Circular ? predicted.period : 0.0;
        row.note
            = QStringLiteral("Δ ") + shortNumber(distance(actual->value(place), predicted.value(network), period), 2);
    }
}

/// What is actual comes from its own zoo, what is predicted and where it lies among the others from the map.
PropertyRow makeRow(const EmbeddedZoo& embedded, const std::string& name, std::size_t network)
{
    const zoo::Zoo& zoo = *embedded.zoo;
    const NetworkPlace place = placeOf(embedded, network);
    const Property* actual = place.embedded.zoo->property(name);
    const Prediction* predicted = predictionOf(embedded, name);
    PropertyRow row;
    std::string unit = name == "generalization_gap" ? "nat" : "1";
    if (predicted != nullptr)
        unit = predicted->unit;
    if (actual != nullptr)
        unit = actual->unit;
    row.title = propertyTitle(zoo, name, unit).toHtmlEscaped();
    if (actual != nullptr && place.row < actual->rows())
        row.actual = valueHtml(zoo, *actual, place.row);
    if (predicted == nullptr || network >= predicted->rows() || !std::isfinite(predicted->value(network)))
        return row;
    row.predicted = valueHtml(zoo, *predicted, network);
    row.interval = intervalText(*predicted, network);
    row.sets = isClass(predicted->kind) && predicted->columns > 1;
    row.mark = intervalMark(*predicted, zoo.property(name), network);
    judge(row, actual, place.row, *predicted, network);
    return row;
}

bool embeddedRow(const EmbeddedZoo& embedded, std::size_t row)
{
    const Matrix& m = embedded.embedding;
    return row < m.rows && m.columns > 0
        && std::all_of(m.row(row).begin(), m.row(row).end(), [](float v) { return std::isfinite(v); });
}

zoo::Split splitOfRow(const EmbeddedZoo& embedded, std::size_t row)
{
    return row < embedded.splits.size() ? embedded.splits[row] : zoo::Split::Unknown;
}

bool trainedSplitByRun(const zoo::Checkpoint& checkpoint)
{
    const auto json = nlohmann::json::parse(checkpoint.provenance, nullptr, false);
    if (!json.is_object() || !json.contains("split") || !json["split"].is_string())
        return false;
    return json["split"].get<std::string>().find("run") != std::string::npos;
}

double rowDistance(std::span<const float> a, std::span<const float> b, bool cosine)
{
    double sum = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double x = static_cast<double>(a[k]);
        const double y = static_cast<double>(b[k]);
        sum += cosine ? x * y : (x - y) * (x - y);
    }
    return cosine ? std::max(0.0, 1.0 - sum) : std::sqrt(sum);
}

std::vector<double> known(const std::vector<double>& values, const std::vector<std::size_t>& ids)
{
    std::vector<double> found;
    for (const std::size_t id : ids)
        if (id < values.size() && std::isfinite(values[id]))
            found.push_back(values[id]);
    return found;
}

struct Moments
{
    double mean = std::nan("");
    double deviation = std::nan("");
};

Moments momentsOf(const std::vector<double>& values, double period)
{
    if (values.empty())
        return {};
    const auto count = static_cast<double>(values.size());
    if (period > 0) { // Mardia and Jupp, Directional Statistics, 1999
        double c = 0.0;
        double s = 0.0;
        const double toAngle = 2 * std::numbers::pi / period;
        for (const double v : values) {
            c += std::cos(v * toAngle) / count;
            s += std::sin(v * toAngle) / count;
        }
        const double mean = std::fmod(std::atan2(s, c) / toAngle + period, period);
        return {mean, std::sqrt(std::max(0.0, -2 * std::log(std::min(1.0, std::hypot(c, s))))) / toAngle};
    }
    if (std::ranges::all_of(values, [&](double v) { return v == values.front(); }))
        return {values.front(), values.size() > 1 ? 0.0 : std::nan("")}; // and not what rounding makes of it
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double sum = 0.0;
    for (const double v : values)
        sum += (v - mean) * (v - mean);
    return {mean, values.size() > 1 ? std::sqrt(sum / (count - 1)) : std::nan("")};
}

/// Mean and spread, or of classes how many there are; and where the selected lie among all.
void describeSpread(SpreadRow& row, const Property& property, const std::vector<std::size_t>& ids, const Binning& bins)
{
    const bool classes = property.columns > 1 || property.kind == PropertyKind::Categorical;
    const auto counts = countRows(bins, ids);
    if (classes) {
        const auto different = std::count_if(counts.begin(), counts.end(), [](std::size_t count) { return count > 0; });
        row.mean = different == 1 ? QStringLiteral("all alike")
                                  : QStringLiteral("%1 different").arg(groupedNumber(different));
    } else {
        const Moments moments = momentsOf(known(property.values, ids), property.period);
        row.mean = shortNumber(moments.mean);
        row.deviation = shortNumber(moments.deviation);
    }
    std::vector<std::size_t> all(bins.bins());
    for (const auto bin : bins.binOf)
        if (bin != Binning::kNone)
            ++all[bin];
    row.histogram = histogramMark(all, counts, classes);
}

SpreadRow spreadRow(const EmbeddedZoo& embedded, const std::string& name, const std::vector<std::size_t>& ids,
                    PropertyBins& bins)
{
    SpreadRow row;
    const Property* property = embedded.zoo->property(name);
    const Prediction* predicted = predictionOf(embedded, name);
    const std::string unit = property != nullptr ? property->unit : predicted != nullptr ? predicted->unit : "nat";
    row.title = propertyTitle(*embedded.zoo, name, unit).toHtmlEscaped();
    if (property != nullptr)
        describeSpread(row, *property, ids, bins.of(name));
    if (predicted != nullptr && predicted->columns == 1 && predicted->kind != PropertyKind::Categorical)
        row.predicted = shortNumber(momentsOf(known(predicted->values, ids), predicted->period).mean);
    return row;
}

Neighbour describeNeighbour(const EmbeddedZoo& embedded, std::size_t row, double distance)
{
    const NetworkPlace place = placeOf(embedded, row);
    Neighbour neighbour {row, networkName(place), {}, {}, distance};
    if (place.member != nullptr)
        neighbour.zoo = place.member->dropped ? zooTitle(place) : plainText(place.embedded.zoo->name, kShortName);
    const Property* task = place.embedded.zoo->property("task");
    if (task != nullptr && place.row < task->rows()) {
        neighbour.task = valueHtml(*embedded.zoo, *task, place.row);
        if (task->unit == "deg")
            neighbour.task += QStringLiteral("°");
    }
    return neighbour;
}

/// Of those selected: the one, or how many different ones.
QString summary(const std::set<QString>& all, const QString& many)
{
    return all.size() == 1 ? *all.begin() : many.arg(all.size());
}

} // namespace

NetworkFacts describeNetwork(const EmbeddedZoo& embedded, std::size_t row)
{
    NetworkFacts facts;
    const NetworkPlace place = placeOf(embedded, row);
    facts.name = networkName(place);
    facts.architecture = architectureTitle(place.embedded.zoo->architecture);
    facts.zoo = breakable(zooTitle(place)).toHtmlEscaped();
    facts.dropped = place.member != nullptr && place.member->dropped;
    facts.split = splitOfRow(embedded, row);
    if (embedded.checkpoint != nullptr) {
        facts.splitByRun = trainedSplitByRun(*embedded.checkpoint);
        facts.cosine = embedded.checkpoint->config.normalize;
    }
    if (std::find(embedded.failed.begin(), embedded.failed.end(), row) != embedded.failed.end())
        facts.problem = QStringLiteral("its weights are not finite: no embedding");
    else if (!embeddedRow(embedded, row))
        facts.problem = QStringLiteral("not embedded yet");
    for (const std::string& name : propertyNames(*place.embedded.zoo, embedded))
        facts.rows.push_back(makeRow(embedded, name, row));
    for (const Prediction& prediction : embedded.predictions)
        facts.level = std::max(facts.level, prediction.level);
    facts.predicted = std::any_of(facts.rows.begin(), facts.rows.end(),
                                  [](const PropertyRow& each) { return !each.predicted.isEmpty(); });
    facts.trust = trustText(embedded, row);
    constexpr std::size_t kNeighbours = 5;
    facts.neighbours = nearestNetworks(embedded, row, kNeighbours);
    return facts;
}

std::vector<Neighbour> nearestNetworks(const EmbeddedZoo& embedded, std::size_t row, std::size_t count)
{
    if (!embeddedRow(embedded, row))
        return {};
    const bool cosine = embedded.checkpoint == nullptr || embedded.checkpoint->config.normalize;
    std::vector<std::pair<double, std::size_t>> all;
    for (std::size_t other = 0; other < embedded.embedding.rows; ++other)
        if (other != row && embeddedRow(embedded, other))
            all.emplace_back(rowDistance(embedded.embedding.row(row), embedded.embedding.row(other), cosine), other);
    count = std::min(count, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end());
    std::vector<Neighbour> nearest;
    for (std::size_t k = 0; k < count; ++k)
        nearest.push_back(describeNeighbour(embedded, all[k].second, all[k].first));
    return nearest;
}

SelectionFacts describeSelection(const EmbeddedZoo& embedded, const std::vector<std::size_t>& ids, PropertyBins& bins)
{
    SelectionFacts facts;
    facts.count = ids.size();
    std::set<QString> architectures;
    std::set<QString> zoos;
    const zoo::Zoo* last = nullptr; // networks of a zoo follow each other, and there may be a hundred thousand
    for (const std::size_t id : ids) {
        const NetworkPlace place = placeOf(embedded, id);
        if (place.embedded.zoo.get() != last) {
            last = place.embedded.zoo.get();
            architectures.insert(architectureTitle(place.embedded.zoo->architecture));
            zoos.insert(breakable(zooTitle(place)).toHtmlEscaped());
        }
        const zoo::Split split = splitOfRow(embedded, id);
        if (split == zoo::Split::Training)
            ++facts.training;
        else if (split != zoo::Split::Unknown)
            ++facts.heldOut;
    }
    facts.failed
        = static_cast<std::size_t>(std::count_if(embedded.failed.begin(), embedded.failed.end(), [&](std::size_t row) {
              return std::binary_search(ids.begin(), ids.end(), row);
          }));
    facts.architecture = summary(architectures, QStringLiteral("%1 architectures"));
    facts.zoo = summary(zoos, QStringLiteral("%1 zoos"));
    bins.follow(embedded.zoo);
    for (const std::string& name : propertyNames(*embedded.zoo, embedded))
        facts.rows.push_back(spreadRow(embedded, name, ids, bins));
    return facts;
}

} // namespace rnnscope::ui
