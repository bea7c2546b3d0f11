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

inline const Vector& vectorAt(const float* p)
{
    return *reinterpret_cast<const Vector*>(p);
}

inline Vector& vectorAt(float* p)
{
    return *reinterpret_cast<Vector*>(p);
}

inline Vector splat(float x)
{
    return Vector {x, x, x, x, x, x, x, x};
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

/// Between -limit and limit; NaN stays NaN.
inline Vector limited(Vector x, float limit)
{
#if defined(__AVX2__) && defined(__FMA__)
    return _mm256_max_ps(splat(-limit), _mm256_min_ps(splat(limit), x)); // of NaN the second is returned
#else
    x = x > splat(limit) ? splat(limit) : x;
    return x < splat(-limit) ? splat(-limit) : x;
#endif
}

#if defined(__AVX512F__)

/// The same units of two sequences: the non-linearities wait for one another's results, and two wait no longer than
/// one.
using Pair = float __attribute__((vector_size(2 * kLanes * sizeof(float)), may_alias));

inline Pair multiplyAdd(Pair a, Pair b, Pair c)
{
    return _mm512_fmadd_ps(a, b, c);
}

inline Pair limited(Pair x, float limit)
{
    return _mm512_max_ps(_mm512_set1_ps(-limit), _mm512_min_ps(_mm512_set1_ps(limit), x));
}

inline Pair paired(Vector a, Vector b)
{
    return _mm512_insertf32x8(_mm512_castps256_ps512(a), b, 1);
}

inline Vector firstOf(Pair pair)
{
    return _mm512_castps512_ps256(pair);
}

inline Vector secondOf(Pair pair)
{
    return _mm512_extractf32x8_ps(pair, 1);
}

#endif

// V: Vector or Pair.

template <typename V>
V multiplyAdd(V a, V b, float c)
{
    return multiplyAdd(a, b, c - V {});
}

template <typename V>
V multiplyAdd(V a, float b, V c)
{
    return multiplyAdd(a, b - V {}, c);
}

/// Relative error below 2e-7 for |x| < 88. Coefficients: Cephes expf.
template <typename V>
V exponential(V x)
{
    constexpr float kRounder = 12582912.0F; // 1.5 * 2^23: its last bits hold the nearest integer
    const V shifted = multiplyAdd(x, 1.44269504F, kRounder - V {});
    const V n = shifted - kRounder;
    V r = multiplyAdd(n, -0.693359375F, x);
    r = multiplyAdd(n, 2.12194440e-4F, r);
    V p = multiplyAdd(1.9875691500e-4F - V {}, r, 1.3981999507e-3F);
    p = multiplyAdd(p, r, 8.3334519073e-3F);
    p = multiplyAdd(p, r, 4.1665795894e-2F);
    p = multiplyAdd(p, r, 1.6666665459e-1F);
    p = multiplyAdd(p, r, 5.0000001201e-1F);
    p = multiplyAdd(p, r * r, r) + 1.0F;
    using Integers [[gnu::vector_size(sizeof(V))]] = int;
    constexpr int kMantissaBits = 23;
    constexpr int kOne = 127 << kMantissaBits;
    const Integers power = (reinterpret_cast<Integers>(shifted) << kMantissaBits) + kOne; // shifts the rounder out
    return p * reinterpret_cast<V>(power);
}

/// 1 / sigmoid(x)
template <typename V>
V inverseSigmoid(V x)
{
    return 1.0F + exponential(limited(-x, 87.0F));
}

/// e^2x, as far as it makes a difference to tanh x
template <typename V>
V squaredExponential(V x)
{
    return exponential(limited(x + x, 20.0F));
}

template <typename V>
V sigmoid(V x)
{
    return 1.0F / inverseSigmoid(x);
}

/// Absolute error about 1e-7, which is what a gate needs.
template <typename V>
V hyperbolicTangent(V x)
{
    return 1.0F - 2.0F / (1.0F + squaredExponential(x));
}

/// sigmoid(x) tanh(y) by one division; 0 where it is below 1e-29. Absolute error about 1e-7.
template <typename V>
V gated(V x, V y)
{
    const V e = squaredExponential(y);
    return (e - 1.0F) / (inverseSigmoid(x) * (1.0F + e));
}

// What differs between cells: the rows that are summed, where each gate of the hidden weights goes, and what the rows
// become. `tile`: sequences at once, so that the sums fill the registers.

#if defined(__AVX512F__)
constexpr std::size_t kWideTile = 4; // of 32 registers
constexpr std::size_t kNarrowTile = 8;
#elif defined(__AVX2__) && defined(__FMA__)
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
    static constexpr bool kCell = true;
    static constexpr std::size_t hiddenRow(std::size_t gate) { return gate; }
    template <typename V>
    static V finish(const V* rows, const V&, V& cell)
    {
        cell = multiplyAdd(sigmoid(rows[1]), cell, gated(rows[0], rows[2]));
        return gated(rows[3], cell);
    }
};

struct Gru
{
    static constexpr std::size_t kGates = 3;
    static constexpr std::size_t kRows = 4; // the reset gate scales the hidden part of n alone
    static constexpr std::size_t kTile = kWideTile;
    static constexpr bool kRecurrent = true;
    static constexpr bool kCell = false;
    static constexpr std::size_t hiddenRow(std::size_t gate) { return gate == 2 ? 3 : gate; }
    template <typename V>
    static V finish(const V* rows, const V& hidden, V&)
    {
        const V n = hyperbolicTangent(multiplyAdd(sigmoid(rows[0]), rows[3], rows[2]));
        return multiplyAdd(sigmoid(rows[1]), hidden - n, n);
    }
};

struct OneRow
{
    static constexpr std::size_t kGates = 1;
    static constexpr std::size_t kRows = 1;
    static constexpr std::size_t kTile = kNarrowTile;
    static constexpr bool kRecurrent = true;
    static constexpr bool kCell = false;
    static constexpr std::size_t hiddenRow(std::size_t) { return 0; }
};

struct Tanh : OneRow
{
    template <typename V>
    static V finish(const V* rows, const V&, V&)
    {
        return hyperbolicTangent(rows[0]);
    }
};

struct Relu : OneRow
{
    template <typename V>
    static V finish(const V* rows, const V&, V&)
    {
        return rows[0] < 0.0F ? V {} : rows[0]; // NaN stays NaN
    }
};

struct Linear : OneRow
{
    static constexpr bool kRecurrent = false;
    template <typename V>
    static V finish(const V* rows, const V&, V&)
    {
        return rows[0];
    }
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

/// What a sequence's rows make of its hidden state and cell.
template <typename Cell>
inline void finishUnits(const LayerStep& step, const Vector* rows, std::size_t first)
{
    Vector hidden {}, cell {};
    if constexpr (Cell::kRecurrent)
        hidden = vectorAt(step.hidden + first);
    if constexpr (Cell::kCell)
        cell = vectorAt(step.cell + first);
    vectorAt(step.next + first) = Cell::finish(rows, hidden, cell);
    if constexpr (Cell::kCell)
        vectorAt(step.cell + first) = cell;
}

#if defined(__AVX512F__)
template <typename Cell>
inline void finishPair(const LayerStep& step, const Vector (*rows)[Cell::kRows], std::size_t first, std::size_t second)
{
    Pair both[Cell::kRows];
    for (std::size_t row = 0; row < Cell::kRows; ++row)
        both[row] = paired(rows[0][row], rows[1][row]);
    Pair hidden {}, cell {};
    if constexpr (Cell::kRecurrent)
        hidden = paired(vectorAt(step.hidden + first), vectorAt(step.hidden + second));
    if constexpr (Cell::kCell)
        cell = paired(vectorAt(step.cell + first), vectorAt(step.cell + second));
    const Pair next = Cell::finish(both, hidden, cell);
    vectorAt(step.next + first) = firstOf(next);
    vectorAt(step.next + second) = secondOf(next);
    if constexpr (Cell::kCell) {
        vectorAt(step.cell + first) = firstOf(cell);
        vectorAt(step.cell + second) = secondOf(cell);
    }
}
#endif

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
    const std::size_t first = q * step.stride + block * kLanes;
    std::size_t s = 0;
#if defined(__AVX512F__)
    for (; s + 2 <= kTile; s += 2)
        finishPair<Cell>(step, rows + s, first + s * step.stride, first + (s + 1) * step.stride);
#endif
    for (; s < kTile; ++s)
        finishUnits<Cell>(step, rows[s], first + s * step.stride);
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
