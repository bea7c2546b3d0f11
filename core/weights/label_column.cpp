#include "core/weights/label_column.h"

#include "core/base/printable.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace rnnscope::weights {

namespace {

using zoo::PropertyKind;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargestExact = 9007199254740992.0; // 2^53

/// Properties whose names have a fixed meaning: formats.md.
struct Known
{
    std::string_view name;
    PropertyKind kind;
    std::string_view unit;
    std::string_view description;
    bool textAllowed = false; ///< else a category is a mistake
};

constexpr std::array<Known, 8> kKnown {{{"run", PropertyKind::Integer, "1", "training run", true},
                                        {"step", PropertyKind::Integer, "1", "training step of the snapshot"},
                                        {"task", PropertyKind::Integer, "1", "", true},
                                        {"accuracy", PropertyKind::Real, "1", "fraction of correct answers"},
                                        {"train_loss", PropertyKind::Real, "nat", "loss on the training data"},
                                        {"eval_loss", PropertyKind::Real, "nat", "loss on held-out data"},
                                        {"generalization_gap", PropertyKind::Real, "nat", "eval_loss - train_loss"},
                                        {"weight_decay", PropertyKind::Real, "1", ""}}};

bool isUnknown(std::string_view cell)
{
    constexpr std::array<std::string_view, 7> kUnknownTexts {"", "nan", "NaN", "NAN", "NA", "N/A", "null"};
    return std::find(kUnknownTexts.begin(), kUnknownTexts.end(), cell) != kUnknownTexts.end();
}

std::string_view trimmed(std::string_view cell)
{
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t'))
        cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t'))
        cell.remove_suffix(1);
    return cell;
}

/// Finite numbers and infinities; a number such as 007 is a name.
std::optional<double> numberOf(std::string_view cell)
{
    const std::string_view digits = cell.starts_with("-") || cell.starts_with("+") ? cell.substr(1) : cell;
    if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
        return {};
    double value = 0.0;
    if (cell.starts_with("+") && !digits.starts_with("-"))
        cell = digits;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc {} || end != cell.data() + cell.size() || std::isnan(value))
        return {};
    return value;
}

bool isWhole(double value)
{
    return value == std::floor(value) && std::abs(value) <= kLargestExact;
}

bool writtenWhole(std::string_view cell)
{
    return cell.find_first_of(".eE") == std::string_view::npos;
}

/// What the cells of a property are.
struct Cells
{
    std::vector<std::string_view> texts; ///< [rows, columns]
    std::vector<double> numbers; ///< the same; NaN where unknown or text
    bool any = false;
    bool allNumbers = true;
    bool allWhole = true;
    std::size_t firstText = 0; ///< row of the first that is no number
};

Cells cellsOf(const Csv& csv, const std::vector<std::size_t>& columns)
{
    Cells cells;
    for (std::size_t row = 0; row < csv.rows(); ++row)
        for (const std::size_t column : columns) {
            const std::string_view text = trimmed(csv.cell(row, column));
            cells.texts.push_back(text);
            cells.numbers.push_back(kUnknown);
            if (isUnknown(text))
                continue;
            cells.any = true;
            const auto number = numberOf(text);
            if (!number && cells.allNumbers) {
                cells.allNumbers = false;
                cells.firstText = cells.texts.size() - 1;
            }
            cells.numbers.back() = number.value_or(kUnknown);
            cells.allWhole = cells.allWhole && number && isWhole(*number) && writtenWhole(text);
        }
    return cells;
}

/// Distinct texts become labels in ascending order, cells their indices.
void takeTexts(const Cells& cells, zoo::Property& property)
{
    std::vector<std::string> labels;
    for (const std::string_view text : cells.texts)
        labels.push_back(isUnknown(text) ? std::string() : printable(text));
    property.kind = PropertyKind::Categorical;
    property.labels = labels;
    std::sort(property.labels.begin(), property.labels.end());
    property.labels.erase(std::unique(property.labels.begin(), property.labels.end()), property.labels.end());
    if (!property.labels.empty() && property.labels.front().empty())
        property.labels.erase(property.labels.begin());
    for (const std::string& label : labels) {
        const auto at = std::lower_bound(property.labels.begin(), property.labels.end(), label);
        property.values.push_back(label.empty() ? kUnknown : static_cast<double>(at - property.labels.begin()));
    }
}

/// A name that can stand in a message and in an HDF5 group.
std::string propertyName(const std::string& title)
{
    std::string name = printable(title);
    std::replace(name.begin(), name.end(), '/', '_');
    return name == "." || name == ".." ? "_" : name;
}

void takeMeaning(const Known& known, const Cells& cells, zoo::Property& property)
{
    property.unit = known.unit;
    property.description = known.description;
    property.kind = known.kind;
    if (known.name == "task" && property.columns == 1) {
        property.kind = PropertyKind::Circular;
        property.unit = "deg";
        property.period = 360.0;
        property.description = "rotation of the digits";
    } else if (known.kind == PropertyKind::Integer && !cells.allWhole) {
        property.kind = std::all_of(cells.numbers.begin(), cells.numbers.end(),
                                    [](double value) { return std::isnan(value) || isWhole(value); })
            ? PropertyKind::Integer
            : PropertyKind::Real;
    }
}

} // namespace

Result<std::optional<zoo::Property>> propertyOf(const Csv& csv, const fs::path& path, const std::string& name,
                                                const std::vector<std::size_t>& columns)
{
    const Cells cells = cellsOf(csv, columns);
    const auto* const known
        = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& each) { return each.name == name; });
    if (!cells.any)
        return std::optional<zoo::Property> {};
    zoo::Property property;
    property.name = propertyName(name);
    property.columns = columns.size();
    if (!cells.allNumbers) {
        if (known != kKnown.end() && !known->textAllowed)
            return fail(Errc::BadValue,
                        fmt::format("{}: line {}: {} is '{}', expected a number", path.string(),
                                    csv.lines[cells.firstText / columns.size()], name,
                                    printable(cells.texts[cells.firstText])));
        takeTexts(cells, property);
        return property;
    }
    property.kind = cells.allWhole ? PropertyKind::Integer : PropertyKind::Real;
    property.values = cells.numbers;
    if (known != kKnown.end())
        takeMeaning(*known, cells, property);
    return property;
}

} // namespace rnnscope::weights
