#include "core/projection/procrustes.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

namespace rnnscope::projection {

namespace {

using Points = std::vector<std::complex<double>>;

/// About their mean; points where `known` is false are left as they are and do not count.
void centre(Points& points, const std::vector<bool>& known)
{
    std::complex<double> sum;
    double count = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (known[i]) {
            sum += points[i];
            count += 1.0;
        }
    for (auto& point : points)
        point -= sum / std::max(count, 1.0);
}

} // namespace

std::vector<double> movements(const Matrix& map, const Matrix& other)
{
    Points from(map.rows);
    Points to(map.rows);
    std::vector<bool> known(map.rows);
    for (std::size_t i = 0; i < map.rows; ++i) {
        to[i] = {map(i, 0), map(i, 1)};
        from[i] = {other(i, 0), other(i, 1)};
        known[i] = std::isfinite(std::norm(to[i]) + std::norm(from[i]));
    }
    centre(to, known);
    centre(from, known);
    // A turn with a scale is a complex factor, a mirror the conjugate: least squares for both, the better one counts.
    std::complex<double> turned;
    std::complex<double> mirrored;
    double size = 0.0;
    double radius = 0.0;
    double count = 0.0;
    for (std::size_t i = 0; i < map.rows; ++i)
        if (known[i]) {
            turned += std::conj(from[i]) * to[i];
            mirrored += from[i] * to[i];
            size += std::norm(from[i]);
            radius += std::norm(to[i]);
            count += 1.0;
        }
    const bool mirror = std::norm(mirrored) > std::norm(turned);
    const auto factor = size > 0.0 ? (mirror ? mirrored : turned) / size : std::complex<double>();
    const double unit = radius > 0.0 ? std::sqrt(radius / count) : 1.0;
    std::vector<double> moved(map.rows, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < map.rows; ++i)
        if (known[i])
            moved[i] = std::abs(to[i] - factor * (mirror ? std::conj(from[i]) : from[i])) / unit;
    return moved;
}

} // namespace rnnscope::projection
