#include "core/weights/labels_csv.h"

#include "core/base/printable.h"
#include "core/weights/csv.h"
#include "core/weights/find_names.h"
#include "core/weights/label_column.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kNamed = 3; // of many files in a note

/// "task_2" -> "task" and 2
struct ColumnName
{
    std::string property;
    std::optional<std::size_t> number;
};

ColumnName splitColumn(const std::string& title)
{
    const std::size_t at = title.rfind('_');
    if (at == std::string::npos || at == 0)
        return {title, {}};
    const std::string digits = title.substr(at + 1);
    const auto number = numberIn(digits);
    if (!number || (digits.size() > 1 && digits.front() == '0'))
        return {title, {}};
    return {title.substr(0, at), number};
}

/// Columns of every property: x_0, x_1, … side by side are one.
std::vector<std::pair<std::string, std::vector<std::size_t>>> grouped(const Csv& csv, std::size_t fileColumn)
{
    std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
    for (std::size_t first = 0; first < csv.header.size();) {
        const ColumnName name = splitColumn(csv.header[first]);
        std::size_t end = first + 1;
        if (name.number == std::size_t {0} && first != fileColumn)
            while (end < csv.header.size() && end != fileColumn
                   && splitColumn(csv.header[end]).property == name.property
                   && splitColumn(csv.header[end]).number == end - first)
                ++end;
        if (first != fileColumn) {
            groups.emplace_back(end - first > 1 ? name.property : csv.header[first], std::vector<std::size_t> {});
            for (std::size_t column = first; column < end; ++column)
                groups.back().second.push_back(column);
        }
        first = end;
    }
    return groups;
}

Result<std::size_t> fileColumn(const Csv& csv, const fs::path& path)
{
    if (csv.header.empty())
        return fail(Errc::BadFormat,
                    fmt::format("{} is empty, expected a line with the columns' names", path.string()));
    std::unordered_set<std::string> names;
    for (const std::string& title : csv.header) {
        if (title.empty())
            return fail(Errc::BadFormat, fmt::format("{}: line 1 has a column without a name", path.string()));
        if (!names.insert(title).second)
            return fail(Errc::BadFormat,
                        fmt::format("{}: line 1 has two columns '{}'", path.string(), printable(title)));
    }
    const auto found = std::find(csv.header.begin(), csv.header.end(), "file");
    if (found == csv.header.end())
        return fail(Errc::NotFound,
                    fmt::format("{} has no column 'file', its first one is '{}'", path.string(),
                                printable(csv.header.front())));
    return static_cast<std::size_t>(found - csv.header.begin());
}

Result<void> takeFiles(const Csv& csv, std::size_t column, LabelTable& table)
{
    std::unordered_map<std::string, std::size_t> seen; // line
    for (std::size_t row = 0; row < csv.rows(); ++row) {
        const std::string& file = csv.cell(row, column);
        if (file.empty())
            return fail(Errc::BadFormat, fmt::format("{}: line {} names no file", table.path.string(), csv.lines[row]));
        const auto [at, isNew] = seen.emplace(file, csv.lines[row]);
        if (!isNew)
            return fail(Errc::BadFormat,
                        fmt::format("{}: line {} names '{}' again, which line {} did", table.path.string(),
                                    csv.lines[row], printable(file), at->second));
        table.files.push_back(file);
    }
    table.lines = csv.lines;
    return {};
}

/// Does `path` end with the parts of `name`?
bool endsWith(const fs::path& path, const fs::path& name)
{
    auto part = path.end();
    for (auto wanted = name.end(); wanted != name.begin();) {
        if (part == path.begin() || *--part != *--wanted)
            return false;
    }
    return true;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i)
        text += (i == 0 ? "'" : ", '") + printable(names[i]) + "'";
    return names.size() > kNamed ? fmt::format("{} and {} more", text, names.size() - kNamed) : text;
}

/// The table's row for every file, if it has one.
std::vector<std::optional<std::size_t>> rowsOf(const LabelTable& table, std::span<const fs::path> files)
{
    std::unordered_multimap<std::string, std::size_t> byName;
    for (std::size_t row = 0; row < table.files.size(); ++row)
        byName.emplace(fs::path(table.files[row]).filename().string(), row);
    std::vector<std::optional<std::size_t>> rows;
    for (const fs::path& file : files) {
        std::optional<std::size_t> best;
        std::size_t longest = 0; // a path says more than a name
        const auto [first, last] = byName.equal_range(file.filename().string());
        for (auto each = first; each != last; ++each) {
            const std::string& name = table.files[each->second];
            if (name.size() > longest && endsWith(file, fs::path(name).lexically_normal())) {
                best = each->second;
                longest = name.size();
            }
        }
        rows.push_back(best);
    }
    return rows;
}

void noteGaps(const LabelTable& table, std::span<const fs::path> files,
              const std::vector<std::optional<std::size_t>>& rows, std::vector<std::string>& notes)
{
    std::vector<bool> used(table.files.size(), false);
    std::vector<std::string> unlabelled;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i])
            used[*rows[i]] = true;
        else if (i == 0 || files[i] != files[i - 1])
            unlabelled.push_back(files[i].filename().string());
    }
    std::vector<std::string> missing;
    for (std::size_t row = 0; row < used.size(); ++row)
        if (!used[row])
            missing.push_back(table.files[row]);
    if (!missing.empty())
        notes.push_back(fmt::format("{} has {} without a network: {}", table.path.string(),
                                    missing.size() == 1 ? "a row" : fmt::format("{} rows", missing.size()),
                                    listed(missing)));
    if (!unlabelled.empty())
        notes.push_back(fmt::format("{} has no row for {}", table.path.string(), listed(unlabelled)));
}

} // namespace

Result<LabelTable> parseLabels(std::string_view text, const fs::path& path)
{
    const auto csv = parseCsv(text, path, kMostLabelColumns, kMostLabelCells);
    if (!csv)
        return forward(csv);
    const auto file = fileColumn(*csv, path);
    if (!file)
        return forward(file);
    LabelTable table;
    table.path = path;
    if (auto taken = takeFiles(*csv, *file, table); !taken)
        return forward(taken);
    std::unordered_set<std::string> names {"file"};
    for (const auto& [name, columns] : grouped(*csv, *file)) {
        auto property = propertyOf(*csv, path, name, columns);
        if (!property)
            return forward(property);
        if (*property && !names.insert((*property)->name).second)
            return fail(Errc::BadFormat,
                        fmt::format("{}: two columns make the property '{}'", path.string(), (*property)->name));
        if (*property)
            table.properties.push_back(**std::move(property));
        else
            table.notes.push_back(fmt::format("{}: the column '{}' is empty", path.string(), printable(name)));
    }
    return table;
}

Result<LabelTable> readLabels(const fs::path& path)
{
    const auto text = readText(path, kMostLabelBytes);
    if (!text)
        return forward(text);
    try {
        return parseLabels(*text, path);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", path.string()));
    }
}

std::vector<zoo::Property> labelsOf(const LabelTable& table, std::span<const fs::path> files,
                                    std::vector<std::string>& notes)
{
    const auto rows = rowsOf(table, files);
    noteGaps(table, files, rows, notes);
    std::vector<zoo::Property> properties;
    for (const zoo::Property& all : table.properties) {
        zoo::Property& property = properties.emplace_back(all);
        property.values.clear();
        for (const auto& row : rows)
            for (std::size_t column = 0; column < all.columns; ++column)
                property.values.push_back(row ? all.value(*row, column) : std::numeric_limits<double>::quiet_NaN());
    }
    return properties;
}

bool fillIn(zoo::Property& property, const zoo::Property& more)
{
    using zoo::PropertyKind;
    const auto isNumber = [](PropertyKind kind) { return kind == PropertyKind::Integer || kind == PropertyKind::Real; };
    const bool bothNumbers = isNumber(property.kind) && isNumber(more.kind);
    if (property.columns != more.columns || property.values.size() != more.values.size()
        || (property.kind != more.kind && !bothNumbers))
        return false;
    if (property.kind != more.kind)
        property.kind = PropertyKind::Real;
    std::vector<std::string> labels = property.labels;
    labels.insert(labels.end(), more.labels.begin(), more.labels.end());
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    const auto merged = [&](double value, const std::vector<std::string>& from) {
        if (from.empty() || std::isnan(value))
            return value;
        const auto at = std::lower_bound(labels.begin(), labels.end(), from[static_cast<std::size_t>(value)]);
        return static_cast<double>(at - labels.begin());
    };
    for (std::size_t i = 0; i < property.values.size(); ++i)
        property.values[i] = std::isnan(property.values[i]) ? merged(more.values[i], more.labels)
                                                            : merged(property.values[i], property.labels);
    property.labels = std::move(labels);
    return true;
}

} // namespace rnnscope::weights
