#include "ui/models/labels.h"

#include "core/base/printable.h"
#include "ui/plots/text.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {
constexpr double kGoodAccuracy = 0.95;
constexpr std::size_t kLongestTitle = 40;
constexpr std::size_t kLongestUnit = 16;

/// The file's name without what every checkpoint of this kind is called.
QString distinctiveName(const zoo::Checkpoint& checkpoint)
{
    const auto kind = zoo::name(checkpoint.config.kind);
    auto parts = plainText(checkpoint.path.stem().string()).split(QLatin1Char('.'));
    const auto whole = parts.join(QLatin1Char('.'));
    parts.removeAll(QStringLiteral("encoder"));
    parts.removeAll(QString::fromUtf8(kind));
    return parts.isEmpty() ? whole : parts.join(QLatin1Char('.'));
}

} // namespace

QString plainText(const std::string& text, std::size_t limit)
{
    return QString::fromStdString(printable(text, limit));
}

QString propertyTitle(const zoo::Zoo& zoo, const std::string& name)
{
    if (name == "step")
        return QStringLiteral("Training step");
    if (name == "task" && zoo.family == zoo::TaskFamily::SequentialMnist)
        return QStringLiteral("Rotation");
    static constexpr std::array<std::pair<const char*, const char*>, 2> kKnown {
        {{"train_loss", "Training loss"}, {"eval_loss", "Evaluation loss"}}};
    for (const auto& [key, title] : kKnown)
        if (name == key)
            return QString::fromLatin1(title);
    auto title = plainText(name, kLongestTitle).replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!title.isEmpty())
        title[0] = title[0].toUpper();
    return title;
}

QString withUnit(const QString& title, const std::string& unit)
{
    return unit.empty() || unit == "1" ? title : title + QStringLiteral(", ") + plainText(unit, kLongestUnit);
}

QString propertyTitle(const zoo::Zoo& zoo, const std::string& name, const std::string& unit)
{
    return withUnit(propertyTitle(zoo, name), unit);
}

QString columnTitle(const zoo::Zoo& zoo, const std::string& name, std::size_t column)
{
    if (name == "task" && zoo.family == zoo::TaskFamily::FormalLanguage && column < 26)
        return QString(QChar(static_cast<char16_t>(u'a' + column)));
    return QString::number(column + 1);
}

QString checkpointLabel(const zoo::Checkpoint& checkpoint,
                        const std::vector<std::shared_ptr<const zoo::Checkpoint>>& all)
{
    const auto title = zoo::title(checkpoint.config.kind);
    auto label = QString::fromUtf8(title);
    if (checkpoint.path.empty())
        return label + QStringLiteral(" · learning");
    const auto alike = std::count_if(all.begin(), all.end(), [&](const auto& each) {
        return !each->path.empty() && each->config.kind == checkpoint.config.kind
            && each->config.rnn == checkpoint.config.rnn;
    });
    return alike > 1 ? QStringLiteral("%1 · %2").arg(label, distinctiveName(checkpoint)) : label;
}

QString failedRowsNote(const std::vector<std::size_t>& rows)
{
    constexpr std::size_t kNamed = 10;
    QStringList names;
    for (std::size_t i = 0; i < std::min(kNamed, rows.size()); ++i)
        names << QString::number(rows[i]);
    if (rows.size() > kNamed)
        names << QStringLiteral("and %1 more").arg(rows.size() - kNamed);
    const auto list = names.join(QStringLiteral(", "));
    if (rows.size() == 1)
        return QStringLiteral("1 network has NaN or infinite weights and gets no embedding: row %1").arg(list);
    return QStringLiteral("%1 networks have NaN or infinite weights and get no embedding: rows %2")
        .arg(groupedNumber(static_cast<qlonglong>(rows.size())), list);
}

std::optional<std::size_t> representative(const zoo::Zoo& zoo, const std::vector<std::size_t>& failed,
                                          const std::vector<double>& trust)
{
    constexpr double kUsual = 80.0; // percent of the training networks that may lie closer to the others
    const auto* accuracy = zoo.property("accuracy");
    std::optional<std::size_t> best;
    std::optional<std::size_t> good;
    for (std::size_t row = 0; row < zoo.size; ++row) {
        if (std::binary_search(failed.begin(), failed.end(), row))
            continue;
        if (accuracy == nullptr)
            return row;
        if (!best || accuracy->value(row) > accuracy->value(*best))
            best = row;
        if (!(accuracy->value(row) >= kGoodAccuracy))
            continue;
        if (row >= trust.size() || trust[row] <= kUsual)
            return row;
        good = good.value_or(row);
    }
    return good ? good : best;
}

std::vector<std::size_t> sameRun(const zoo::Zoo& zoo, std::size_t row)
{
    const auto* run = zoo.property("run");
    if (run == nullptr)
        return {row};
    std::vector<std::size_t> rows;
    for (std::size_t other = 0; other < zoo.size; ++other)
        if (other == row || run->value(other) == run->value(row))
            rows.push_back(other);
    return rows;
}

} // namespace rnnscope::ui
