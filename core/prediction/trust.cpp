#include "core/prediction/trust.h"

#include "core/base/threads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace rnnscope::prediction {

namespace {

constexpr std::size_t kGrain = 16; // rows of a stretch of parallel work
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool isFinite(std::span<const float> row)
{
    return std::all_of(row.begin(), row.end(), [](float x) { return std::isfinite(x); });
}

/// The smallest of the numbers it has seen.
class Smallest
{
public:
    void add(double value)
    {
        if (value >= m_values.back())
            return;
        const auto place = std::upper_bound(m_values.begin(), m_values.end(), value);
        std::move_backward(place, m_values.end() - 1, m_values.end());
        *place = value;
    }

    /// Mean of the square roots of those that were added; NaN when there are none.
    double meanRoot() const
    {
        double sum = 0.0;
        std::size_t count = 0;
        for (const double value : m_values)
            if (value < kInfinity) {
                sum += std::sqrt(value);
                ++count;
            }
        return count == 0 ? kNan : sum / static_cast<double>(count);
    }

private:
    std::array<double, kTrustNeighbours> m_values = [] {
        std::array<double, kTrustNeighbours> values {};
        values.fill(kInfinity);
        return values;
    }();
};

/// Mean distance of `row` to the nearest of `training` [D, M]; those of `ownRun` do not count. Many at a time, number
/// by number: the loops over networks are vectors then.
double distanceTo(const Matrix& training, const std::vector<std::int64_t>& runs, std::span<const float> row,
                  std::optional<std::int64_t> ownRun)
{
    constexpr std::size_t kTogether = 512; // 4 KB of sums
    std::array<double, kTogether> sums;
    Smallest smallest;
    for (std::size_t first = 0; first < training.columns; first += kTogether) {
        const std::size_t count = std::min(kTogether, training.columns - first);
        std::fill_n(sums.begin(), count, 0.0);
        for (std::size_t d = 0; d < training.rows; ++d) {
            const float* numbers = training.row(d).data() + first;
            const auto own = static_cast<double>(row[d]);
            for (std::size_t i = 0; i < count; ++i) {
                const double difference = static_cast<double>(numbers[i]) - own;
                sums[i] += difference * difference;
            }
        }
        for (std::size_t i = 0; i < count; ++i)
            if (!ownRun || runs[first + i] != *ownRun)
                smallest.add(sums[i]);
    }
    return smallest.meanRoot();
}

} // namespace

Result<Trust> Trust::fromCheckpoint(const zoo::Checkpoint& checkpoint)
{
    const Matrix& reference = checkpoint.referenceEmbedding;
    if (reference.empty() || checkpoint.referenceSplits.size() != reference.rows)
        return fail(Errc::NotFound,
                    fmt::format("{} does not hold the embeddings of the networks it was trained on",
                                checkpoint.path.empty() ? "the encoder" : checkpoint.path.string()));
    const bool hasRuns = checkpoint.referenceRuns.size() == reference.rows;
    Matrix training;
    training.columns = reference.columns;
    std::vector<std::int64_t> runs;
    for (std::size_t i = 0; i < reference.rows; ++i) {
        if (checkpoint.referenceSplits[i] != zoo::Split::Training)
            continue;
        const auto row = reference.row(i);
        training.values.insert(training.values.end(), row.begin(), row.end());
        ++training.rows;
        runs.push_back(hasRuns ? checkpoint.referenceRuns[i] : static_cast<std::int64_t>(i));
    }
    return fromTraining(std::move(training), std::move(runs));
}

Result<Trust> Trust::fromTraining(Matrix embedding, std::vector<std::int64_t> runs)
{
    if (runs.size() != embedding.rows)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} training embeddings came with {} runs", embedding.rows, runs.size()));
    std::vector<std::size_t> usable;
    for (std::size_t i = 0; i < embedding.rows; ++i)
        if (isFinite(embedding.row(i)))
            usable.push_back(i);
    Trust trust;
    trust.m_training = Matrix(embedding.columns, usable.size());
    for (std::size_t i = 0; i < usable.size(); ++i) {
        for (std::size_t d = 0; d < embedding.columns; ++d)
            trust.m_training(d, i) = embedding(usable[i], d);
        trust.m_runs.push_back(runs[usable[i]]);
    }
    const auto& known = trust.m_runs;
    if (std::adjacent_find(known.begin(), known.end(), std::not_equal_to<>()) == known.end())
        return fail(Errc::NotFound, "the training networks are not from two runs or more, so none has neighbours");
    trust.m_distances.resize(known.size());
    parallelFor(known.size(), kGrain, availableCores(), [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            trust.m_distances[i] = distanceTo(trust.m_training, known, embedding.row(usable[i]), known[i]);
    });
    std::sort(trust.m_distances.begin(), trust.m_distances.end());
    return trust;
}

Result<std::vector<double>> Trust::percentiles(const Matrix& embedding, int threads) const
{
    if (embedding.columns != m_training.rows)
        return fail(Errc::ShapeMismatch,
                    fmt::format("the embeddings have {} numbers, those of the training networks {}", embedding.columns,
                                m_training.rows));
    std::vector<double> found(embedding.rows, kNan);
    parallelFor(embedding.rows, kGrain, threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (!isFinite(embedding.row(i)))
                continue;
            const double distance = distanceTo(m_training, m_runs, embedding.row(i), std::nullopt);
            const auto closer
                = std::lower_bound(m_distances.begin(), m_distances.end(), distance) - m_distances.begin();
            found[i] = 100.0 * static_cast<double>(closer) / static_cast<double>(m_distances.size());
        }
    });
    return found;
}

double auroc(std::span<const double> positives, std::span<const double> negatives)
{
    std::vector<double> below;
    std::copy_if(negatives.begin(), negatives.end(), std::back_inserter(below),
                 [](double x) { return !std::isnan(x); });
    std::sort(below.begin(), below.end());
    double won = 0.0;
    std::size_t count = 0;
    for (const double value : positives) {
        if (std::isnan(value))
            continue;
        const auto [first, last] = std::equal_range(below.begin(), below.end(), value);
        won += 0.5 * static_cast<double>((first - below.begin()) + (last - below.begin()));
        ++count;
    }
    return count == 0 || below.empty() ? kNan : won / static_cast<double>(count) / static_cast<double>(below.size());
}

} // namespace rnnscope::prediction
