#pragma once

#include "core/rnn/lstm_kernels.h"

namespace rnnscope::rnn {

/// LstmKernels with vectors of `Width` floats. Each width is compiled with flags of its own; everything is a member of
/// the template, and nothing from the standard library is used, so that no function for a newer processor can take the
/// place of one of the same name elsewhere in the program.
template <int Width>
struct VectorKernels
{
    using Vec [[gnu::vector_size(Width * sizeof(float))]] = float;
    using Int [[gnu::vector_size(Width * sizeof(int))]] = int;
    struct [[gnu::packed, gnu::may_alias]] Unaligned { Vec value; };

    static constexpr std::ptrdiff_t kPanel = 2 * Width;
    static constexpr int kRows = Width == 16 ? 12 : 6; ///< two sums a row, as many rows as there are registers
    static constexpr std::ptrdiff_t kTransposedDepth = 48; ///< of two matrices' parts that stay in the first cache
    static constexpr std::ptrdiff_t kDepth = 256; ///< of a panel's part that stays in the first cache

    [[gnu::always_inline]] static inline Vec load(const float* from)
    {
        return reinterpret_cast<const Unaligned*>(from)->value;
    }
    [[gnu::always_inline]] static inline void store(float* to, Vec value)
    {
        reinterpret_cast<Unaligned*>(to)->value = value;
    }
    [[gnu::always_inline]] static inline Vec all(float value) { return value - Vec {}; }

    /// The first `count` entries; the others are 0.
    [[gnu::always_inline]] static inline Vec load(const float* from, std::ptrdiff_t count)
    {
        if (count >= Width)
            return load(from);
        float entries[Width] = {};
        for (std::ptrdiff_t i = 0; i < count; ++i)
            entries[i] = from[i];
        return load(entries);
    }

    [[gnu::always_inline]] static inline void store(float* to, Vec value, std::ptrdiff_t count)
    {
        if (count >= Width)
            return store(to, value);
        float entries[Width];
        store(entries, value);
        for (std::ptrdiff_t i = 0; i < count; ++i)
            to[i] = entries[i];
    }

    /// e^x = 2^n e^r with |r| <= ln 2 / 2; Cephes' polynomial. Limited to [2^-126, 2^127].
    [[gnu::always_inline]] static inline Vec exponential(Vec x)
    {
        x = x < -87.33F ? all(-87.33F) : x; // comparisons with NaN are false: it passes
        x = x > 88.02F ? all(88.02F) : x;
        constexpr float kRound = 12582912.0F; // 1.5 * 2^23: adding it leaves the integer in the lowest bits
        const Vec shifted = x * 1.44269504F + kRound;
        const Vec n = shifted - kRound;
        const Vec r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
        Vec p = all(1.9875691500e-4F);
        p = p * r + 1.3981999507e-3F;
        p = p * r + 8.3334519073e-3F;
        p = p * r + 4.1665795894e-2F;
        p = p * r + 1.6666665459e-1F;
        p = p * r + 5.0000001201e-1F;
        p = p * (r * r) + r + 1.0F;
        const Int exponent = ((reinterpret_cast<Int>(shifted) - 0x4b400000) + 127) << 23;
        return p * reinterpret_cast<Vec>(exponent); // not by adding to the exponent, which would lose NaN
    }

    [[gnu::always_inline]] static inline Vec sigmoid(Vec x) { return 1.0F / (1.0F + exponential(-x)); }

    /// x P(x^2) / Q(x^2), fitted to the smallest relative error on [-8, 8], 6e-9; then 1 to the last bit but one.
    [[gnu::always_inline]] static inline Vec tanh(Vec x)
    {
        x = x < -8.0F ? all(-8.0F) : x; // comparisons with NaN are false: it passes
        x = x > 8.0F ? all(8.0F) : x;
        const Vec z = x * x;
        Vec p = z * 1.523053310e-8F + 2.189474306e-5F;
        p = p * z + 3.571602902e-3F;
        p = p * z + 1.344450208e-1F;
        p = p * z + 9.999999936e-1F;
        Vec q = z * 8.522493124e-7F + 3.411300023e-4F;
        q = q * z + 2.616446146e-2F;
        q = q * z + 4.677782940e-1F;
        q = q * z + 1.0F;
        return x * p / q;
    }

    /// The sigmoid to about 1e-7 of 1, which is what a gate needs.
    [[gnu::always_inline]] static inline Vec gate(Vec x) { return 0.5F + 0.5F * tanh(0.5F * x); }

    /// Rows x (Panels panels) of C; `init` may be null.
    template <int Rows, int Panels>
    static void tile(const Product& p, std::ptrdiff_t row, const float* b, std::ptrdiff_t first, std::ptrdiff_t depth,
                     const float* init, std::ptrdiff_t ldInit, float* c, std::ptrdiff_t ldc)
    {
        constexpr int kVectors = 2 * Panels;
        const std::ptrdiff_t panelSize = p.packedRows * kPanel;
        Vec sums[Rows][kVectors] = {};
        if (init != nullptr)
#pragma GCC unroll 12
            for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 8
                for (int v = 0; v < kVectors; ++v)
                    sums[r][v] = load(init + r * ldInit + v * Width);
        const float* const a = p.a + row * p.lda + first;
        const std::ptrdiff_t lda = p.lda;
#pragma GCC unroll 2
        for (std::ptrdiff_t k = 0; k < depth; ++k, b += kPanel) {
#pragma GCC unroll 8
            for (int panel = 0; panel < Panels; ++panel) {
                const Vec left = load(b + panel * panelSize);
                const Vec right = load(b + panel * panelSize + Width);
#pragma GCC unroll 12
                for (int r = 0; r < Rows; ++r) {
                    sums[r][2 * panel] += a[r * lda + k] * left;
                    sums[r][2 * panel + 1] += a[r * lda + k] * right;
                }
            }
        }
#pragma GCC unroll 12
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 8
            for (int v = 0; v < kVectors; ++v)
                store(c + r * ldc + v * Width, sums[r][v]);
    }

    /// A tile of which only `columns` stand in C.
    template <int Rows>
    static void partialTile(const Product& p, std::ptrdiff_t row, const float* b, std::ptrdiff_t first,
                            std::ptrdiff_t depth, const float* init, std::ptrdiff_t ldInit, float* c,
                            std::ptrdiff_t columns)
    {
        float sums[Rows * kPanel] = {};
        if (init != nullptr)
            for (int r = 0; r < Rows; ++r)
                for (std::ptrdiff_t i = 0; i < columns; ++i)
                    sums[r * kPanel + i] = init[r * ldInit + i];
        tile<Rows, 1>(p, row, b, first, depth, sums, kPanel, sums, kPanel);
        for (int r = 0; r < Rows; ++r)
            for (std::ptrdiff_t i = 0; i < columns; ++i)
                c[r * p.ldc + i] = sums[r * kPanel + i];
    }

    /// Returns how many columns are done: one panel, or several at once where few rows have too few sums to overlap.
    template <int Rows>
    static std::ptrdiff_t rowsOfPanel(int rows, const Product& p, std::ptrdiff_t row, std::ptrdiff_t column,
                                      const float* b, std::ptrdiff_t first, std::ptrdiff_t depth)
    {
        if constexpr (Rows > 1)
            if (rows < Rows)
                return rowsOfPanel<Rows - 1>(rows, p, row, column, b, first, depth);
        constexpr int kPanels = Rows == 1 ? 4 : 1;
        float* const c = p.c + row * p.ldc + column;
        const std::ptrdiff_t ldInit = first > 0 ? p.ldc : p.ldInit;
        const float* const init = first > 0 ? c : p.init != nullptr ? p.init + row * p.ldInit + column : nullptr;
        if (kPanels > 1 && p.rows == Rows && p.columns - column >= kPanels * kPanel) {
            tile<Rows, kPanels>(p, row, b, first, depth, init, ldInit, c, p.ldc);
            return kPanels * kPanel;
        }
        if (p.columns - column >= kPanel)
            tile<Rows, 1>(p, row, b, first, depth, init, ldInit, c, p.ldc);
        else
            partialTile<Rows>(p, row, b, first, depth, init, ldInit, c, p.columns - column);
        return kPanel;
    }

    static void multiply(const Product& p)
    {
        const std::ptrdiff_t blocks = (p.rows + kRows - 1) / kRows;
        std::ptrdiff_t done = kPanel;
        for (std::ptrdiff_t column = 0; column < p.columns; column += done) {
            const float* const panel = p.packed + column * p.packedRows + p.firstRow * kPanel;
            for (std::ptrdiff_t first = 0; first == 0 || first < p.k; first += kDepth) {
                const std::ptrdiff_t depth = p.k - first < kDepth ? p.k - first : kDepth;
                for (std::ptrdiff_t block = 0; block < blocks; ++block) { // of nearly equal heights
                    const std::ptrdiff_t row = p.rows * block / blocks;
                    const auto rows = static_cast<int>(p.rows * (block + 1) / blocks - row);
                    done = rowsOfPanel<kRows>(rows, p, row, column, panel + first * kPanel, first, depth);
                }
            }
        }
    }

    /// Columns j to j + Width of a row, or those `count` that are left of it.
    [[gnu::always_inline]] static inline void lstmForwardAt(const LstmForward& f, std::ptrdiff_t row, std::ptrdiff_t j,
                                                            std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec in = gate(load(gates, count));
        const Vec candidate = tanh(load(gates + 2 * f.hidden, count));
        const Vec forget = gate(load(gates + f.hidden, count));
        const Vec output = gate(load(gates + 3 * f.hidden, count));
        const Vec before = f.previousCell != nullptr ? load(f.previousCell + at, count) : Vec {};
        const Vec cell = forget * before + in * candidate;
        const Vec squashed = tanh(cell);
        const Vec hidden = output * squashed;
        store(gates, in, count);
        store(gates + f.hidden, forget, count);
        store(gates + 2 * f.hidden, candidate, count);
        store(gates + 3 * f.hidden, output, count);
        store(f.cell + at, cell, count);
        store(f.tanhCell + at, squashed, count);
        if (f.next != nullptr)
            store(f.next + row * f.ldNext + j, hidden, count);
        if (f.out != nullptr)
            store(f.out + row * f.ldOut + j,
                  f.residual != nullptr ? hidden + load(f.residual + row * f.ldResidual + j, count) : hidden, count);
    }

    /// Columns j to j + Width of a row, or those `count` that are left of it.
    [[gnu::always_inline]] static inline void lstmBackwardAt(const LstmBackward& f, std::ptrdiff_t row,
                                                             std::ptrdiff_t j, std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec in = load(gates, count);
        const Vec forget = load(gates + f.hidden, count);
        const Vec candidate = load(gates + 2 * f.hidden, count);
        const Vec output = load(gates + 3 * f.hidden, count);
        const Vec squashed = load(f.tanhCell + at, count);
        const Vec before = f.previousCell != nullptr ? load(f.previousCell + at, count) : Vec {};
        Vec hidden = f.outGradient != nullptr ? load(f.outGradient + row * f.ldOut + j, count) : Vec {};
        if (f.nextGradient != nullptr)
            hidden += load(f.nextGradient + row * f.ldNext + j, count);
        const Vec cell = load(f.cellGradient + at, count) + hidden * output * (1.0F - squashed * squashed);
        store(gates, cell * candidate * in * (1.0F - in), count);
        store(gates + f.hidden, cell * before * forget * (1.0F - forget), count);
        store(gates + 2 * f.hidden, cell * in * (1.0F - candidate * candidate), count);
        store(gates + 3 * f.hidden, hidden * squashed * output * (1.0F - output), count);
        store(f.cellGradient + at, cell * forget, count);
    }

    [[gnu::always_inline]] static inline void gruForwardAt(const GruForward& f, std::ptrdiff_t row, std::ptrdiff_t j,
                                                           std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const float* const recurrent = f.recurrent + 3 * row * f.hidden + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec reset = gate(load(gates, count) + load(recurrent, count));
        const Vec update = gate(load(gates + f.hidden, count) + load(recurrent + f.hidden, count));
        const Vec hiddenPart = load(recurrent + 2 * f.hidden, count);
        const Vec candidate = tanh(load(gates + 2 * f.hidden, count) + reset * hiddenPart);
        const Vec before = f.previous != nullptr ? load(f.previous + at, count) : Vec {};
        store(gates, reset, count);
        store(gates + f.hidden, update, count);
        store(gates + 2 * f.hidden, candidate, count);
        store(gates + 3 * f.hidden, hiddenPart, count);
        store(f.next + at, candidate + update * (before - candidate), count);
    }

    [[gnu::always_inline]] static inline void gruBackwardAt(const GruBackward& f, std::ptrdiff_t row, std::ptrdiff_t j,
                                                            std::ptrdiff_t count)
    {
        float* const gates = f.gates + row * f.ldGates + j;
        const std::ptrdiff_t at = row * f.hidden + j;
        const Vec reset = load(gates, count);
        const Vec update = load(gates + f.hidden, count);
        const Vec candidate = load(gates + 2 * f.hidden, count);
        const Vec hiddenPart = load(gates + 3 * f.hidden, count);
        const Vec before = f.previous != nullptr ? load(f.previous + at, count) : Vec {};
        const Vec out = load(f.outGradient + at, count);
        const Vec sum = out * (1.0F - update) * (1.0F - candidate * candidate);
        store(gates, sum * hiddenPart * reset * (1.0F - reset), count);
        store(gates + f.hidden, out * (before - candidate) * update * (1.0F - update), count);
        store(gates + 2 * f.hidden, sum, count);
        store(gates + 3 * f.hidden, sum * reset, count);
        store(f.previousGradient + at, out * update, count);
    }

    /// Calls At(f, row, j, count) for every vector of every row.
    template <typename Step, void (*At)(const Step&, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t)>
    static void eachRow(const Step& f)
    {
        const std::ptrdiff_t whole = f.hidden - f.hidden % Width;
        for (std::ptrdiff_t row = 0; row < f.rows; ++row) {
            for (std::ptrdiff_t j = 0; j < whole; j += Width)
                At(f, row, j, Width);
            if (whole < f.hidden)
                At(f, row, whole, f.hidden - whole);
        }
    }

    /// Rows x panel of A^T B over some of the k; `columns` of the panel are there.
    template <int Rows, bool Whole>
    static void transposedTile(const float* a, std::ptrdiff_t lda, const float* b, std::ptrdiff_t ldb,
                               std::ptrdiff_t depth, bool add, float* c, std::ptrdiff_t ldc, std::ptrdiff_t columns)
    {
        const std::ptrdiff_t leftCount = Whole ? Width : columns;
        const std::ptrdiff_t rightCount = Whole ? Width : columns - Width;
        const auto part = [](const float* from, std::ptrdiff_t count) {
            return Whole ? load(from) : count > 0 ? load(from, count) : Vec {};
        };
        Vec sums[Rows][2] = {};
        if (add)
#pragma GCC unroll 12
            for (int r = 0; r < Rows; ++r) {
                sums[r][0] = part(c + r * ldc, leftCount);
                sums[r][1] = part(c + r * ldc + Width, rightCount);
            }
#pragma GCC unroll 2
        for (std::ptrdiff_t k = 0; k < depth; ++k, a += lda, b += ldb) {
            const Vec left = part(b, leftCount);
            const Vec right = part(b + Width, rightCount);
#pragma GCC unroll 12
            for (int r = 0; r < Rows; ++r) {
                sums[r][0] += a[r] * left;
                sums[r][1] += a[r] * right;
            }
        }
#pragma GCC unroll 12
        for (int r = 0; r < Rows; ++r)
            if constexpr (Whole) {
                store(c + r * ldc, sums[r][0]);
                store(c + r * ldc + Width, sums[r][1]);
            } else {
                store(c + r * ldc, sums[r][0], leftCount);
                if (rightCount > 0)
                    store(c + r * ldc + Width, sums[r][1], rightCount);
            }
    }

    template <int Rows>
    static void transposedRows(int rows, const TransposedProduct& p, std::ptrdiff_t row, std::ptrdiff_t column,
                               std::ptrdiff_t first, std::ptrdiff_t depth)
    {
        if constexpr (Rows > 1)
            if (rows < Rows)
                return transposedRows<Rows - 1>(rows, p, row, column, first, depth);
        const float* const a = p.a + first * p.lda + row;
        const float* const b = p.b + first * p.ldb + column;
        float* const c = p.c + row * p.ldc + column;
        if (p.columns - column >= kPanel)
            transposedTile<Rows, true>(a, p.lda, b, p.ldb, depth, first > 0, c, p.ldc, kPanel);
        else
            transposedTile<Rows, false>(a, p.lda, b, p.ldb, depth, first > 0, c, p.ldc, p.columns - column);
    }

    static void multiplyTransposed(const TransposedProduct& p)
    {
        const std::ptrdiff_t blocks = (p.rows + kRows - 1) / kRows;
        for (std::ptrdiff_t first = 0; first == 0 || first < p.k; first += kTransposedDepth) {
            const std::ptrdiff_t depth = p.k - first < kTransposedDepth ? p.k - first : kTransposedDepth;
            for (std::ptrdiff_t column = 0; column < p.columns; column += kPanel)
                for (std::ptrdiff_t block = 0; block < blocks; ++block) {
                    const std::ptrdiff_t row = p.rows * block / blocks;
                    const auto rows = static_cast<int>(p.rows * (block + 1) / blocks - row);
                    transposedRows<kRows>(rows, p, row, column, first, depth);
                }
        }
    }

    static void addRows(const float* from, std::ptrdiff_t ld, std::ptrdiff_t rows, std::ptrdiff_t columns, float* sums)
    {
        constexpr int kSums = 8; // in registers at once
        std::ptrdiff_t column = 0;
        for (; column + kSums * Width <= columns; column += kSums * Width) {
            Vec sum[kSums];
            for (int v = 0; v < kSums; ++v)
                sum[v] = load(sums + column + v * Width);
            for (std::ptrdiff_t row = 0; row < rows; ++row)
                for (int v = 0; v < kSums; ++v)
                    sum[v] += load(from + row * ld + column + v * Width);
            for (int v = 0; v < kSums; ++v)
                store(sums + column + v * Width, sum[v]);
        }
        for (; column < columns; column += Width) {
            const std::ptrdiff_t count = columns - column;
            Vec sum = load(sums + column, count);
            for (std::ptrdiff_t row = 0; row < rows; ++row)
                sum += load(from + row * ld + column, count);
            store(sums + column, sum, count);
        }
    }

    static void adamW(const AdamWStep& f)
    {
        const float keep = 1.0F - f.decay;
        for (std::ptrdiff_t i = 0; i < f.count; ++i) {
            const float gradient = f.gradient[i];
            const float mean = f.mean[i] + (1.0F - f.beta1) * (gradient - f.mean[i]);
            const float square = f.beta2 * f.square[i] + (1.0F - f.beta2) * gradient * gradient;
            f.mean[i] = mean;
            f.square[i] = square;
            f.parameters[i] = f.parameters[i] * keep - f.rate * mean / (__builtin_sqrtf(square) * f.scale + f.epsilon);
        }
    }

    template <Vec (*Function)(Vec)>
    static void each(float* values, std::ptrdiff_t count)
    {
        const std::ptrdiff_t whole = count - count % Width;
        for (std::ptrdiff_t i = 0; i < whole; i += Width)
            store(values + i, Function(load(values + i)));
        if (whole < count)
            store(values + whole, Function(load(values + whole, count - whole)), count - whole);
    }

    /// A constant, so that making it executes nothing that the processor may not know.
    static constexpr LstmKernels table(const char* name)
    {
        return {name,
                kPanel,
                &multiply,
                &eachRow<LstmForward, lstmForwardAt>,
                &eachRow<LstmBackward, lstmBackwardAt>,
                &eachRow<GruForward, gruForwardAt>,
                &eachRow<GruBackward, gruBackwardAt>,
                &multiplyTransposed,
                &addRows,
                &adamW,
                &each<exponential>,
                &each<sigmoid>,
                &each<tanh>};
    }
};

} // namespace rnnscope::rnn
