#include "ui/models/fields.h"

#include "ui/models/labels.h"
#include "ui/plots/split_colours.h"

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

/// As choosers and legends say it.
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

/// "accuracy", "predicted.task.b", "error.accuracy"
QString nameOf(const zoo::Zoo& zoo, const Source& source)
{
    auto name = QString::fromStdString(source.name);
    if (source.kind != QLatin1String("property"))
        name.prepend(source.kind + QLatin1Char('.'));
    if (source.column)
        name += QLatin1Char('.') + columnTitle(zoo, source.name, *source.column);
    return name;
}

template <typename Values>
std::vector<double> columnOf(const Values& values, std::size_t column)
{
    std::vector<double> all(values.rows());
    for (std::size_t row = 0; row < all.size(); ++row)
        all[row] = values.value(row, column);
    return all;
}

Field ofProperty(const QString& title, std::vector<double> values, const zoo::Property& property)
{
    Field field {.title = title,
                 .kind = property.kind,
                 .period = property.period,
                 .values = std::move(values),
                 .range = zoo::rangeOf(property.name)};
    if (property.kind == zoo::PropertyKind::Circular && property.period > 0.0)
        for (double& value : field.values)
            value -= std::floor(value / property.period) * property.period;
    if (property.kind == zoo::PropertyKind::Categorical)
        for (const auto& label : property.labels)
            field.categories << plainText(label, kLongestLabel);
    return field;
}

/// Every distinct row of a property of several columns is a category.
Field wholeRows(const QString& title, const zoo::Property& property)
{
    Field field {.title = title, .kind = zoo::PropertyKind::Categorical, .values = {}};
    auto distinct = distinctRows(property);
    for (auto& [key, row] : distinct) {
        const auto first = row;
        row = static_cast<std::size_t>(field.categories.size());
        field.categories << plainText(zoo::format(property, first), kLongestLabel);
    }
    field.values.assign(property.rows(), kMissing);
    for (std::size_t row = 0; row < property.rows(); ++row) {
        const auto* first = property.values.data() + row * property.columns;
        const auto at = distinct.find(std::vector<double>(first, first + property.columns));
        if (at != distinct.end())
            field.values[row] = static_cast<double>(at->second);
    }
    return field;
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

/// Of classes: right or wrong; else how far the prediction is from the actual value, columns added up.
Field errorField(const QString& title, const zoo::Property& actual, const prediction::Prediction& predicted)
{
    Field field {.title = title, .values = std::vector<double>(actual.rows(), kMissing), .range = {.lowest = 0.0}};
    const bool classes = !predicted.classes.empty();
    const auto columns = std::min(actual.columns, predicted.columns);
    for (std::size_t row = 0; row < std::min(actual.rows(), predicted.rows()); ++row) {
        double sum = 0.0;
        for (std::size_t column = 0; column < columns; ++column)
            sum += columnError(actual, predicted, row, column);
        field.values[row] = classes && std::isfinite(sum) ? (sum > 1e-9 ? 1.0 : 0.0) : sum;
    }
    if (classes) {
        field.kind = zoo::PropertyKind::Categorical;
        field.categories = {QStringLiteral("right"), QStringLiteral("wrong")};
    }
    return field;
}

Field splitField(const EmbeddedZoo& embedded)
{
    Field field {.title = QStringLiteral("Split"), .kind = zoo::PropertyKind::Categorical, .values = {}};
    for (const auto split : {zoo::Split::Training, zoo::Split::Validation, zoo::Split::Ood, zoo::Split::Calibration})
        field.categories << splitName(split);
    for (const auto split : embedded.splits)
        field.values.push_back(split == zoo::Split::Unknown ? kMissing : static_cast<double>(splitCategory(split)));
    return field;
}

/// Every zoo, and all dropped files together.
Field zooField(const EmbeddedZoo& embedded)
{
    Field field {.title = QStringLiteral("Zoo"),
                 .kind = zoo::PropertyKind::Categorical,
                 .values = std::vector<double>(embedded.zoo->size, kMissing)};
    bool files = false;
    for (const auto& member : embedded.members) {
        if (!member.dropped || !files)
            field.categories << (member.dropped ? QStringLiteral("dropped files") : plainText(member.zoo->name));
        files = member.dropped;
        std::fill_n(field.values.begin() + static_cast<std::ptrdiff_t>(member.first), member.zoo->size,
                    static_cast<double>(field.categories.size() - 1));
    }
    return field;
}

/// 100: as close to the training networks as the closest of them; 0: farther than all of them.
Field trustField(const EmbeddedZoo& embedded)
{
    Field field {.title = QStringLiteral("Trust, %"),
                 .values = std::vector<double>(embedded.zoo->size, kMissing),
                 .range = {0.0, 100.0}};
    for (std::size_t row = 0; row < std::min(field.values.size(), embedded.trust.size()); ++row)
        field.values[row] = 100.0 - embedded.trust[row];
    return field;
}

void addProperty(const zoo::Zoo& zoo, const zoo::Property& property, const QString& kind, int group,
                 std::vector<FieldChoice>& choices)
{
    const auto add = [&](const QString& id, std::optional<std::size_t> column) {
        const Source source {kind, property.name, column};
        choices.push_back({id, titleOf(zoo, source, property.unit), nameOf(zoo, source), group});
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

std::vector<FieldChoice> fieldChoices(const zoo::Zoo& zoo, const zoo::Checkpoint* checkpoint,
                                      const EmbeddedZoo* embedded)
{
    std::vector<FieldChoice> choices;
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
        choices.push_back({QStringLiteral("split"), QStringLiteral("Split"), QStringLiteral("split"), 3});
    if (embedded != nullptr && !embedded->trust.empty())
        choices.push_back({QStringLiteral("trust"), QStringLiteral("Trust, %"), QStringLiteral("trust"), 3});
    if (embedded != nullptr && !embedded->members.empty())
        choices.push_back({QStringLiteral("zoo"), QStringLiteral("Zoo"), QStringLiteral("zoo"), 3});
    return choices;
}

Field fieldOf(const EmbeddedZoo& embedded, const QString& id)
{
    const auto source = parse(id);
    const auto& zoo = *embedded.zoo;
    if (source.kind == QLatin1String("split"))
        return splitField(embedded);
    if (source.kind == QLatin1String("trust"))
        return trustField(embedded);
    if (source.kind == QLatin1String("zoo"))
        return zooField(embedded);
    Field nothing {.title = {}, .values = std::vector<double>(zoo.size, kMissing)};
    const auto* property = zoo.property(source.name);
    if (property == nullptr || property->rows() != zoo.size)
        return nothing;
    const auto title = titleOf(zoo, source, property->unit);
    const auto column = std::min(source.column.value_or(0), property->columns - 1);
    if (source.kind == QLatin1String("property"))
        return property->columns > 1 && !source.column ? wholeRows(title, *property)
                                                       : ofProperty(title, columnOf(*property, column), *property);
    nothing.title = title;
    const auto* predicted = find(embedded, source.name);
    if (predicted == nullptr || predicted->rows() != zoo.size || column >= predicted->columns)
        return nothing;
    if (source.kind == QLatin1String("error"))
        return errorField(title, *property, *predicted);
    return ofProperty(title, columnOf(*predicted, column), *property);
}

} // namespace rnnscope::ui
