#include "core/evaluation/resplits.h"

#include "core/tasks/dataset_split.h"

#include <cmath>
#include <limits>
#include <map>

namespace rnnscope::evaluation {

namespace {

/// Means of numbers that come again and again, in order of their first appearance.
class Averages
{
public:
    void add(const Number& number)
    {
        const auto [place, isNew] = m_places.try_emplace({number.property, number.metric}, m_sums.size());
        if (isNew) {
            Number zero = number;
            zero.value = zero.baseline = 0.0;
            zero.networks = 0;
            m_sums.push_back(zero);
            m_counts.push_back(0);
        }
        if (std::isnan(number.value))
            return;
        Number& sum = m_sums[place->second];
        sum.value += number.value;
        sum.baseline += number.baseline;
        sum.networks += number.networks;
        ++m_counts[place->second];
    }

    std::vector<Number> all() const
    {
        std::vector<Number> means = m_sums;
        for (std::size_t k = 0; k < means.size(); ++k) {
            const double n
                = m_counts[k] == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(m_counts[k]);
            means[k].value /= n;
            means[k].baseline /= n;
        }
        return means;
    }

private:
    std::map<std::pair<std::string, std::string>, std::size_t> m_places;
    std::vector<Number> m_sums;
    std::vector<std::size_t> m_counts;
};

/// Heads for a random split of the tasks, judged on the tasks that are in no part of it.
Result<void> oneResplit(Workshop& workshop, const Subject& subject, std::uint64_t seed, Averages& averages)
{
    const auto splits = tasks::resplitZoo(*workshop.zoo, static_cast<std::uint32_t>(seed)).rows;
    NoProgress quiet;
    auto heads = workshop.engine.trainHeads(*workshop.zoo, subject.embedding, splits, {.properties = {}, .seed = seed},
                                            quiet, workshop.stop);
    if (!heads)
        return forward(heads);
    const auto left = rowsOf(splits, Part::Resplits);
    const auto training = rowsOf(splits, Part::Training);
    for (const zoo::Head& head : *heads) {
        const auto prediction = prediction::predict(head, subject.embedding, workshop.options.level);
        if (!prediction)
            return forward(prediction);
        const zoo::Property* property = workshop.zoo->property(head.property);
        for (const Number& number : headNumbers(*prediction, *property, Part::Resplits, left, left, training))
            averages.add(number);
    }
    return {};
}

} // namespace

Result<std::vector<Number>> resplitNumbers(Workshop& workshop, const Subject& subject)
{
    Averages averages;
    const std::size_t resplits = workshop.options.resplits;
    workshop.progress.begin(fmt::format("{}: re-splitting the tasks", subject.method), resplits);
    for (std::size_t i = 0; i < resplits; ++i) {
        if (auto done = oneResplit(workshop, subject, workshop.options.seed + i, averages); !done)
            return forward(done);
        workshop.progress.update(i + 1);
    }
    return averages.all();
}

} // namespace rnnscope::evaluation
