#include "core/projection/nearest_neighbours.h"

#include "core/base/threads.h"
#include "core/projection/panels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>

namespace rnnscope::projection {

namespace {

constexpr std::size_t kBlock = 32; // panels whose points stay in the first cache: 32 KiB of 16 dimensions
constexpr std::size_t kQueries = 64; // that one thread compares with all points

/// The nearest so far of one query, in a row of Neighbours. Distances are squared.
class Nearest
{
public:
    Nearest(std::uint32_t* indices, float* distances, std::size_t k)
        : m_indices(indices)
        , m_distances(distances)
        , m_k(k)
    {
        std::fill_n(distances, k, std::numeric_limits<float>::infinity());
    }
    float farthest() const { return m_distances[m_k - 1]; }
    void add(std::uint32_t index, float distance)
    {
        std::size_t at = m_k - 1;
        for (; at > 0 && m_distances[at - 1] > distance; --at) {
            m_distances[at] = m_distances[at - 1];
            m_indices[at] = m_indices[at - 1];
        }
        m_distances[at] = distance;
        m_indices[at] = index;
    }

private:
    std::uint32_t* m_indices;
    float* m_distances;
    std::size_t m_k;
};

/// Powers of two by which numbers become small enough for squares to be finite, and large enough not to vanish.
int exponentOf(const Matrix& data)
{
    float largest = 0.0F;
    for (const float value : data.values)
        largest = std::max(largest, std::abs(value));
    constexpr float kLarge = 1e15F;
    constexpr float kSmall = 1e-12F;
    return largest > kLarge || (largest > 0.0F && largest < kSmall) ? std::ilogb(largest) : 0;
}

Matrix scaled(const Matrix& data, int exponent)
{
    Matrix result = data;
    for (float& value : result.values)
        value = std::ldexp(value, exponent);
    return result;
}

class Search
{
public:
    Search(const Matrix& queries, const Matrix& data, bool ofThemselves, std::size_t k)
        : m_queries(queries)
        , m_points(data.rows)
        , m_panels(data)
        , m_ofThemselves(ofThemselves)
    {
        m_found.points = queries.rows;
        m_found.each = k;
        m_found.indices.resize(queries.rows * k);
        m_found.distances.resize(queries.rows * k);
    }

    Result<Neighbours> run(int threads, const std::stop_token& stop, const NeighboursFound& found)
    {
        std::mutex telling;
        std::size_t done = 0;
        if (m_found.each > 0)
            parallelFor(m_queries.rows, kQueries, threads, [&](std::size_t begin, std::size_t end) {
                if (stop.stop_requested())
                    return;
                search(begin, end, stop);
                if (found) {
                    const std::lock_guard lock(telling);
                    found(done += end - begin);
                }
            });
        if (stop.stop_requested())
            return cancelled("looking for neighbours");
        return std::move(m_found);
    }

private:
    void search(std::size_t begin, std::size_t end, const std::stop_token& stop)
    {
        std::vector<Nearest> nearest;
        for (std::size_t i = begin; i < end; ++i)
            nearest.emplace_back(m_found.indices.data() + i * m_found.each, m_found.distances.data() + i * m_found.each,
                                 m_found.each);
        std::vector<float> distances(Panels::kTogether * kBlock * kLanes);
        for (std::size_t panel = 0; panel < m_panels.count() && !stop.stop_requested(); panel += kBlock)
            for (std::size_t i = begin; i < end; i += Panels::kTogether)
                compare(i, std::min(Panels::kTogether, end - i), panel, distances, &nearest[i - begin]);
        for (std::size_t i = begin * m_found.each; i < end * m_found.each; ++i)
            m_found.distances[i] = std::sqrt(m_found.distances[i]);
    }

    void compare(std::size_t first, std::size_t count, std::size_t panel, std::vector<float>& distances,
                 Nearest* nearest)
    {
        const std::size_t panels = std::min(kBlock, m_panels.count() - panel);
        const std::size_t points = std::min(panels * kLanes, m_points - panel * kLanes);
        std::array<float, Panels::kTogether> smallest {};
        m_panels.distances(m_queries, first, count, panel, panels, distances, smallest);
        for (std::size_t q = 0; q < count; ++q) {
            if (!(smallest[q] < nearest[q].farthest()))
                continue;
            const float* const row = distances.data() + q * panels * kLanes;
            for (std::size_t i = 0; i < points; ++i)
                if (row[i] < nearest[q].farthest() && !(m_ofThemselves && panel * kLanes + i == first + q))
                    nearest[q].add(static_cast<std::uint32_t>(panel * kLanes + i), row[i]);
        }
    }

    const Matrix& m_queries;
    std::size_t m_points;
    Panels m_panels;
    bool m_ofThemselves;
    Neighbours m_found;
};

Result<Neighbours> unscaled(Result<Neighbours> neighbours, int exponent)
{
    if (neighbours)
        for (float& distance : neighbours->distances)
            distance = std::ldexp(distance, exponent);
    return neighbours;
}

} // namespace

Result<Neighbours> nearestNeighbours(const Matrix& data, std::size_t k, int threads, const std::stop_token& stop,
                                     const NeighboursFound& found)
{
    if (const int exponent = exponentOf(data); exponent != 0)
        return unscaled(nearestNeighbours(scaled(data, -exponent), k, threads, stop, found), exponent);
    return Search(data, data, true, std::min(k, data.rows > 0 ? data.rows - 1 : 0)).run(threads, stop, found);
}

Result<Neighbours> nearestNeighbours(const Matrix& queries, const Matrix& data, std::size_t k, int threads,
                                     const std::stop_token& stop)
{
    if (const int exponent = std::max(exponentOf(queries), exponentOf(data)); exponent > 0)
        return unscaled(nearestNeighbours(scaled(queries, -exponent), scaled(data, -exponent), k, threads, stop),
                        exponent);
    return Search(queries, data, false, std::min(k, data.rows)).run(threads, stop, {});
}

} // namespace rnnscope::projection
