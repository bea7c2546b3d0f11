#pragma once

#include "core/rnn/kernels.h"

#include <memory>

namespace rnnscope::rnn {

/// A matrix B [rows, columns] in panels of Kernels::panel columns, each without gaps and filled up with zeros: what
/// Product multiplies by. Packing pays where a matrix is multiplied by few rows many times.
class PackedMatrix
{
public:
    PackedMatrix() = default;
    PackedMatrix(std::ptrdiff_t rows, std::ptrdiff_t columns, const Kernels& kernels = bestKernels());
    /// In the caller's memory, size() floats, instead of its own.
    PackedMatrix(std::ptrdiff_t rows, std::ptrdiff_t columns, std::shared_ptr<float> values,
                 const Kernels& kernels = bestKernels());
    static std::ptrdiff_t size(std::ptrdiff_t rows, std::ptrdiff_t columns, const Kernels& kernels = bestKernels());

    /// Entry (r, c) of the block comes from `from[r * rowStride + c * columnStride]`.
    void set(std::ptrdiff_t firstRow, std::ptrdiff_t rows, std::ptrdiff_t firstColumn, std::ptrdiff_t columns,
             const float* from, std::ptrdiff_t rowStride, std::ptrdiff_t columnStride);

    /// A product by this matrix; the caller fills in A, init and C.
    Product product() const;
    void multiply(const Product& product) const { m_kernels->multiply(product); }
    std::ptrdiff_t rows() const { return m_rows; }
    std::ptrdiff_t columns() const { return m_columns; }

private:
    const Kernels* m_kernels = nullptr;
    std::ptrdiff_t m_rows = 0;
    std::ptrdiff_t m_columns = 0;
    std::shared_ptr<float> m_values;
};

} // namespace rnnscope::rnn
