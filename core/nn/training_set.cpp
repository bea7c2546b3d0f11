#include "core/nn/training_set.h"

#include "core/zoo/cached_zoo.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::nn {

namespace {

constexpr std::size_t kSampleSize = 512;
constexpr std::size_t kCacheBytes = std::size_t {1} << 30;

/// Takes networks with weights that are not finite out of the plan. -> their rows, for people
Result<std::string> leaveOutBadRows(const zoo::Zoo& zoo, tasks::SplitPlan& plan)
{
    std::vector<float> weights(zoo.architecture.parameterCount());
    std::string bad;
    for (std::size_t row = 0; row < zoo.size; ++row) {
        if (auto read = zoo.parameters->read(row, 1, weights); !read)
            return forward(read);
        if (std::all_of(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); }))
            continue;
        bad += fmt::format("{}{}", bad.empty() ? "" : ", ", row);
        plan.rows[row] = zoo::Split::Unknown;
    }
    return bad;
}

std::vector<std::int64_t> runIds(const zoo::Zoo& zoo)
{
    const zoo::Property* run = zoo.property("run");
    std::vector<std::int64_t> ids;
    for (std::size_t row = 0; row < zoo.size; ++row) {
        const double id = run != nullptr ? run->value(row) : static_cast<double>(row);
        ids.push_back(std::isfinite(id) ? std::llround(id) : -1);
    }
    return ids;
}

} // namespace

std::vector<std::size_t> TrainingSet::rows(zoo::Split split) const
{
    std::vector<std::size_t> found;
    for (std::size_t row = 0; row < plan.rows.size(); ++row)
        if (plan.rows[row] == split)
            found.push_back(row);
    return found;
}

std::vector<Example> TrainingSet::sample(zoo::Split split, Reads reads) const
{
    const auto all = rows(split);
    const std::size_t sequences = reads == Reads::NetworksAndRollouts ? zoo->rollouts->shape().sequences : 1;
    const std::size_t count = std::min(all.size() * sequences, std::max(all.size(), kSampleSize));
    std::vector<Example> examples;
    for (std::size_t i = 0; i < count; ++i)
        examples.push_back({all[i % all.size()], i / all.size() % sequences});
    return examples;
}

Result<std::shared_ptr<const TrainingSet>> makeTrainingSet(std::shared_ptr<const zoo::Zoo> zoo, Progress& progress)
{
    auto set = std::make_shared<TrainingSet>();
    set->zoo = zoo::cachedZoo(std::move(zoo), kCacheBytes);
    set->plan = tasks::splitZoo(*set->zoo);
    set->runs = runIds(*set->zoo);
    const auto bad = leaveOutBadRows(*set->zoo, set->plan);
    if (!bad)
        return forward(bad);
    if (!bad->empty())
        progress.note(fmt::format("left out networks with NaN or infinite weights: rows {}", *bad));
    if (!set->plan.note.empty())
        progress.note(set->plan.note);
    auto fingerprint = zoo::fingerprint(*set->zoo);
    if (!fingerprint)
        return forward(fingerprint);
    set->fingerprint = *std::move(fingerprint);
    if (set->rows(zoo::Split::Training).empty())
        return fail(Errc::BadValue, fmt::format("{} has no usable network to train on", set->zoo->path.string()));
    return set;
}

} // namespace rnnscope::nn
