#include "core/evaluation/measured.h"

#include "core/base/threads.h"
#include "core/prediction/metrics.h"
#include "core/tasks/language_accuracy.h"
#include "core/tasks/mnist_accuracy.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace rnnscope::evaluation {

namespace {

zoo::Property real(const std::string& name, const std::string& unit, std::size_t rows)
{
    zoo::Property property;
    property.name = name;
    property.unit = unit;
    property.description = "measured by running the network";
    property.values.resize(rows);
    return property;
}

std::vector<std::size_t> allRows(const zoo::Zoo& zoo)
{
    std::vector<std::size_t> rows(zoo.size);
    std::iota(rows.begin(), rows.end(), std::size_t {0});
    return rows;
}

int threadsOf(const EvaluationOptions& options)
{
    return options.threads > 0 ? options.threads : availableCores();
}

Result<std::vector<zoo::Property>> measureLanguages(Workshop& workshop)
{
    const zoo::Zoo& zoo = *workshop.zoo;
    const tasks::LanguageAccuracyOptions options {
        .samples = workshop.options.samples, .seed = workshop.options.seed, .threads = threadsOf(workshop.options)};
    const auto found = tasks::measureLanguageAccuracy(zoo, allRows(zoo), options, workshop.progress, workshop.stop);
    if (!found)
        return forward(found);
    std::vector<zoo::Property> measured {real("accuracy", "1", zoo.size), real("ordered_accuracy", "1", zoo.size)};
    for (std::size_t row = 0; row < zoo.size; ++row) {
        measured[0].values[row] = (*found)[row].accuracy;
        measured[1].values[row] = (*found)[row].orderedAccuracy;
    }
    return measured;
}

Result<std::vector<zoo::Property>> measureDigits(Workshop& workshop)
{
    const zoo::Zoo& zoo = *workshop.zoo;
    const auto digits = tasks::readMnist(*workshop.options.mnist);
    if (!digits)
        return forward(digits);
    const tasks::MnistOptions options {.threads = threadsOf(workshop.options)};
    const auto found = tasks::measureMnist(zoo, allRows(zoo), *digits, options, workshop.progress, workshop.stop);
    if (!found)
        return forward(found);
    std::vector<zoo::Property> measured {real("accuracy", "1", zoo.size), real("train_loss", "nat", zoo.size),
                                         real("eval_loss", "nat", zoo.size),
                                         real("generalization_gap", "nat", zoo.size)};
    for (std::size_t row = 0; row < zoo.size; ++row) {
        const tasks::MnistScore& score = (*found)[row];
        measured[0].values[row] = score.accuracy;
        measured[1].values[row] = score.trainLoss;
        measured[2].values[row] = score.evalLoss;
        measured[3].values[row] = score.generalizationGap();
    }
    return measured;
}

std::vector<Part> partsOf(const std::vector<zoo::Split>& splits)
{
    std::vector<Part> parts;
    for (const Part part : {Part::Training, Part::Validation, Part::Ood, Part::Unseen})
        if (!rowsOf(splits, part).empty())
            parts.push_back(part);
    return parts;
}

std::vector<double> pick(const zoo::Property& property, std::span<const std::size_t> rows)
{
    std::vector<double> values;
    for (const std::size_t row : rows)
        values.push_back(property.value(row));
    return values;
}

} // namespace

Result<std::vector<zoo::Property>> measure(Workshop& workshop)
{
    const auto skip = [&](std::string why) -> Result<std::vector<zoo::Property>> {
        workshop.notes.push_back("accuracies were not measured: " + std::move(why));
        return std::vector<zoo::Property> {};
    };
    if (workshop.options.samples == 0)
        return std::vector<zoo::Property> {};
    switch (workshop.zoo->family) {
    case zoo::TaskFamily::FormalLanguage:
        if (workshop.zoo->property("task") == nullptr)
            return skip("the tasks are not recorded");
        return measureLanguages(workshop);
    case zoo::TaskFamily::SequentialMnist:
        if (workshop.zoo->property("task") == nullptr)
            return skip("the rotations are not recorded");
        if (!workshop.options.mnist)
            return skip("that needs the MNIST digits (--mnist FOLDER)");
        return measureDigits(workshop);
    case zoo::TaskFamily::Custom:
        break;
    }
    return skip("how to run networks of this family is not known");
}

std::vector<Number> recordedNumbers(const zoo::Zoo& zoo, const std::vector<zoo::Property>& measured,
                                    const std::vector<zoo::Split>& splits)
{
    std::vector<Number> numbers;
    for (const zoo::Property& property : measured)
        for (const Part part : partsOf(splits)) {
            const auto rows = rowsOf(splits, part);
            const auto now = pick(property, rows);
            const zoo::Property* before = zoo.property(property.name);
            const auto nan = std::numeric_limits<double>::quiet_NaN();
            numbers.push_back({property.name, "mean", property.unit, part, prediction::mean(now), nan, rows.size()});
            if (before == nullptr || before->columns != 1)
                continue;
            for (const auto& score : prediction::scores(zoo::PropertyKind::Real, 0.0, 1, now, pick(*before, rows), now))
                numbers.push_back({property.name, std::string(prediction::name(score.metric)), property.unit, part,
                                   score.value, score.baseline, rows.size()});
        }
    return numbers;
}

Result<std::vector<Number>> measuredNumbers(const Subject& subject, const std::vector<zoo::Property>& measured,
                                            double level)
{
    std::vector<Number> numbers;
    const auto training = rowsOf(subject.splits, Part::Training);
    for (const zoo::Head& head : subject.heads) {
        const auto property = std::find_if(measured.begin(), measured.end(),
                                           [&](const zoo::Property& p) { return p.name == head.property; });
        if (property == measured.end() || head.kind != zoo::PropertyKind::Real)
            continue;
        const auto prediction = prediction::predict(head, subject.embedding, level);
        if (!prediction)
            return forward(prediction);
        for (const Part part : partsOf(subject.splits)) {
            const auto rows = rowsOf(subject.splits, part);
            auto covered = rows;
            std::erase_if(covered, [&](std::size_t row) { return subject.splits[row] == zoo::Split::Calibration; });
            const auto more = headNumbers(*prediction, *property, part, rows, covered, training);
            numbers.insert(numbers.end(), more.begin(), more.end());
        }
    }
    return numbers;
}

} // namespace rnnscope::evaluation
