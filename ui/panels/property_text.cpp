#include "ui/panels/property_text.h"

#include "core/prediction/head.h"
#include "ui/models/labels.h"
#include "ui/models/session.h"
#include "ui/plots/text.h"

#include <QStringList>

#include <array>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

using zoo::PropertyKind;

constexpr std::size_t kLongestLabel = 40;

QString numberText(PropertyKind kind, double value, const std::vector<std::string>& labels)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    switch (kind) {
    case PropertyKind::Integer:
        return std::abs(value) < 1e15 ? groupedNumber(std::llround(value)) : shortNumber(value);
    case PropertyKind::Categorical:
        if (value >= 0 && value < static_cast<double>(labels.size()))
            return plainText(labels[static_cast<std::size_t>(value)], kLongestLabel).toHtmlEscaped();
        return shortNumber(value);
    case PropertyKind::Circular: {
        const bool whole = std::abs(value - std::round(value)) < 0.05;
        QString text = QString::number(value, 'f', whole ? 0 : 1);
        return text.replace(QLatin1Char('-'), QChar(0x2212));
    }
    case PropertyKind::Real:
        break;
    }
    return shortNumber(value);
}

QString rowHtml(const zoo::Zoo& zoo, const std::string& name, PropertyKind kind, std::span<const double> values,
                const std::vector<std::string>& labels)
{
    if (name == "task" && zoo.family == zoo::TaskFamily::FormalLanguage && values.size() > 1)
        return languageHtml(values);
    QStringList parts;
    for (const double value : values)
        parts << numberText(kind, value, labels);
    return parts.join(QLatin1Char(' '));
}

std::span<const double> rowOf(const std::vector<double>& values, std::size_t columns, std::size_t row)
{
    if ((row + 1) * columns > values.size())
        return {};
    return std::span(values).subspan(row * columns, columns);
}

/// Of the weight file the network came from; empty when it came from none.
QString fileName(const zoo::Zoo& zoo, std::size_t row)
{
    const auto* file = zoo.property("file");
    const bool named = file != nullptr && row < file->rows() && file->value(row) >= 0
        && file->value(row) < static_cast<double>(file->labels.size());
    return named ? plainText(file->labels[static_cast<std::size_t>(file->value(row))], kLongestLabel) : QString();
}

} // namespace

QString languageHtml(std::span<const double> differences)
{
    QString html;
    for (std::size_t i = 0; i < differences.size(); ++i) {
        if (!std::isfinite(differences[i]))
            return QStringLiteral("–");
        const auto difference = std::llround(differences[i]);
        QString exponent = QStringLiteral("n");
        if (difference > 0)
            exponent += QLatin1Char('+');
        if (difference != 0)
            exponent += groupedNumber(difference);
        html += QChar(static_cast<char16_t>(u'a' + i)) + QStringLiteral("<sup>%1</sup>").arg(exponent);
    }
    return html;
}

QString valueHtml(const zoo::Zoo& zoo, const zoo::Property& property, std::size_t row)
{
    return rowHtml(zoo, property.name, property.kind, rowOf(property.values, property.columns, row), property.labels);
}

QString valueHtml(const zoo::Zoo& zoo, const prediction::Prediction& prediction, std::size_t row)
{
    return rowHtml(zoo, prediction.property, prediction.kind, rowOf(prediction.values, prediction.columns, row),
                   prediction.labels);
}

bool namedByFiles(const zoo::Zoo& zoo)
{
    return zoo.property("file") != nullptr && (zoo.property("run") == nullptr || zoo.property("step") == nullptr);
}

QString networkName(const zoo::Zoo& zoo, std::size_t row)
{
    QStringList parts;
    for (const char* name : {"run", "step"}) {
        const zoo::Property* property = zoo.property(name);
        if (property != nullptr && row < property->rows() && std::isfinite(property->value(row)))
            parts << QStringLiteral("%1 %2").arg(QLatin1String(name),
                                                 groupedNumber(std::llround(property->value(row))));
    }
    if (parts.size() >= 2)
        return parts.join(QStringLiteral(" · "));
    const QString file = fileName(zoo, row);
    return !file.isEmpty() ? file : QStringLiteral("network %1").arg(groupedNumber(static_cast<qlonglong>(row)));
}

QString architectureTitle(const zoo::Architecture& architecture)
{
    constexpr std::array<const char*, 4> kCells {"LSTM", "GRU", "tanh RNN", "ReLU RNN"};
    return QStringLiteral("%1 %2×%3")
        .arg(QLatin1String(kCells.at(static_cast<std::size_t>(architecture.cell))))
        .arg(architecture.numLayers)
        .arg(architecture.hiddenSize);
}

QString networkName(const NetworkPlace& place)
{
    const auto& zoo = *place.embedded.zoo;
    if (place.member == nullptr || !place.member->dropped)
        return networkName(zoo, place.row);
    const QString file = fileName(zoo, place.row);
    if (!file.isEmpty())
        return file;
    const QString name = plainText(zoo.name, kLongestLabel);
    return zoo.size > 1 ? name + QStringLiteral(" · ") + networkName(zoo, place.row) : name;
}

QString zooTitle(const NetworkPlace& place)
{
    const auto name = plainText(place.embedded.zoo->name);
    if (place.member == nullptr || !place.member->dropped)
        return name;
    const QString network = networkName(place);
    const bool same = network == name || network.startsWith(name + QLatin1Char('.')); // a file and its stem
    return same ? QStringLiteral("dropped file") : QStringLiteral("dropped file · ") + name;
}

QString hoverHtml(const EmbeddedZoo& embedded, std::size_t row)
{
    const auto place = placeOf(embedded, row);
    const zoo::Zoo& zoo = *place.embedded.zoo;
    QString html = QStringLiteral("<b>%1</b>").arg(networkName(place).toHtmlEscaped());
    if (place.member != nullptr)
        html += QStringLiteral("<br>") + zooTitle(place).toHtmlEscaped() + QStringLiteral(" · ")
            + architectureTitle(zoo.architecture);
    for (const char* name : {"task", "accuracy"}) {
        const zoo::Property* property = zoo.property(name);
        if (property == nullptr || place.row >= property->rows())
            continue;
        QString title = propertyTitle(*embedded.zoo, property->name);
        title[0] = title[0].toLower();
        html += QStringLiteral("<br>%1 %2").arg(title.toHtmlEscaped(), valueHtml(*embedded.zoo, *property, place.row));
        if (property->unit == "deg")
            html += QStringLiteral("°");
    }
    if (row < embedded.trust.size() && std::isfinite(embedded.trust[row]))
        html += QStringLiteral("<br>trust %1 %").arg(std::lround(100.0 - embedded.trust[row]));
    return html;
}

} // namespace rnnscope::ui
