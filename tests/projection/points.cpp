#include "points.h"

#include "core/base/random.h"
#include "core/projection/nearest_neighbours.h"

#include <bit>
#include <cmath>

namespace rnnscope::test {

Matrix cloud(std::size_t points, std::size_t columns, std::uint64_t seed)
{
    Matrix data(points, columns);
    RandomStream random(seed);
    for (float& value : data.values)
        value = static_cast<float>(2.0 * random.next() - 1.0);
    return data;
}

Matrix clusters(std::size_t count, std::size_t each, std::size_t columns, std::uint64_t seed)
{
    constexpr float kApart = 7.0F, kSpread = 0.5F;
    const Matrix centres = cloud(count, columns, seed);
    Matrix data = cloud(count * each, columns, seed + 1);
    for (std::size_t i = 0; i < data.rows; ++i)
        for (std::size_t c = 0; c < columns; ++c)
            data(i, c) = kApart * centres(i / each, c) + kSpread * data(i, c);
    return data;
}

double purity(const Matrix& map, std::size_t each)
{
    const auto near = projection::nearestNeighbours(map, 1, 1, {});
    double own = 0.0;
    for (std::size_t i = 0; i < map.rows; ++i)
        own += near->indicesOf(i).front() / each == i / each ? 1.0 : 0.0;
    return own / static_cast<double>(map.rows);
}

std::size_t differences(const Matrix& left, const Matrix& right)
{
    std::size_t count = left.values.size() == right.values.size() ? 0 : 1;
    for (std::size_t i = 0; count == 0 && i < left.values.size(); ++i)
        count += std::bit_cast<std::uint32_t>(left.values[i]) != std::bit_cast<std::uint32_t>(right.values[i]) ? 1 : 0;
    return count;
}

} // namespace rnnscope::test
