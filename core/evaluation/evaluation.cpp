#include "core/evaluation/evaluation.h"

#include "core/evaluation/measured.h"
#include "core/evaluation/resplits.h"
#include "core/evaluation/subject.h"
#include "core/tasks/dataset_split.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace rnnscope::evaluation {

namespace {

/// The numbers of one method's seeds, put together entry by entry.
class Collected
{
public:
    void add(const std::string& method, const std::vector<Number>& numbers)
    {
        for (const Number& number : numbers)
            add(method, number);
    }

    std::vector<Entry> entries() const
    {
        std::vector<Entry> all;
        for (const Cell& cell : m_cells) {
            Entry entry = cell.entry;
            entry.value = estimate(cell.values);
            all.push_back(std::move(entry));
        }
        inOrder(all);
        return all;
    }

private:
    struct Cell
    {
        Entry entry;
        std::vector<double> values;
    };

    void add(const std::string& method, const Number& number)
    {
        const auto same = [&](const Cell& cell) {
            return cell.entry.method == method && cell.entry.property == number.property
                && cell.entry.metric == number.metric && cell.entry.part == number.part;
        };
        auto found = std::find_if(m_cells.begin(), m_cells.end(), same);
        if (found == m_cells.end()) {
            const Entry entry {method, number.property, number.metric,  number.unit, number.part,
                               {},     number.baseline, number.networks};
            found = m_cells.insert(m_cells.end(), {entry, {}});
        }
        found->values.push_back(number.value);
    }

    /// Properties, their metrics and methods in order of appearance, then parts.
    static void inOrder(std::vector<Entry>& entries)
    {
        const std::vector<Entry> before = entries;
        const auto placeOf
            = [&](const auto& same) { return std::find_if(before.begin(), before.end(), same) - before.begin(); };
        const auto key = [&](const Entry& e) {
            return std::tuple(placeOf([&](const Entry& o) { return o.property == e.property; }),
                              placeOf([&](const Entry& o) { return o.property == e.property && o.metric == e.metric; }),
                              placeOf([&](const Entry& o) { return o.method == e.method; }), e.part);
        };
        std::stable_sort(entries.begin(), entries.end(),
                         [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    }

    std::vector<Cell> m_cells;
};

std::vector<zoo::Split> splitsForBaselines(const Workshop& workshop, const std::vector<Subject>& subjects)
{
    for (const Subject& subject : subjects)
        if (!subject.unseen())
            return subject.splits;
    return tasks::splitZoo(*workshop.zoo).rows;
}

Result<std::vector<Entry>> measuredEntries(Workshop& workshop, const std::vector<Subject>& subjects)
{
    const auto measured = measure(workshop);
    if (!measured)
        return forward(measured);
    Collected collected;
    if (!subjects.empty() && !measured->empty())
        collected.add("recorded in the zoo", recordedNumbers(*workshop.zoo, *measured, subjects.front().splits));
    for (const Subject& subject : subjects) {
        const auto numbers = measuredNumbers(subject, *measured, workshop.options.level);
        if (!numbers)
            return forward(numbers);
        collected.add(subject.method, *numbers);
    }
    return collected.entries();
}

Result<void> addSubject(Workshop& workshop, const Subject& subject, Collected& collected)
{
    collected.add(subject.method, emulationNumbers(subject));
    const auto numbers = predictionNumbers(subject, *workshop.zoo, workshop.options);
    if (!numbers)
        return forward(numbers);
    collected.add(subject.method, *numbers);
    if (workshop.options.resplits == 0)
        return {};
    const auto again = resplitNumbers(workshop, subject);
    if (!again)
        return forward(again);
    collected.add(subject.method, *again);
    return {};
}

} // namespace

std::string_view name(Part part)
{
    switch (part) {
    case Part::Training:
        return "training";
    case Part::Validation:
        return "validation";
    case Part::Ood:
        return "ood";
    case Part::Unseen:
        return "unseen";
    case Part::Resplits:
        return "re-splits";
    }
    return "";
}

Result<Evaluation> evaluate(engine::Engine& engine, const std::shared_ptr<const zoo::Zoo>& zoo,
                            const Checkpoints& checkpoints, const EvaluationOptions& options, Progress& progress,
                            std::stop_token stop)
{
    Evaluation evaluation {
        .zoo = zoo->path.string(), .level = options.level, .entries = {}, .measured = {}, .notes = {}};
    Workshop workshop {engine, zoo, options, progress, std::move(stop), evaluation.notes};
    auto subjects = encoderSubjects(workshop, checkpoints);
    if (!subjects)
        return forward(subjects);
    if (options.rawBaselines) {
        auto raw = rawSubjects(workshop, splitsForBaselines(workshop, *subjects));
        if (!raw)
            return forward(raw);
        std::move(raw->begin(), raw->end(), std::back_inserter(*subjects));
    }
    Collected collected;
    for (const Subject& subject : *subjects)
        if (auto added = addSubject(workshop, subject, collected); !added)
            return forward(added);
    evaluation.entries = collected.entries();
    auto measured = measuredEntries(workshop, *subjects);
    if (!measured)
        return forward(measured);
    evaluation.measured = *std::move(measured);
    return evaluation;
}

} // namespace rnnscope::evaluation
