#include "core/projection/trustworthiness.h"

#include "core/base/threads.h"
#include "core/projection/finite_rows.h"
#include "core/projection/nearest_neighbours.h"
#include "core/projection/panels.h"

#include <algorithm>
#include <array>
#include <limits>

namespace rnnscope::projection {

namespace {

/// Points of data and map at once: those without NaN in either.
FiniteRows rowsOfBoth(const Matrix& data, const Matrix& map)
{
    FiniteRows rows(data);
    std::erase_if(rows.rows, [&](std::size_t i) { return !isFinite(map.row(i)); });
    return rows;
}

/// By how many places the point's neighbours in the map stand behind place k in the data.
double excess(std::span<const float> distances, std::span<const std::uint32_t> neighbours, std::size_t self)
{
    double sum = 0.0;
    for (const std::uint32_t neighbour : neighbours) {
        const float distance = distances[neighbour];
        std::size_t nearer = 0;
        for (std::size_t j = 0; j < distances.size(); ++j)
            nearer += distances[j] < distance ? 1 : 0;
        for (std::size_t j = 0; j < neighbour; ++j)
            nearer += distances[j] == distance ? 1 : 0;
        if (distances[self] < distance || (distances[self] == distance && self < neighbour))
            --nearer;
        sum += nearer >= neighbours.size() ? static_cast<double>(nearer + 1 - neighbours.size()) : 0.0;
    }
    return sum;
}

} // namespace

Result<std::vector<float>> trustworthiness(const Matrix& data, const Matrix& map, std::size_t k, int threads,
                                           const std::stop_token& stop)
{
    if (data.rows != map.rows)
        return fail(Errc::ShapeMismatch, fmt::format("the map has {} points, the data {}", map.rows, data.rows));
    std::vector<float> trust(data.rows, std::numeric_limits<float>::quiet_NaN());
    const FiniteRows rows = rowsOfBoth(data, map);
    const std::size_t points = rows.rows.size();
    if (k == 0 || 2 * k + 1 >= points)
        return trust;
    const Matrix some = rows.select(data);
    const auto near = nearestNeighbours(rows.select(map), k, threads, stop);
    if (!near)
        return forward(near);
    const Panels panels(some);
    const double worst = static_cast<double>(k) * static_cast<double>(2 * points - 3 * k - 1) / 2.0;
    parallelFor(points, 1, threads, [&](std::size_t begin, std::size_t end) {
        std::vector<float> distances(panels.count() * kLanes);
        std::array<float, 1> smallest {};
        for (std::size_t i = begin; i < end && !stop.stop_requested(); ++i) {
            panels.distances(some, i, 1, 0, panels.count(), distances, smallest);
            const double much = excess(std::span(distances).first(points), near->indicesOf(i), i);
            trust[rows.rows[i]] = static_cast<float>(1.0 - much / worst);
        }
    });
    if (stop.stop_requested())
        return cancelled("measuring a map");
    return trust;
}

} // namespace rnnscope::projection
