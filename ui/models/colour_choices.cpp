#include "ui/models/colour_choices.h"

#include "ui/models/labels.h"
#include "ui/plots/split_colours.h"
#include "ui/plots/zoo_marks.h"

#include <QUrl>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace rnnscope::ui {

namespace {

constexpr std::size_t kMostCategories = 8; ///< Okabe-Ito has no more
constexpr std::size_t kLongestLabel = 40;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

struct Source
{
    QString kind; ///< "property", "predicted", "error", "split", "trust", "zoo"
    std::string name;
    std::optional<std::size_t> column; ///< none: the whole property
};

/// Names may hold colons.
QString encoded(const std::string& name)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(name)));
}

Source parse(const QString& id)
{
    const auto parts = id.split(QLatin1Char(':'));
    Source source {parts.value(0), QUrl::fromPercentEncoding(parts.value(1).toLatin1()).toStdString(), std::nullopt};
    if (parts.size() > 2)
        source.column = parts[2].toULongLong();
    return source;
}

/// Distinct rows of a property of several columns; empty when there are too many for categories.
std::map<std::vector<double>, std::size_t> distinctRows(const zoo::Property& property)
{
    std::map<std::vector<double>, std::size_t> seen;
    for (std::size_t row = 0; row < property.rows() && seen.size() <= kMostCategories; ++row) {
        const auto* first = property.values.data() + row * property.columns;
        std::vector<double> key(first, first + property.columns);
        if (std::all_of(key.begin(), key.end(), [](double v) { return std::isfinite(v); }))
            seen.try_emplace(std::move(key), row);
    }
    if (seen.size() > kMostCategories)
        seen.clear();
    return seen;
}

bool varies(const zoo::Property& property, std::size_t column)
{
    for (std::size_t row = 1; row < property.rows(); ++row)
        if (property.value(row, column) != property.value(0, column))
            return true;
    return false;
}

/// The channel's title, which is also what the chooser says.
QString titleOf(const zoo::Zoo& zoo, const Source& source, const std::string& unit)
{
    auto title = propertyTitle(zoo, source.name);
    if (source.column)
        title += QLatin1Char(' ') + columnTitle(zoo, source.name, *source.column);
    if (source.kind == QLatin1String("predicted"))
        title += QStringLiteral(", predicted");
    else if (source.kind == QLatin1String("error"))
        title += QStringLiteral(", error");
    return withUnit(title, unit);
}

void setRange(ColourChannel& channel)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : channel.values) {
        if (!std::isfinite(value))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    channel.low = low <= high ? low : 0.0;
    channel.high = low <= high ? std::max(high, low + 1e-9) : 1.0;
}

/// Values of one column with the scale that suits their kind.
ColourChannel scaled(const QString& title, std::vector<double> values, const zoo::Property& property)
{
    ColourChannel channel {.title = title, .values = std::move(values), .categories = {}};
    if (property.kind == zoo::PropertyKind::Circular && property.period > 0.0) {
        channel.scale = ColourChannel::Scale::Cyclic;
        channel.low = 0.0;
        channel.high = property.period;
        for (double& value : channel.values)
            value -= std::floor(value / property.period) * property.period;
        return channel;
    }
    if (property.kind == zoo::PropertyKind::Categorical && !property.labels.empty()
        && property.labels.size() <= kMostCategories) {
        channel.scale = ColourChannel::Scale::Categorical;
        for (const auto& label : property.labels)
            channel.categories << plainText(label, kLongestLabel);
        return channel;
    }
    if (property.name == "step") { // snapshots lie at roughly even steps of the logarithm
        channel.title += QStringLiteral(", log₁₀");
        for (double& value : channel.values)
            value = std::log10(1.0 + std::max(value, 0.0));
    }
    setRange(channel);
    if (property.name == "accuracy") {
        channel.low = 0.0;
        channel.high = 1.0;
    }
    return channel;
}

template <typename Values>
std::vector<double> columnOf(const Values& values, std::size_t column)
{
    std::vector<double> all(values.rows());
    for (std::size_t row = 0; row < all.size(); ++row)
        all[row] = values.value(row, column);
    return all;
}

ColourChannel wholeRows(const QString& title, const zoo::Property& property)
{
    ColourChannel channel {.title = title, .scale = ColourChannel::Scale::Categorical, .values = {}, .categories = {}};
    auto distinct = distinctRows(property);
    for (auto& [key, row] : distinct) {
        const auto first = row;
        row = static_cast<std::size_t>(channel.categories.size());
        channel.categories << plainText(zoo::format(property, first), kLongestLabel);
    }
    channel.values.assign(property.rows(), kMissing);
    for (std::size_t row = 0; row < property.rows(); ++row) {
        const auto* first = property.values.data() + row * property.columns;
        const auto at = distinct.find(std::vector<double>(first, first + property.columns));
        if (at != distinct.end())
            channel.values[row] = static_cast<double>(at->second);
    }
    return channel;
}

/// Whether the label is another one: zoos need not number theirs alike.
double labelError(const zoo::Property& actual, const prediction::Prediction& predicted, std::size_t row)
{
    const double truth = actual.value(row);
    const double said = predicted.value(row);
    if (!(truth >= 0) || !(said >= 0) || truth >= static_cast<double>(actual.labels.size())
        || said >= static_cast<double>(predicted.labels.size()))
        return std::abs(said - truth);
    return actual.labels[static_cast<std::size_t>(truth)] == predicted.labels[static_cast<std::size_t>(said)] ? 0.0
                                                                                                              : 1.0;
}

double columnError(const zoo::Property& actual, const prediction::Prediction& predicted, std::size_t row,
                   std::size_t column)
{
    if (actual.kind == zoo::PropertyKind::Categorical && actual.columns == 1)
        return labelError(actual, predicted, row);
    const double difference = std::abs(predicted.value(row, column) - actual.value(row, column));
    if (actual.kind != zoo::PropertyKind::Circular || actual.period <= 0.0)
        return difference;
    const double turned = std::fmod(difference, actual.period);
    return std::min(turned, actual.period - turned);
}

ColourChannel errorChannel(const QString& title, const zoo::Property& actual, const prediction::Prediction& predicted)
{
    ColourChannel channel {.title = title, .values = {}, .categories = {}};
    const bool classes = !predicted.classes.empty();
    const auto columns = std::min(actual.columns, predicted.columns);
    channel.values.assign(actual.rows(), kMissing);
    for (std::size_t row = 0; row < std::min(actual.rows(), predicted.rows()); ++row) {
        double sum = 0.0;
        for (std::size_t column = 0; column < columns; ++column)
            sum += columnError(actual, predicted, row, column);
        channel.values[row] = classes && std::isfinite(sum) ? (sum > 1e-9 ? 1.0 : 0.0) : sum;
    }
    if (classes) {
        channel.scale = ColourChannel::Scale::Categorical;
        channel.categories = {QStringLiteral("right"), QStringLiteral("wrong")};
    } else {
        setRange(channel);
        channel.low = 0.0;
    }
    return channel;
}

ColourChannel splitChannel(const EmbeddedZoo& embedded)
{
    ColourChannel channel {
        .title = QStringLiteral("Split"), .scale = ColourChannel::Scale::Categorical, .values = {}, .categories = {}};
    for (const auto split : {zoo::Split::Training, zoo::Split::Validation, zoo::Split::Ood, zoo::Split::Calibration})
        channel.categories << splitName(split);
    for (const auto split : embedded.splits)
        channel.values.push_back(split == zoo::Split::Unknown ? kMissing : static_cast<double>(splitCategory(split)));
    return channel;
}

/// Every zoo, and all dropped files together.
ColourChannel zooChannel(const EmbeddedZoo& embedded)
{
    ColourChannel channel {.title = QStringLiteral("Zoo"),
                           .scale = ColourChannel::Scale::Categorical,
                           .values = std::vector<double>(embedded.zoo->size, kMissing),
                           .categories = {}};
    for (const auto& member : embedded.members) {
        if (!member.dropped || channel.marks.empty() || channel.marks.back().shape != kStarShape) {
            channel.categories << (member.dropped ? QStringLiteral("dropped files") : plainText(member.zoo->name));
            channel.marks.push_back(member.dropped
                                        ? CategoryMark {droppedColour().rgb(), kStarShape}
                                        : CategoryMark {zooColour(member.number).rgb(), zooShape(member.number)});
        }
        std::fill_n(channel.values.begin() + static_cast<std::ptrdiff_t>(member.first), member.zoo->size,
                    static_cast<double>(channel.marks.size() - 1));
    }
    return channel;
}

/// 100: as close to the training networks as the closest of them; 0: farther than all of them.
ColourChannel trustChannel(const EmbeddedZoo& embedded)
{
    ColourChannel channel {.title = QStringLiteral("Trust, %"),
                           .values = std::vector<double>(embedded.zoo->size, kMissing),
                           .low = 0.0,
                           .high = 100.0,
                           .categories = {}};
    for (std::size_t row = 0; row < std::min(channel.values.size(), embedded.trust.size()); ++row)
        channel.values[row] = 100.0 - embedded.trust[row];
    return channel;
}

void addProperty(const zoo::Zoo& zoo, const zoo::Property& property, const QString& kind, int group,
                 std::vector<ColourChoice>& choices)
{
    const auto add = [&](const QString& id, std::optional<std::size_t> column) {
        choices.push_back({id, titleOf(zoo, {kind, property.name, column}, property.unit), group});
    };
    const auto base = kind + QLatin1Char(':') + encoded(property.name);
    const bool whole = property.columns > 1 && kind == QLatin1String("property") && !distinctRows(property).empty();
    if (property.columns == 1 || whole || kind == QLatin1String("error"))
        return add(base, std::nullopt);
    for (std::size_t column = 0; column < property.columns; ++column)
        if (varies(property, column))
            add(base + QLatin1Char(':') + QString::number(column), column);
}

const prediction::Prediction* find(const EmbeddedZoo& embedded, const std::string& name)
{
    for (const auto& each : embedded.predictions)
        if (each.property == name)
            return &each;
    return nullptr;
}

} // namespace

std::vector<ColourChoice> colourChoices(const zoo::Zoo& zoo, const zoo::Checkpoint* checkpoint,
                                        const EmbeddedZoo* embedded)
{
    std::vector<ColourChoice> choices;
    for (const auto& property : zoo.properties)
        addProperty(zoo, property, QStringLiteral("property"), 0, choices);
    if (checkpoint == nullptr)
        return choices;
    for (const auto& [kind, group] : {std::pair {"predicted", 1}, std::pair {"error", 2}})
        for (const auto& head : checkpoint->heads)
            if (const auto* property = zoo.property(head.property); property != nullptr)
                addProperty(zoo, *property, QString::fromLatin1(kind), group, choices);
    const bool split = embedded != nullptr
        && std::any_of(embedded->splits.begin(), embedded->splits.end(),
                       [](zoo::Split each) { return each != zoo::Split::Unknown; });
    if (split)
        choices.push_back({QStringLiteral("split"), QStringLiteral("Split"), 3});
    if (embedded != nullptr && !embedded->trust.empty())
        choices.push_back({QStringLiteral("trust"), QStringLiteral("Trust, %"), 3});
    if (embedded != nullptr && !embedded->members.empty())
        choices.push_back({QStringLiteral("zoo"), QStringLiteral("Zoo"), 3});
    return choices;
}

ColourChannel colourChannel(const EmbeddedZoo& embedded, const QString& id)
{
    const auto source = parse(id);
    const auto& zoo = *embedded.zoo;
    if (source.kind == QLatin1String("split"))
        return splitChannel(embedded);
    if (source.kind == QLatin1String("trust"))
        return trustChannel(embedded);
    if (source.kind == QLatin1String("zoo"))
        return zooChannel(embedded);
    ColourChannel nothing {.title = {}, .values = std::vector<double>(zoo.size, kMissing), .categories = {}};
    const auto* property = zoo.property(source.name);
    if (property == nullptr || property->rows() != zoo.size)
        return nothing;
    const auto title = titleOf(zoo, source, property->unit);
    const auto column = std::min(source.column.value_or(0), property->columns - 1);
    if (source.kind == QLatin1String("property"))
        return property->columns > 1 && !source.column ? wholeRows(title, *property)
                                                       : scaled(title, columnOf(*property, column), *property);
    nothing.title = title;
    const auto* predicted = find(embedded, source.name);
    if (predicted == nullptr || predicted->rows() != zoo.size || column >= predicted->columns)
        return nothing;
    if (source.kind == QLatin1String("error"))
        return errorChannel(title, *property, *predicted);
    return scaled(title, columnOf(*predicted, column), *property);
}

} // namespace rnnscope::ui
