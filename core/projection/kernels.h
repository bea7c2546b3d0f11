#pragma once

#include <cstddef>
#include <vector>

namespace rnnscope::projection {

/// Points that are worked on side by side, whatever the processor: what belongs to them is stored [.., kLanes].
constexpr std::ptrdiff_t kLanes = 16;

/// Squared Euclidean distances of some points from panels of others.
struct DistanceTile
{
    const float* const* queries = nullptr; ///< [count] of [D]
    std::ptrdiff_t count = 0; ///< 1 to 4
    const float* panels = nullptr; ///< [panelCount, D, kLanes]
    std::ptrdiff_t panelCount = 0;
    std::ptrdiff_t columns = 0; ///< D
    float* distances = nullptr; ///< [count, panelCount, kLanes]
    float* smallest = nullptr; ///< [count]: of each row of them
};

/// Samples of UMAP's gradient for kLanes points, one after the other; McInnes, Healy and Melville 2018, algorithm 5.
/// Each moves only the point whose lane it is in.
struct UmapSamples
{
    const float* places = nullptr; ///< [.., 2]: where the targets are
    const int* targets = nullptr; ///< [steps, kLanes]: row i attracts, ~i repels
    std::ptrdiff_t steps = 0;
    float a = 0.0F;
    float b = 0.0F;
    float attraction = 0.0F; ///< learning rates
    float repulsion = 0.0F;
    float* x = nullptr; ///< [kLanes]
    float* y = nullptr;
};

/// What kLanes points feel of bodies that are far away or near: t-SNE's repulsion, before the division by the sum.
struct TsneRepulsion
{
    const float* bodies = nullptr; ///< [count, 3]: x, y, number of points
    std::ptrdiff_t count = 0;
    const float* x = nullptr; ///< [kLanes]
    const float* y = nullptr;
    float* forceX = nullptr; ///< [kLanes]: sum of n q^2 (x - x_body), q = 1 / (1 + d^2)
    float* forceY = nullptr;
    float* sum = nullptr; ///< [kLanes]: sum of n q
};

/// The pull of a point's neighbours: sums of p q (x - x_j) and p q (y - y_j).
struct TsneAttraction
{
    const float* places = nullptr; ///< [.., 2]
    const int* neighbours = nullptr; ///< [count]
    const float* weights = nullptr; ///< p [count]
    std::ptrdiff_t count = 0;
    float x = 0.0F;
    float y = 0.0F;
    float forceX = 0.0F; ///< answers
    float forceY = 0.0F;
};

/// The same arithmetic for one instruction set; sets need not agree in the last bit.
struct Kernels
{
    const char* name = nullptr;
    void (*squaredDistances)(const DistanceTile&) = nullptr;
    void (*umapSamples)(const UmapSamples&) = nullptr;
    void (*tsneRepulsion)(const TsneRepulsion&) = nullptr;
    void (*tsneAttraction)(TsneAttraction&) = nullptr;
};

/// The fastest that this processor runs.
const Kernels& bestKernels();
/// All that this processor runs, the fastest last.
std::vector<const Kernels*> allKernels();

// Each in a file of its own with its own flags; the last two only on x86-64.
extern const Kernels kKernelsBaseline;
extern const Kernels kKernelsAvx2; ///< AVX2 and FMA
extern const Kernels kKernelsAvx512; ///< AVX-512 F, DQ, BW and VL

} // namespace rnnscope::projection
