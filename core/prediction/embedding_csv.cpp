#include "core/prediction/embedding_csv.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>

namespace rnnscope::prediction {

namespace {

struct Column
{
    std::string title;
    std::function<void(std::size_t row, std::string& out)> append;
};

std::string quoted(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text)
        out.append(c == '"' ? 2 : 1, c);
    out.push_back('"');
    return out;
}

/// Shortest text that reads back as the same number; nothing for NaN.
template <typename T>
void appendNumber(T value, std::string& out)
{
    if (!std::isnan(value))
        fmt::format_to(std::back_inserter(out), "{}", value);
}

void appendValue(double value, const std::vector<std::string>& labels, std::string& out)
{
    if (value >= 0.0 && value < static_cast<double>(labels.size()))
        out += quoted(labels[static_cast<std::size_t>(value)]);
    else
        appendNumber(value, out);
}

std::string columnTitle(const std::string& name, std::size_t column, std::size_t columns)
{
    return quoted(columns == 1 ? name : fmt::format("{}_{}", name, column));
}

/// The classes in the set of one entry, joined by "|".
std::string setText(const Prediction& prediction, std::size_t row, std::size_t column)
{
    const std::size_t first = (row * prediction.columns + column) * prediction.maxClasses();
    std::string text;
    for (std::size_t c = 0; c < prediction.classes[column].size(); ++c) {
        if (prediction.inSet[first + c] == 0)
            continue;
        const double value = prediction.classes[column][c];
        const bool labelled = value >= 0.0 && value < static_cast<double>(prediction.labels.size());
        text += text.empty() ? "" : "|";
        text += labelled ? prediction.labels[static_cast<std::size_t>(value)] : fmt::format("{}", value);
    }
    return text;
}

void addPrediction(std::vector<Column>& columns, const Prediction& prediction, std::size_t k)
{
    const auto title = [&](const char* what) {
        return columnTitle(fmt::format("{}_{}", what, prediction.property), k, prediction.columns);
    };
    columns.push_back({title("predicted"), [&prediction, k](std::size_t row, std::string& out) {
                           appendValue(prediction.value(row, k), prediction.labels, out);
                       }});
    const auto addBound = [&](const char* what, const std::vector<double>& bounds) {
        columns.push_back({title(what), [&prediction, &bounds, k](std::size_t row, std::string& out) {
                               appendNumber(bounds[row * prediction.columns + k], out);
                           }});
    };
    if (!prediction.lower.empty()) {
        addBound("lower", prediction.lower);
        addBound("upper", prediction.upper);
    }
    if (!prediction.inSet.empty())
        columns.push_back({title("set"), [&prediction, k](std::size_t row, std::string& out) {
                               out += quoted(setText(prediction, row, k));
                           }});
}

std::vector<Column> allColumns(const zoo::Zoo& zoo, const Matrix& embedding, const EmbeddingSummary& summary)
{
    std::vector<Column> columns;
    columns.push_back({"row", [](std::size_t row, std::string& out) { out += std::to_string(row); }});
    for (const zoo::Property& property : zoo.properties)
        for (std::size_t k = 0; k < property.columns; ++k)
            columns.push_back(
                {columnTitle(property.name, k, property.columns), [&property, k](std::size_t row, std::string& out) {
                     appendValue(property.value(row, k), property.labels, out);
                 }});
    for (std::size_t d = 0; d < embedding.columns; ++d)
        columns.push_back({fmt::format("e{}", d), [&embedding, d](std::size_t row, std::string& out) {
                               appendNumber(embedding(row, d), out);
                           }});
    if (!summary.projection.empty())
        for (const std::size_t axis : {0, 1})
            columns.push_back({summary.projectionName + (axis == 0 ? "_x" : "_y"),
                               [&summary, axis](std::size_t row, std::string& out) {
                                   appendNumber(summary.projection(row, axis), out);
                               }});
    for (const Prediction& prediction : summary.predictions)
        for (std::size_t k = 0; k < prediction.columns; ++k)
            addPrediction(columns, prediction, k);
    if (!summary.trust.empty())
        columns.push_back(
            {"trust", [&summary](std::size_t row, std::string& out) { appendNumber(summary.trust[row], out); }});
    if (!summary.splits.empty())
        columns.push_back({"split", [&summary](std::size_t row, std::string& out) {
                               out += std::to_string(static_cast<int>(summary.splits[row]));
                           }});
    return columns;
}

} // namespace

Result<void> writeEmbeddingCsv(const std::filesystem::path& file, const std::filesystem::path& target,
                               const zoo::Zoo& zoo, const Matrix& embedding, const EmbeddingSummary& summary)
{
    errno = 0;
    std::ofstream out(file, std::ios::binary);
    const auto columns = allColumns(zoo, embedding, summary);
    std::string line;
    for (const Column& column : columns)
        line += (line.empty() ? "" : ",") + column.title;
    out << line << '\n';
    for (std::size_t row = 0; row < zoo.size && out; ++row) {
        line.clear();
        for (const Column& column : columns) {
            column.append(row, line);
            line.push_back(',');
        }
        line.back() = '\n';
        out << line;
    }
    out.close();
    if (!out)
        return fail(Errc::Io,
                    fmt::format("cannot write {}: {}", target.string(),
                                errno == 0 ? "the disk refused it" : std::strerror(errno)));
    return {};
}

} // namespace rnnscope::prediction
