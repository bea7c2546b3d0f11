#include "ui/models/symmetry.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

double distance(std::span<const float> a, std::span<const float> b)
{
    double sum = 0.0;
    for (std::size_t d = 0; d < a.size(); ++d)
        sum += std::pow(static_cast<double>(a[d]) - static_cast<double>(b[d]), 2);
    return std::sqrt(sum);
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

std::vector<std::pair<std::size_t, std::size_t>> copiesOnMap(const EmbeddedZoo& shown,
                                                             const std::vector<PermutedCopies>& copies)
{
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (const auto& each : copies)
        for (std::size_t i = 0; i < each.rows.size(); ++i) {
            const auto network = rowOnMap(shown, each.of.get(), each.rows[i]);
            const auto copy = rowOnMap(shown, each.zoo.get(), i);
            if (network && copy)
                pairs.emplace_back(*network, *copy);
        }
    return pairs;
}

Result<std::optional<SymmetryFinding>> symmetryOf(const EmbeddedZoo& shown, const std::vector<PermutedCopies>& copies,
                                                  const std::stop_token& stop)
{
    constexpr std::size_t kAtOnce = 10'000; // networks between two looks at `stop`
    const auto pairs = copiesOnMap(shown, copies);
    std::vector<bool> copied(shown.embedding.rows);
    for (const auto& [network, copy] : pairs)
        copied[copy] = true;
    std::vector<double> moved;
    std::vector<double> nearest;
    for (const auto& [network, copy] : pairs) {
        const auto own = shown.embedding.row(network);
        const double away = distance(own, shown.embedding.row(copy));
        if (!std::isfinite(away))
            continue;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t other = 0; other < shown.embedding.rows; ++other) {
            if (other % kAtOnce == 0 && stop.stop_requested())
                return cancelled("comparing copies");
            if (other != network && !copied[other])
                least = std::fmin(least, distance(own, shown.embedding.row(other)));
        }
        moved.push_back(away);
        nearest.push_back(least);
    }
    if (moved.empty())
        return std::nullopt;
    return SymmetryFinding {.networks = moved.size(), .moved = median(moved), .nearest = median(nearest)};
}

} // namespace rnnscope::ui
