#pragma once

// The step kernels, included by one source file per instruction set. Everything is in an unnamed namespace, so that no
// code for a younger processor is shared with the others. Vectors run over units; every sum is taken in the same order
// whatever the tile, so a sequence gives the same bits alone and in a batch.

#include "core/rnn/step_kernel.h"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

namespace rnnscope::rnn {

namespace {

using Vector = float __attribute__((vector_size(kLanes * sizeof(float)), may_alias));
using Integers = int __attribute__((vector_size(kLanes * sizeof(int))));

inline Vector splat(float x)
{
    return Vector {x, x, x, x, x, x, x, x};
}

inline const Vector& vectorAt(const float* p)
{
    return *reinterpret_cast<const Vector*>(p);
}

inline Vector& vectorAt(float* p)
{
    return *reinterpret_cast<Vector*>(p);
}

/// a * b + c. Written out, since the compiler may fuse one tile's products and not another's.
inline Vector multiplyAdd(Vector a, Vector b, Vector c)
{
#if defined(__AVX2__) && defined(__FMA__)
    return _mm256_fmadd_ps(a, b, c);
#else
    return a * b + c;
#endif
}

/// Relative error below 2e-7 for |x| < 87, then clamped; NaN stays NaN. Coefficients: Cephes expf.
inline Vector exponential(Vector x)
{
    const Vector limit = splat(87.0F);
    x = x > limit ? limit : x;
    x = x < -limit ? -limit : x;
    const Vector rounder = splat(12582912.0F); // 1.5 * 2^23: its last bits hold the nearest integer
    const Vector shifted = multiplyAdd(x, splat(1.44269504F), rounder);
    const Vector n = shifted - rounder;
    Vector r = multiplyAdd(n, splat(-0.693359375F), x);
    r = multiplyAdd(n, splat(2.12194440e-4F), r);
    Vector p = splat(1.9875691500e-4F);
    p = multiplyAdd(p, r, splat(1.3981999507e-3F));
    p = multiplyAdd(p, r, splat(8.3334519073e-3F));
    p = multiplyAdd(p, r, splat(4.1665795894e-2F));
    p = multiplyAdd(p, r, splat(1.6666665459e-1F));
    p = multiplyAdd(p, r, splat(5.0000001201e-1F));
    p = multiplyAdd(p, r * r, r) + splat(1.0F);
    constexpr int kMantissaBits = 23;
    constexpr int kOne = 127 << kMantissaBits;
    const Integers power = (reinterpret_cast<Integers>(shifted) << kMantissaBits) + kOne; // shifts the rounder out
    return p * reinterpret_cast<Vector>(power);
}

inline Vector sigmoid(Vector x)
{
    return splat(1.0F) / (splat(1.0F) + exponential(-x));
}

/// Absolute error about 1e-7, which is what a gate needs.
inline Vector hyperbolicTangent(Vector x)
{
    return splat(1.0F) - splat(2.0F) / (splat(1.0F) + exponential(x + x));
}

// What differs between cells: the rows that are summed, where each gate of the hidden weights goes, and what the rows
// become. `tile`: sequences at once, so that the sums fill the registers.

#if defined(__AVX2__) && defined(__FMA__)
constexpr std::size_t kWideTile = 3; // 4 rows x 3 sequences, 3 inputs and a weight: 16 registers
constexpr std::size_t kNarrowTile = 8; // 1 row x 8
#else
constexpr std::size_t kWideTile = 1;
constexpr std::size_t kNarrowTile = 4;
#endif

struct Lstm
{
    static constexpr std::size_t kGates = 4;
    static constexpr std::size_t kRows = 4;
    static constexpr std::size_t kTile = kWideTile;
    static constexpr bool kRecurrent = true;
    static constexpr std::size_t hiddenRow(std::size_t gate) { return gate; }
    static Vector finish(const Vector* rows, const Vector&, float* cell)
    {
        const Vector gate = sigmoid(rows[0]) * hyperbolicTangent(rows[2]);
        const Vector c = multiplyAdd(sigmoid(rows[1]), vectorAt(cell), gate);
        vectorAt(cell) = c;
        return sigmoid(rows[3]) * hyperbolicTangent(c);
    }
};

struct Gru
{
    static constexpr std::size_t kGates = 3;
    static constexpr std::size_t kRows = 4; // the reset gate scales the hidden part of n alone
    static constexpr std::size_t kTile = kWideTile;
    static constexpr bool kRecurrent = true;
    static constexpr std::size_t hiddenRow(std::size_t gate) { return gate == 2 ? 3 : gate; }
    static Vector finish(const Vector* rows, const Vector& hidden, float*)
    {
        const Vector n = hyperbolicTangent(multiplyAdd(sigmoid(rows[0]), rows[3], rows[2]));
        return multiplyAdd(sigmoid(rows[1]), hidden - n, n);
    }
};

struct OneRow
{
    static constexpr std::size_t kGates = 1;
    static constexpr std::size_t kRows = 1;
    static constexpr std::size_t kTile = kNarrowTile;
    static constexpr bool kRecurrent = true;
    static constexpr std::size_t hiddenRow(std::size_t) { return 0; }
};

struct Tanh : OneRow
{
    static Vector finish(const Vector* rows, const Vector&, float*) { return hyperbolicTangent(rows[0]); }
};

struct Relu : OneRow
{
    static Vector finish(const Vector* rows, const Vector&, float*)
    {
        return rows[0] < splat(0.0F) ? splat(0.0F) : rows[0]; // NaN stays NaN
    }
};

struct Linear : OneRow
{
    static constexpr bool kRecurrent = false;
    static Vector finish(const Vector* rows, const Vector&, float*) { return rows[0]; }
};

/// Adds weights [count, gates, lanes] times each sequence's values [count] to its rows.
template <typename Cell, std::size_t kTile, bool kToHiddenRows>
inline void accumulate(Vector (&rows)[kTile][Cell::kRows], const float* weights, std::size_t count, const float* values,
                       std::size_t stride)
{
    for (std::size_t k = 0; k < count; ++k, weights += Cell::kGates * kLanes) {
        Vector value[kTile];
        for (std::size_t s = 0; s < kTile; ++s)
            value[s] = splat(values[s * stride + k]);
        for (std::size_t gate = 0; gate < Cell::kGates; ++gate) {
            const Vector weight = vectorAt(weights + gate * kLanes);
            const std::size_t row = kToHiddenRows ? Cell::hiddenRow(gate) : gate;
            for (std::size_t s = 0; s < kTile; ++s)
                rows[s][row] = multiplyAdd(weight, value[s], rows[s][row]);
        }
    }
}

/// Separate, so that the arithmetic of a sequence does not depend on the tile it is compiled into.
template <typename Cell>
[[gnu::noinline]] void finishUnits(const LayerStep& step, const Vector* rows, std::size_t first)
{
    Vector hidden {};
    float* cell = nullptr;
    if constexpr (Cell::kRecurrent) {
        hidden = vectorAt(step.hidden + first);
        cell = step.cell + first;
    }
    vectorAt(step.next + first) = Cell::finish(rows, hidden, cell);
}

/// The units of one block, for sequences [q, q + kTile).
template <typename Cell, std::size_t kTile>
inline void stepTile(const LayerStep& step, std::size_t block, std::size_t q)
{
    const float* bias = step.bias + block * Cell::kRows * kLanes;
    const float* input = step.inputWeight + block * step.inputs * Cell::kGates * kLanes;
    Vector rows[kTile][Cell::kRows];
    for (std::size_t s = 0; s < kTile; ++s) {
        for (std::size_t row = 0; row < Cell::kRows; ++row)
            rows[s][row] = vectorAt(bias + row * kLanes);
        if (step.tokens == nullptr)
            continue;
        const float* column = input + static_cast<std::size_t>(step.tokens[q + s]) * Cell::kGates * kLanes;
        for (std::size_t gate = 0; gate < Cell::kGates; ++gate)
            rows[s][gate] += vectorAt(column + gate * kLanes);
    }
    if (step.tokens == nullptr)
        accumulate<Cell, kTile, false>(rows, input, step.inputs, step.x + q * step.xStride, step.xStride);
    if constexpr (Cell::kRecurrent)
        accumulate<Cell, kTile, true>(rows, step.hiddenWeight + block * step.units * Cell::kGates * kLanes, step.units,
                                      step.hidden + q * step.stride, step.stride);
    for (std::size_t s = 0; s < kTile; ++s)
        finishUnits<Cell>(step, rows[s], (q + s) * step.stride + block * kLanes);
}

/// Sequences from `q` on: as many at once as there are registers for, the rest in ever smaller tiles.
template <typename Cell, std::size_t kTile>
inline void stepSequences(const LayerStep& step, std::size_t block, std::size_t q)
{
    for (; q + kTile <= step.sequences; q += kTile)
        stepTile<Cell, kTile>(step, block, q);
    if constexpr (kTile > 1)
        stepSequences<Cell, (kTile + 1) / 2>(step, block, q);
}

template <typename Cell>
void stepLayer(const LayerStep& step)
{
    for (std::size_t block = 0; block * kLanes < step.stride; ++block) // a block's weights stay in the first cache
        stepSequences<Cell, Cell::kTile>(step, block, 0);
}

constexpr StepKernels kKernels {stepLayer<Lstm>, stepLayer<Gru>, stepLayer<Tanh>, stepLayer<Relu>, stepLayer<Linear>};

} // namespace

} // namespace rnnscope::rnn
