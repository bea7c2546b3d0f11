#include "ui/models/evaluation_rows.h"

#include "core/evaluation/report.h"
#include "core/prediction/metrics.h"
#include "ui/models/agreement.h"
#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rnnscope::ui {

namespace {

using evaluation::Entry;
using evaluation::Part;

const QString kGuess = QStringLiteral("constant guess");

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString numberText(double value)
{
    return std::isfinite(value) ? shortNumber(value) : QString();
}

QString methodTitle(const std::string& method)
{
    const auto kind = zoo::encoderKindFromName(method);
    if (!kind)
        return text(method);
    const auto title = zoo::title(*kind);
    return QString::fromUtf8(title);
}

/// Words short enough for a column of a narrow table.
QString metricTitle(std::string_view metric)
{
    if (metric == "mean_absolute_error")
        return QStringLiteral("mean error");
    if (metric == "mean_angular_error")
        return QStringLiteral("mean angle");
    if (metric == "exact_accuracy")
        return QStringLiteral("exact");
    if (metric == "entry_accuracy")
        return QStringLiteral("per entry");
    if (metric == "coverage")
        return QStringLiteral("coverage");
    if (metric == "auroc")
        return QStringLiteral("AUROC");
    return text(evaluation::title(metric));
}

QString partTitle(Part part)
{
    if (part == Part::Ood)
        return QStringLiteral("OOD");
    const auto name = evaluation::name(part);
    auto title = QString::fromUtf8(name);
    title[0] = title[0].toUpper();
    return title;
}

QString titleOf(const zoo::Zoo& zoo, const Entry& entry)
{
    if (entry.property == "emulation")
        return QStringLiteral("Emulation loss");
    if (entry.property == "trust")
        return QStringLiteral("Trust");
    return propertyTitle(zoo, entry.property, entry.unit);
}

/// Rows of the known values of one split: truth, prediction.
struct Rows
{
    std::vector<double> actual;
    std::vector<double> predicted;
};

Rows rowsOf(const EmbeddedZoo& embedded, const zoo::Property& property, const prediction::Prediction& predicted,
            SplitFilter filter)
{
    Rows rows;
    const auto columns = static_cast<std::ptrdiff_t>(property.columns);
    for (std::size_t row = 0; row < std::min(property.rows(), embedded.splits.size()); ++row)
        if (admits(filter, embedded.splits[row])) {
            const auto first = static_cast<std::ptrdiff_t>(row) * columns;
            rows.actual.insert(rows.actual.end(), property.values.begin() + first,
                               property.values.begin() + first + columns);
            rows.predicted.insert(rows.predicted.end(), predicted.values.begin() + first,
                                  predicted.values.begin() + first + columns);
        }
    return rows;
}

/// The encoder was trained on another zoo.
bool isUnseen(const EmbeddedZoo& embedded)
{
    return std::all_of(embedded.splits.begin(), embedded.splits.end(),
                       [](zoo::Split split) { return split == zoo::Split::Unknown; });
}

/// The lines of one property: for every metric what a guess reaches, then what the encoder does.
void addQuick(const EmbeddedZoo& embedded, const zoo::Property& property, const prediction::Prediction& predicted,
              std::vector<EvaluationRow>& lines)
{
    const bool unseen = isUnseen(embedded);
    const auto learned = rowsOf(embedded, property, predicted, unseen ? SplitFilter::All : SplitFilter::Training);
    const auto filters = unseen ? std::vector {SplitFilter::All}
                                : std::vector {SplitFilter::Training, SplitFilter::HeldOut, SplitFilter::Ood};
    std::vector<EvaluationRow> guesses;
    std::vector<EvaluationRow> reached;
    for (const auto filter : filters) {
        const auto rows = rowsOf(embedded, property, predicted, filter);
        const auto scores = prediction::scores(predicted.kind, predicted.period, predicted.columns, rows.actual,
                                               rows.predicted, learned.actual);
        if (guesses.empty())
            for (const auto& score : scores) {
                const EvaluationRow line {.property = property.name,
                                          .title = propertyTitle(*embedded.zoo, property.name, property.unit),
                                          .metric = metricTitle(prediction::name(score.metric)),
                                          .method = {},
                                          .values = {}};
                guesses.push_back(line);
                reached.push_back(line);
            }
        for (std::size_t i = 0; i < scores.size(); ++i) {
            guesses[i].values << numberText(scores[i].baseline);
            reached[i].values << numberText(scores[i].value);
        }
    }
    for (std::size_t i = 0; i < guesses.size(); ++i) {
        guesses[i].method = kGuess;
        guesses[i].guess = true;
        reached[i].method = methodTitle(std::string(zoo::name(embedded.checkpoint->config.kind)));
        lines.push_back(guesses[i]);
        lines.push_back(reached[i]);
    }
}

EvaluationRow& lineOf(std::vector<EvaluationRow>& block, const EvaluationRow& wanted, qsizetype parts)
{
    for (auto& line : block)
        if (line.method == wanted.method)
            return line;
    block.push_back(wanted);
    for (qsizetype i = 0; i < parts; ++i)
        block.back().values << QString();
    return block.back();
}

} // namespace

EvaluationRows quickRows(const EmbeddedZoo& embedded)
{
    EvaluationRows all;
    if (isUnseen(embedded))
        all.parts = {partTitle(Part::Unseen)};
    else
        all.parts = {partTitle(Part::Training), partTitle(Part::Validation), partTitle(Part::Ood)};
    for (const auto& predicted : embedded.predictions) {
        const auto* property = embedded.zoo->property(predicted.property);
        if (property != nullptr && property->columns == predicted.columns && property->rows() == predicted.rows())
            addQuick(embedded, *property, predicted, all.rows);
    }
    return all;
}

EvaluationRows fullRows(const zoo::Zoo& zoo, const evaluation::Evaluation& evaluation)
{
    std::vector<Part> parts;
    for (const auto& entry : evaluation.entries)
        if (std::find(parts.begin(), parts.end(), entry.part) == parts.end())
            parts.push_back(entry.part);
    std::sort(parts.begin(), parts.end());
    EvaluationRows all;
    for (const auto part : parts)
        all.parts << partTitle(part);
    const auto count = static_cast<qsizetype>(parts.size());
    for (std::size_t i = 0; i < evaluation.entries.size();) {
        const auto& first = evaluation.entries[i];
        EvaluationRow line {.property = first.property,
                            .title = titleOf(zoo, first),
                            .metric = metricTitle(first.metric),
                            .method = kGuess,
                            .values = {},
                            .guess = true};
        if (first.property == "emulation")
            line.method = QStringLiteral("constant embedding");
        std::vector<EvaluationRow> block;
        lineOf(block, line, count);
        line.guess = false;
        for (; i < evaluation.entries.size() && evaluation.entries[i].property == first.property
             && evaluation.entries[i].metric == first.metric;
             ++i) {
            const auto& entry = evaluation.entries[i];
            const auto column = std::find(parts.begin(), parts.end(), entry.part) - parts.begin();
            if (const auto guess = numberText(entry.baseline); !guess.isEmpty())
                block.front().values[column] = guess;
            line.method = methodTitle(entry.method);
            lineOf(block, line, count).values[column] = text(evaluation::format(entry.value));
        }
        const bool nothing = block.front().values.join(QString()).isEmpty();
        all.rows.insert(all.rows.end(), block.begin() + (nothing ? 1 : 0), block.end());
    }
    return all;
}

} // namespace rnnscope::ui
