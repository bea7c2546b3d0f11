#include "core/evaluation/raw_features.h"

#include "core/base/threads.h"
#include "core/projection/streaming_pca.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <vector>

namespace rnnscope::evaluation {

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::array<double, 5> kQuantiles {0.0, 0.25, 0.5, 0.75, 1.0};
constexpr std::size_t kStatistics = 2 + kQuantiles.size();
constexpr std::size_t kComponents = 16;

bool isFinite(std::span<const float> values)
{
    return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

/// Of `sorted`, by linear interpolation.
double quantile(std::span<const float> sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double rest = place - static_cast<double>(below);
    return static_cast<double>(sorted[below]) * (1.0 - rest) + static_cast<double>(sorted[above]) * rest;
}

/// [7] of one tensor, which gets sorted.
void describe(std::span<float> tensor, std::span<float> out)
{
    const auto n = static_cast<double>(tensor.size());
    double sum = 0.0;
    for (const float x : tensor)
        sum += static_cast<double>(x);
    const double mean = sum / n;
    double squares = 0.0;
    for (const float x : tensor)
        squares += (static_cast<double>(x) - mean) * (static_cast<double>(x) - mean);
    out[0] = static_cast<float>(mean);
    out[1] = static_cast<float>(tensor.size() > 1 ? squares / (n - 1.0) : 0.0);
    std::sort(tensor.begin(), tensor.end());
    for (std::size_t q = 0; q < kQuantiles.size(); ++q)
        out[2 + q] = static_cast<float>(quantile(tensor, kQuantiles[q]));
}

std::vector<std::size_t> usableTrainingRows(const Matrix& features, std::span<const zoo::Split> splits)
{
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < features.rows; ++row)
        if (splits[row] == zoo::Split::Training && isFinite(features.row(row)))
            rows.push_back(row);
    return rows;
}

/// Zero mean and unit variance over the training rows; columns that do not vary there become 0.
void standardize(Matrix& features, std::span<const zoo::Split> splits)
{
    const auto training = usableTrainingRows(features, splits);
    const auto n = static_cast<double>(std::max<std::size_t>(training.size(), 1));
    for (std::size_t column = 0; column < features.columns; ++column) {
        double sum = 0.0;
        for (const std::size_t row : training)
            sum += static_cast<double>(features(row, column));
        const double mean = sum / n;
        double squares = 0.0;
        for (const std::size_t row : training) {
            const double difference = static_cast<double>(features(row, column)) - mean;
            squares += difference * difference;
        }
        const double deviation = std::sqrt(squares / n);
        const double scale = deviation > 1e-12 ? 1.0 / deviation : 0.0;
        for (std::size_t row = 0; row < features.rows; ++row)
            features(row, column) = static_cast<float>((static_cast<double>(features(row, column)) - mean) * scale);
    }
}

} // namespace

Result<Matrix> rawStatistics(const zoo::Zoo& zoo, std::span<const zoo::Split> splits, int threads, Progress& progress,
                             std::stop_token stop)
{
    const auto tensors = zoo.architecture.tensors();
    Matrix features(zoo.size, tensors.size() * kStatistics, kNan);
    progress.begin("statistics of the weights", zoo.size);
    std::mutex mutex;
    Result<void> done;
    std::size_t finished = 0;
    const auto describeRows = [&](std::size_t begin, std::size_t end) {
        std::vector<float> weights(zoo.architecture.parameterCount());
        for (std::size_t row = begin; row < end && !stop.stop_requested(); ++row) {
            if (auto read = zoo.parameters->read(row, 1, weights); !read) {
                const std::lock_guard lock(mutex);
                done = read;
                return;
            }
            for (std::size_t t = 0; isFinite(weights) && t < tensors.size(); ++t)
                describe(std::span(weights).subspan(tensors[t].offset, tensors[t].size()),
                         features.row(row).subspan(t * kStatistics, kStatistics));
        }
        const std::lock_guard lock(mutex);
        progress.update(finished += end - begin);
    };
    constexpr std::size_t kGrain = 16;
    parallelFor(zoo.size, kGrain, threads > 0 ? threads : availableCores(), describeRows);
    if (stop.stop_requested())
        return cancelled("the evaluation");
    if (!done)
        return forward(done);
    standardize(features, splits);
    return features;
}

Result<Matrix> weightComponents(const zoo::Zoo& zoo, std::span<const zoo::Split> splits, Progress& progress,
                                std::stop_token stop)
{
    std::vector<std::size_t> training;
    std::vector<float> weights(zoo.architecture.parameterCount());
    const auto read = [&](std::size_t row, std::span<float> out) { return zoo.parameters->read(row, 1, out); };
    std::vector<bool> usable(zoo.size, false);
    progress.begin("principal components of the weights", zoo.size);
    for (std::size_t row = 0; row < zoo.size; ++row) {
        if (auto done = read(row, weights); !done)
            return forward(done);
        usable[row] = isFinite(weights);
        if (usable[row] && splits[row] == zoo::Split::Training)
            training.push_back(row);
    }
    if (training.size() < 2)
        return fail(Errc::BadValue,
                    fmt::format("{} has too few training networks for principal components of their "
                                "weights",
                                zoo.path.string()));
    const auto pca = projection::fitStreamingPca(training, weights.size(), read, {.components = kComponents}, stop);
    if (!pca)
        return forward(pca);
    Matrix features(zoo.size, pca->components.rows, kNan);
    for (std::size_t row = 0; row < zoo.size; ++row) {
        if (stop.stop_requested())
            return cancelled("the evaluation");
        if (!usable[row])
            continue;
        if (auto done = read(row, weights); !done)
            return forward(done);
        const auto projected = pca->project(weights);
        std::copy(projected.begin(), projected.end(), features.row(row).begin());
        progress.update(row + 1);
    }
    standardize(features, splits);
    return features;
}

} // namespace rnnscope::evaluation
