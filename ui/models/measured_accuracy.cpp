#include "ui/models/measured_accuracy.h"

#include "core/base/threads.h"
#include "core/tasks/language_accuracy.h"
#include "core/tasks/mnist_accuracy.h"

#include <limits>
#include <map>
#include <utility>

namespace rnnscope::ui {

namespace {

Result<std::vector<double>> measureOne(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                       const tasks::Digits* digits, Progress& progress, const std::stop_token& stop)
{
    std::vector<double> accuracies;
    if (zoo.family == zoo::TaskFamily::FormalLanguage) {
        const auto measured = tasks::measureLanguageAccuracy(zoo, rows, {.threads = availableCores()}, progress, stop);
        if (!measured)
            return forward(measured);
        for (const auto& each : *measured)
            accuracies.push_back(each.accuracy);
        return accuracies;
    }
    if (zoo.family != zoo::TaskFamily::SequentialMnist)
        return fail(Errc::BadValue, "the accuracy of other networks than those of languages and digits is not known");
    if (digits == nullptr)
        return fail(Errc::NotFound, "there are no digits at hand");
    const auto measured = tasks::measureMnist(zoo, rows, *digits, {.threads = availableCores()}, progress, stop);
    if (!measured)
        return forward(measured);
    for (const auto& each : *measured)
        accuracies.push_back(each.accuracy);
    return accuracies;
}

} // namespace

Result<std::vector<double>> measureAccuracy(const EmbeddedZoo& shown, std::span<const std::size_t> rows,
                                            const tasks::Digits* digits, Progress& progress, std::stop_token stop)
{
    struct Part
    {
        std::vector<std::size_t> own; ///< rows in its zoo
        std::vector<std::size_t> at; ///< where they are among `rows`
    };
    std::map<const zoo::Zoo*, Part> parts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto place = placeOf(shown, rows[i]);
        auto& part = parts[place.embedded.zoo.get()];
        part.own.push_back(place.row);
        part.at.push_back(i);
    }
    std::vector<double> accuracies(rows.size(), std::numeric_limits<double>::quiet_NaN());
    for (const auto& [zoo, part] : parts) {
        const auto measured = measureOne(*zoo, part.own, digits, progress, stop);
        if (!measured)
            return forward(measured);
        for (std::size_t i = 0; i < part.at.size(); ++i)
            accuracies[part.at[i]] = (*measured)[i];
    }
    return accuracies;
}

double predictedAccuracy(const EmbeddedZoo& shown, std::size_t row)
{
    for (const auto& prediction : shown.predictions)
        if (prediction.property == "accuracy" && row < prediction.rows())
            return prediction.value(row);
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace rnnscope::ui
