#pragma once

#include "core/base/vector_math.h"
#include "core/rnn/kernels.h"

namespace rnnscope::rnn {

/// The products of Kernels, in tiles that fill the registers.
template <int Width>
struct VectorProducts : VectorMath<Width>
{
    using Math = VectorMath<Width>;
    using Vec = typename Math::Vec;
    using Math::load;
    using Math::store;

    static constexpr std::ptrdiff_t kPanel = 2 * Width;
    static constexpr int kRows = Width == 16 ? 12 : 6; ///< two sums a row, as many rows as there are registers
    static constexpr std::ptrdiff_t kTransposedDepth = 48; ///< of two matrices' parts that stay in the first cache
    static constexpr std::ptrdiff_t kDepth = 256; ///< of a panel's part that stays in the first cache

    /// Rows x (Vectors vectors) of C; two vectors make a panel. `init` may be null.
    template <int Rows, int Vectors>
    static void tile(const Product& p, std::ptrdiff_t row, const float* b, std::ptrdiff_t first, std::ptrdiff_t depth,
                     const float* init, std::ptrdiff_t ldInit, float* c, std::ptrdiff_t ldc)
    {
        const std::ptrdiff_t panelSize = p.packedRows * kPanel;
        Vec sums[Rows][Vectors] = {};
        if (init != nullptr)
#pragma GCC unroll 12
            for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 8
                for (int v = 0; v < Vectors; ++v)
                    sums[r][v] = load(init + r * ldInit + v * Width);
        const float* const a = p.a + row * p.lda + first;
        const std::ptrdiff_t lda = p.lda;
#pragma GCC unroll 2
        for (std::ptrdiff_t k = 0; k < depth; ++k, b += kPanel) {
#pragma GCC unroll 8
            for (int v = 0; v < Vectors; v += 2) {
                const float* const at = b + v / 2 * panelSize;
                const Vec left = load(at);
                const Vec right = v + 1 < Vectors ? load(at + Width) : Vec {};
#pragma GCC unroll 12
                for (int r = 0; r < Rows; ++r) {
                    sums[r][v] += a[r * lda + k] * left;
                    if constexpr (Vectors > 1)
                        sums[r][v + 1] += a[r * lda + k] * right;
                }
            }
        }
#pragma GCC unroll 12
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 8
            for (int v = 0; v < Vectors; ++v)
                store(c + r * ldc + v * Width, sums[r][v]);
    }

    /// A tile of which only `columns` stand in C.
    template <int Rows, int Vectors>
    static void partialTile(const Product& p, std::ptrdiff_t row, const float* b, std::ptrdiff_t first,
                            std::ptrdiff_t depth, const float* init, std::ptrdiff_t ldInit, float* c,
                            std::ptrdiff_t columns)
    {
        constexpr std::ptrdiff_t kColumns = Vectors * Width;
        float sums[Rows * kColumns] = {};
        if (init != nullptr)
            for (int r = 0; r < Rows; ++r)
                for (std::ptrdiff_t i = 0; i < columns; ++i)
                    sums[r * kColumns + i] = init[r * ldInit + i];
        tile<Rows, Vectors>(p, row, b, first, depth, sums, kColumns, sums, kColumns);
        for (int r = 0; r < Rows; ++r)
            for (std::ptrdiff_t i = 0; i < columns; ++i)
                c[r * p.ldc + i] = sums[r * kColumns + i];
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
        const std::ptrdiff_t columns = p.columns - column;
        if (kPanels > 1 && p.rows == Rows && columns >= kPanels * kPanel) {
            tile<Rows, 2 * kPanels>(p, row, b, first, depth, init, ldInit, c, p.ldc);
            return kPanels * kPanel;
        }
        if (columns >= kPanel)
            tile<Rows, 2>(p, row, b, first, depth, init, ldInit, c, p.ldc);
        else if (columns > Width)
            partialTile<Rows, 2>(p, row, b, first, depth, init, ldInit, c, columns);
        else if (columns == Width)
            tile<Rows, 1>(p, row, b, first, depth, init, ldInit, c, p.ldc);
        else
            partialTile<Rows, 1>(p, row, b, first, depth, init, ldInit, c, columns);
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
            transposedTile<Rows, true>(a, p.lda, b, p.ldb, depth, p.add || first > 0, c, p.ldc, kPanel);
        else
            transposedTile<Rows, false>(a, p.lda, b, p.ldb, depth, p.add || first > 0, c, p.ldc, p.columns - column);
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
};

} // namespace rnnscope::rnn
