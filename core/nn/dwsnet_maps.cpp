#include "core/nn/dwsnet_maps.h"

#include "core/rnn/packed_matrix.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace rnnscope::nn {

at::Tensor mappedRows(const at::Tensor& input, const at::Tensor& self, const at::Tensor& perRow,
                      const at::Tensor& perColumn)
{
    const at::Tensor x = input.contiguous();
    const at::Tensor ofRows = perRow.contiguous();
    const at::Tensor ofColumns = perColumn.contiguous();
    const std::int64_t rows = x.size(1), columns = x.size(2), in = x.size(3), out = self.size(0);
    rnn::PackedMatrix packed(in, out);
    packed.set(0, in, 0, out, self.data_ptr<float>(), self.stride(1), self.stride(0));
    const at::Tensor result = at::empty({x.size(0), rows, columns, out}, x.options());
    rnn::Product product = packed.product();
    product.lda = in;
    product.rows = columns;
    product.ldInit = out;
    product.ldc = out;
    for (std::int64_t n = 0; n < x.size(0); ++n)
        for (std::int64_t row = n * rows; row < (n + 1) * rows; ++row) {
            product.a = x.data_ptr<float>() + row * columns * in;
            product.init = ofColumns.data_ptr<float>() + n * columns * out;
            product.c = result.data_ptr<float>() + row * columns * out;
            packed.multiply(product);
            const float* const add = ofRows.data_ptr<float>() + row * out;
            for (float* values = product.c; values < product.c + columns * out; values += out)
                for (std::int64_t c = 0; c < out; ++c) {
                    const float sum = values[c] + add[c];
                    values[c] = sum < 0.0F ? 0.0F : sum; // NaN stays
                }
        }
    return result;
}

MapMeans mapMeans(const at::Tensor& input)
{
    const at::Tensor x = input.contiguous();
    const std::int64_t rows = x.size(1), columns = x.size(2), channels = x.size(3);
    const at::Tensor row = at::zeros({x.size(0), columns, channels}, x.options());
    const at::Tensor column = at::zeros({x.size(0), rows, channels}, x.options());
    const float* values = x.data_ptr<float>();
    float* ofRow = column.data_ptr<float>();
    for (std::int64_t n = 0; n < x.size(0); ++n)
        for (std::int64_t r = 0; r < rows; ++r, ofRow += channels) {
            float* ofColumn = row.data_ptr<float>() + n * columns * channels;
            for (std::int64_t c = 0; c < columns; ++c, values += channels, ofColumn += channels)
                for (std::int64_t i = 0; i < channels; ++i) {
                    ofColumn[i] += values[i];
                    ofRow[i] += values[i];
                }
        }
    return {row.div_(static_cast<double>(rows)), column.div_(static_cast<double>(columns))};
}

} // namespace rnnscope::nn
