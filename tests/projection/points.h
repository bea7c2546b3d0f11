#pragma once

#include "core/base/matrix.h"

#include <cstddef>
#include <cstdint>

namespace rnnscope::test {

/// [clusters * each, D]: clusters one after the other, round centres at a distance of about 10, spread 0.5.
Matrix clusters(std::size_t count, std::size_t each, std::size_t columns, std::uint64_t seed = 1);
/// [N, D], uniform in [-1, 1].
Matrix cloud(std::size_t points, std::size_t columns, std::uint64_t seed = 1);
/// Share of the points whose nearest in the map is of their own cluster.
double purity(const Matrix& map, std::size_t each);
/// How often two matrices differ, bit by bit, NaN included.
std::size_t differences(const Matrix& left, const Matrix& right);

} // namespace rnnscope::test
