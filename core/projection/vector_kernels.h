#pragma once

#include "core/base/vector_math.h"
#include "core/projection/kernels.h"

namespace rnnscope::projection {

/// Kernels with vectors of `Width` floats.
template <int Width>
struct VectorKernels : VectorMath<Width>
{
    using Math = VectorMath<Width>;
    using Vec = typename Math::Vec;
    using Int = typename Math::Int;
    using Math::all;
    using Math::load;
    using Math::store;

    static constexpr int kVectors = static_cast<int>(kLanes) / Width;

    [[gnu::always_inline]] static inline float sumOf(Vec values)
    {
        float sum = 0.0F;
        for (int i = 0; i < Width; ++i)
            sum += values[i];
        return sum;
    }

    /// x and y of the rows of `places`.
    [[gnu::always_inline]] static inline void gather(const float* places, const int* rows, Vec& x, Vec& y)
    {
        for (int i = 0; i < Width; ++i) {
            x[i] = places[2 * rows[i]];
            y[i] = places[2 * rows[i] + 1];
        }
    }

    template <int Queries>
    static void distancesOf(const DistanceTile& tile)
    {
        Vec smallest[Queries];
        for (int q = 0; q < Queries; ++q)
            smallest[q] = all(3.4e38F);
        const float* values = tile.panels;
        for (std::ptrdiff_t panel = 0; panel < tile.panelCount; ++panel) {
            Vec sums[Queries][kVectors] = {};
            for (std::ptrdiff_t c = 0; c < tile.columns; ++c, values += kLanes)
#pragma GCC unroll 4
                for (int v = 0; v < kVectors; ++v) {
                    const Vec point = load(values + v * Width);
#pragma GCC unroll 4
                    for (int q = 0; q < Queries; ++q) {
                        const Vec difference = point - tile.queries[q][c];
                        sums[q][v] += difference * difference;
                    }
                }
            for (int q = 0; q < Queries; ++q)
                for (int v = 0; v < kVectors; ++v) {
                    store(tile.distances + (q * tile.panelCount + panel) * kLanes + v * Width, sums[q][v]);
                    smallest[q] = sums[q][v] < smallest[q] ? sums[q][v] : smallest[q];
                }
        }
        for (int q = 0; q < Queries; ++q) {
            tile.smallest[q] = smallest[q][0];
            for (int i = 1; i < Width; ++i)
                tile.smallest[q] = smallest[q][i] < tile.smallest[q] ? smallest[q][i] : tile.smallest[q];
        }
    }

    static void squaredDistances(const DistanceTile& tile)
    {
        constexpr void (*kOf[])(const DistanceTile&) = {distancesOf<1>, distancesOf<2>, distancesOf<3>, distancesOf<4>};
        kOf[tile.count - 1](tile);
    }

    [[gnu::always_inline]] static inline Vec clipped(Vec x)
    {
        constexpr float kMost = 4.0F;
        x = x < -kMost ? all(-kMost) : x;
        return x > kMost ? all(kMost) : x;
    }

    static void umapSamples(const UmapSamples& s)
    {
        constexpr float kSmallest = 1e-30F; // of squared distances, so that there is a logarithm
        constexpr float kNear = 0.001F;
        Vec x[kVectors], y[kVectors];
        for (int v = 0; v < kVectors; ++v) {
            x[v] = load(s.x + v * Width);
            y[v] = load(s.y + v * Width);
        }
        for (std::ptrdiff_t step = 0; step < s.steps; ++step)
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) {
                int rows[Width];
                Int attracts;
                for (int i = 0; i < Width; ++i) {
                    const int target = s.targets[step * kLanes + v * Width + i];
                    attracts[i] = target < 0 ? 0 : -1;
                    rows[i] = target < 0 ? ~target : target;
                }
                Vec dx, dy;
                gather(s.places, rows, dx, dy);
                dx = x[v] - dx;
                dy = y[v] - dy;
                Vec distance = dx * dx + dy * dy;
                distance = distance > kSmallest ? distance : all(kSmallest);
                const Vec power = Math::exponential(s.b * Math::logarithm(distance));
                const Vec above = attracts ? -2.0F * s.a * s.b * power : all(2.0F * s.b);
                const Vec below = (attracts ? distance : distance + kNear) * (s.a * power + 1.0F);
                const Vec slope = above / below;
                const Vec rate = attracts ? all(s.attraction) : all(s.repulsion);
                x[v] += rate * clipped(slope * dx);
                y[v] += rate * clipped(slope * dy);
            }
        for (int v = 0; v < kVectors; ++v) {
            store(s.x + v * Width, x[v]);
            store(s.y + v * Width, y[v]);
        }
    }

    static void tsneRepulsion(const TsneRepulsion& r)
    {
        Vec x[kVectors], y[kVectors], forceX[kVectors] = {}, forceY[kVectors] = {}, sum[kVectors] = {};
        for (int v = 0; v < kVectors; ++v) {
            x[v] = load(r.x + v * Width);
            y[v] = load(r.y + v * Width);
        }
        const float* body = r.bodies;
        for (std::ptrdiff_t i = 0; i < r.count; ++i, body += 3)
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) {
                const Vec dx = x[v] - body[0];
                const Vec dy = y[v] - body[1];
                const Vec q = 1.0F / (1.0F + dx * dx + dy * dy);
                const Vec weight = body[2] * q;
                sum[v] += weight;
                forceX[v] += weight * q * dx;
                forceY[v] += weight * q * dy;
            }
        for (int v = 0; v < kVectors; ++v) {
            store(r.forceX + v * Width, forceX[v]);
            store(r.forceY + v * Width, forceY[v]);
            store(r.sum + v * Width, sum[v]);
        }
    }

    static void tsneAttraction(TsneAttraction& t)
    {
        Vec forceX = {}, forceY = {};
        for (std::ptrdiff_t first = 0; first < t.count; first += Width) {
            const std::ptrdiff_t count = t.count - first < Width ? t.count - first : Width;
            int rows[Width] = {};
            for (std::ptrdiff_t i = 0; i < count; ++i)
                rows[i] = t.neighbours[first + i];
            Vec dx, dy;
            gather(t.places, rows, dx, dy);
            dx = t.x - dx;
            dy = t.y - dy;
            const Vec pull = load(t.weights + first, count) / (1.0F + dx * dx + dy * dy);
            forceX += pull * dx;
            forceY += pull * dy;
        }
        t.forceX = sumOf(forceX);
        t.forceY = sumOf(forceY);
    }

    static constexpr Kernels table(const char* name)
    {
        return {.name = name,
                .squaredDistances = squaredDistances,
                .umapSamples = umapSamples,
                .tsneRepulsion = tsneRepulsion,
                .tsneAttraction = tsneAttraction};
    }
};

} // namespace rnnscope::projection
