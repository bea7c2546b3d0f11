#include "core/rnn/packed_matrix.h"

#include <algorithm>
#include <new>
#include <utility>

namespace rnnscope::rnn {

namespace {

std::shared_ptr<float> allocate(std::ptrdiff_t count)
{
    constexpr std::align_val_t kCacheLine {64};
    return {new (kCacheLine) float[static_cast<std::size_t>(count)],
            [kCacheLine](float* values) { ::operator delete[](values, kCacheLine); }};
}

} // namespace

PackedMatrix::PackedMatrix(std::ptrdiff_t rows, std::ptrdiff_t columns, const Kernels& kernels)
    : PackedMatrix(rows, columns, allocate(size(rows, columns, kernels)), kernels)
{
}

PackedMatrix::PackedMatrix(std::ptrdiff_t rows, std::ptrdiff_t columns, std::shared_ptr<float> values,
                           const Kernels& kernels)
    : m_kernels(&kernels)
    , m_rows(rows)
    , m_columns(columns)
    , m_values(std::move(values))
{
    const std::ptrdiff_t whole = columns / kernels.panel * kernels.panel;
    if (whole < columns)
        std::fill_n(m_values.get() + whole * rows, kernels.panel * rows, 0.0F);
}

std::ptrdiff_t PackedMatrix::size(std::ptrdiff_t rows, std::ptrdiff_t columns, const Kernels& kernels)
{
    return (columns + kernels.panel - 1) / kernels.panel * kernels.panel * rows;
}

void PackedMatrix::set(std::ptrdiff_t firstRow, std::ptrdiff_t rows, std::ptrdiff_t firstColumn, std::ptrdiff_t columns,
                       const float* from, std::ptrdiff_t rowStride, std::ptrdiff_t columnStride)
{
    const std::ptrdiff_t panel = m_kernels->panel;
    for (std::ptrdiff_t c = 0; c < columns;) { // the part of the block in one panel at a time
        const std::ptrdiff_t column = firstColumn + c;
        const std::ptrdiff_t some = std::min(columns - c, panel - column % panel);
        float* to = m_values.get() + column / panel * panel * m_rows + firstRow * panel + column % panel;
        const float* source = from + c * columnStride;
        for (std::ptrdiff_t r = 0; r < rows; ++r, to += panel, source += rowStride)
            if (columnStride == 1)
                std::copy_n(source, some, to);
            else
                for (std::ptrdiff_t i = 0; i < some; ++i)
                    to[i] = source[i * columnStride];
        c += some;
    }
}

Product PackedMatrix::product() const
{
    Product product;
    product.packed = m_values.get();
    product.packedRows = m_rows;
    product.k = m_rows;
    product.columns = m_columns;
    return product;
}

} // namespace rnnscope::rnn
