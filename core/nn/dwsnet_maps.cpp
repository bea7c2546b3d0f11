#include "core/nn/dwsnet_maps.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace rnnscope::nn {

namespace {

/// The means of maps [N, rows, columns, C], which come row by row.
class RowByRow
{
public:
    explicit RowByRow(const at::Tensor& maps)
        : m_rows(maps.size(1))
        , m_columns(maps.size(2))
        , m_channels(maps.size(3))
        , m_sums {at::zeros({maps.size(0), m_columns, m_channels}, maps.options()),
                  at::zeros({maps.size(0), m_rows, m_channels}, maps.options())}
    {
    }

    /// `row` counts on from network to network.
    void add(std::int64_t row, const float* values)
    {
        const std::int64_t width = m_columns * m_channels;
        m_kernels.addRows(values, width, 1, width, m_sums.row.data_ptr<float>() + row / m_rows * width);
        m_kernels.addRows(values, m_channels, m_columns, m_channels,
                          m_sums.column.data_ptr<float>() + row * m_channels);
    }

    MapMeans take()
    {
        m_sums.row.div_(static_cast<double>(m_rows));
        m_sums.column.div_(static_cast<double>(m_columns));
        return std::move(m_sums);
    }

private:
    const rnn::Kernels& m_kernels = rnn::bestKernels();
    std::int64_t m_rows, m_columns, m_channels;
    MapMeans m_sums;
};

enum class Access { Read, Write };

/// Asks for a row of maps while another is worked on: maps of many networks lie beyond the second cache, whose delays
/// cost a third of the time. It may lie behind the last one.
template <Access For>
void prefetch(const float* values, std::int64_t count)
{
    constexpr std::int64_t kCacheLine = 64 / sizeof(float);
    for (std::int64_t i = 0; i < count; i += kCacheLine)
        __builtin_prefetch(values + i, For == Access::Write ? 1 : 0);
}

} // namespace

MappedRows mappedRows(const at::Tensor& input, const PackedLinear& self, const at::Tensor& perRow,
                      const at::Tensor& perColumn)
{
    const at::Tensor x = input.contiguous();
    const at::Tensor ofRows = perRow.contiguous();
    const at::Tensor ofColumns = perColumn.contiguous();
    const std::int64_t rows = x.size(1), columns = x.size(2), in = x.size(3), out = self.matrix().columns();
    const at::Tensor result = at::empty({x.size(0), rows, columns, out}, x.options());
    RowByRow means(result);
    rnn::Product product = self.matrix().product();
    product.lda = in;
    product.rows = columns;
    product.ldInit = out;
    product.ldc = out;
    for (std::int64_t row = 0; row < x.size(0) * rows; ++row) {
        product.a = x.data_ptr<float>() + row * columns * in;
        product.init = ofColumns.data_ptr<float>() + row / rows * columns * out;
        product.c = result.data_ptr<float>() + row * columns * out;
        prefetch<Access::Read>(product.a + columns * in, columns * in);
        self.matrix().multiply(product);
        prefetch<Access::Write>(product.c + columns * out, columns * out);
        rnn::bestKernels().addAndRectify(product.c, columns, out, ofRows.data_ptr<float>() + row * out);
        means.add(row, product.c);
    }
    return {result, means.take()};
}

MapMeans mapMeans(const at::Tensor& input)
{
    const at::Tensor x = input.contiguous();
    const std::int64_t width = x.size(2) * x.size(3);
    RowByRow means(x);
    for (std::int64_t row = 0; row < x.size(0) * x.size(1); ++row)
        means.add(row, x.data_ptr<float>() + row * width);
    return means.take();
}

} // namespace rnnscope::nn
