#include "core/evaluation/report.h"

#include "core/base/text_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

namespace rnnscope::evaluation {

namespace {

using Block = std::span<const Entry>;

constexpr std::array<Part, 5> kParts {Part::Training, Part::Validation, Part::Ood, Part::Unseen, Part::Resplits};

std::string headOf(Part part)
{
    return part == Part::Ood ? "OOD" : std::string(name(part));
}

std::string number(double value)
{
    constexpr double kLarge = 10.0;
    if (std::isnan(value))
        return "–";
    return std::abs(value) < kLarge ? fmt::format("{:.4f}", value) : fmt::format("{:.2f}", value);
}

/// Entries of one property and metric, which stand one after the other.
std::vector<Block> blocksOf(const std::vector<Entry>& entries)
{
    std::vector<Block> blocks;
    for (std::size_t first = 0; first < entries.size();) {
        std::size_t end = first;
        while (end < entries.size() && entries[end].property == entries[first].property
               && entries[end].metric == entries[first].metric)
            ++end;
        blocks.emplace_back(entries.data() + first, end - first);
        first = end;
    }
    return blocks;
}

std::vector<std::string> methodsOf(Block block)
{
    std::vector<std::string> methods;
    for (const Entry& entry : block)
        if (std::find(methods.begin(), methods.end(), entry.method) == methods.end())
            methods.push_back(entry.method);
    return methods;
}

const Entry* find(Block block, const std::string& method, Part part)
{
    const auto found = std::find_if(block.begin(), block.end(),
                                    [&](const Entry& e) { return e.method == method && e.part == part; });
    return found == block.end() ? nullptr : &*found;
}

/// Of those parts in which anything was measured.
std::vector<Part> partsOf(const std::vector<Entry>& entries)
{
    std::vector<Part> parts;
    for (const Part part : kParts)
        if (std::any_of(entries.begin(), entries.end(), [&](const Entry& e) { return e.part == part; }))
            parts.push_back(part);
    return parts;
}

std::string baselineTitle(const Entry& entry)
{
    if (entry.property == "emulation")
        return "constant embedding";
    if (entry.metric == "coverage")
        return "asked for";
    return entry.metric == "auroc" ? "chance" : "best constant guess";
}

std::vector<std::string> baselinesOf(Block block, const std::string& method, const std::vector<Part>& parts)
{
    std::vector<std::string> cells;
    for (const Part part : parts) {
        const Entry* entry = find(block, method, part);
        cells.push_back(entry == nullptr ? "–" : number(entry->baseline));
    }
    return cells;
}

bool saysNothing(const std::vector<std::string>& cells)
{
    return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell == "–"; });
}

void addRow(TextTable& table, const std::string& title, std::vector<std::string> cells)
{
    cells.insert(cells.begin(), "  " + title);
    table.add(std::move(cells));
}

/// One line where every method has the same baseline, else one before each.
void addBlock(TextTable& table, Block block, const std::vector<Part>& parts)
{
    const Entry& first = block.front();
    const std::string unit = first.unit.empty() || first.unit == "1" ? "" : fmt::format(" [{}]", first.unit);
    std::vector<std::string> head {fmt::format("{}: {}{}", first.property, title(first.metric), unit)};
    for (const Part part : parts)
        head.push_back(headOf(part));
    table.add(std::move(head));

    std::vector<std::string> shown;
    for (const std::string& method : methodsOf(block)) {
        const auto baselines = baselinesOf(block, method, parts);
        if (!saysNothing(baselines) && baselines != shown)
            addRow(table, baselineTitle(first), baselines);
        if (!saysNothing(baselines))
            shown = baselines;
        std::vector<std::string> cells;
        std::size_t seeds = 1;
        for (const Part part : parts) {
            const Entry* entry = find(block, method, part);
            cells.push_back(entry == nullptr ? "–" : format(entry->value));
            seeds = std::max(seeds, entry == nullptr ? 1 : entry->value.seeds);
        }
        addRow(table, seeds > 1 ? fmt::format("{} ({} seeds)", method, seeds) : method, cells);
    }
    table.add({});
}

std::string tableText(const std::vector<Entry>& entries)
{
    TextTable table;
    const auto parts = partsOf(entries);
    for (const Block block : blocksOf(entries))
        addBlock(table, block, parts);
    return table.text();
}

std::string quoted(const std::string& cell)
{
    if (cell.find_first_of(",\"\n") == std::string::npos)
        return cell;
    std::string text = "\"";
    for (const char c : cell)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

std::string plain(double value)
{
    return std::isnan(value) ? "" : fmt::format("{}", value);
}

void addLines(std::string& csv, std::string_view table, const std::vector<Entry>& entries)
{
    for (const Entry& e : entries)
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", table, quoted(e.property), e.metric, quoted(e.unit),
                           quoted(e.method), name(e.part), plain(e.value.mean), plain(e.value.halfWidth), e.value.seeds,
                           plain(e.baseline), e.networks);
}

nlohmann::json finite(double value)
{
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

nlohmann::json listOf(const std::vector<Entry>& entries)
{
    nlohmann::json list = nlohmann::json::array();
    for (const Entry& e : entries)
        list.push_back({{"property", e.property},
                        {"metric", e.metric},
                        {"unit", e.unit},
                        {"method", e.method},
                        {"part", name(e.part)},
                        {"mean", finite(e.value.mean)},
                        {"half_width", finite(e.value.halfWidth)},
                        {"seeds", e.value.seeds},
                        {"baseline", finite(e.baseline)},
                        {"networks", e.networks}});
    return list;
}

} // namespace

std::string title(std::string_view metric)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTitles {{
        {"exact_accuracy", "exact accuracy"},
        {"entry_accuracy", "accuracy per entry"},
        {"mean_absolute_error", "mean absolute error"},
        {"mean_angular_error", "mean angular error"},
        {"r_squared", "R²"},
        {"kendall_tau", "Kendall's tau"},
        {"total_variation", "total variation"},
        {"coverage", "coverage of intervals"},
        {"auroc", "AUROC of out-of-distribution tasks"},
    }};
    const auto found
        = std::find_if(kTitles.begin(), kTitles.end(), [&](const auto& known) { return known.first == metric; });
    return std::string(found == kTitles.end() ? metric : found->second);
}

std::string format(const Estimate& estimate)
{
    if (std::isnan(estimate.halfWidth) || std::isnan(estimate.mean))
        return number(estimate.mean);
    return fmt::format("{} ± {}", number(estimate.mean), number(estimate.halfWidth));
}

std::string toText(const Evaluation& evaluation)
{
    std::string text = fmt::format("{}\n\n{}", evaluation.zoo, tableText(evaluation.entries));
    if (!evaluation.measured.empty())
        text += fmt::format("Against what was measured by running the networks\n\n{}", tableText(evaluation.measured));
    for (const std::string& note : evaluation.notes)
        text += fmt::format("Note: {}\n", note);
    return text;
}

std::string toCsv(const Evaluation& evaluation)
{
    std::string csv = "table,property,metric,unit,method,part,mean,half_width,seeds,baseline,networks\n";
    addLines(csv, "predicted", evaluation.entries);
    addLines(csv, "measured", evaluation.measured);
    return csv;
}

nlohmann::json toJson(const Evaluation& evaluation)
{
    return {{"zoo", evaluation.zoo},
            {"level", evaluation.level},
            {"table", listOf(evaluation.entries)},
            {"measured", listOf(evaluation.measured)},
            {"notes", evaluation.notes}};
}

} // namespace rnnscope::evaluation
