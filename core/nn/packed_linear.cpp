#include "core/nn/packed_linear.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <vector>

namespace rnnscope::nn {

namespace {

constexpr std::ptrdiff_t kRows = 96; ///< whose part of a slice stays in the second cache
constexpr std::ptrdiff_t kSlice = 256; ///< of the inputs; sums of slices are added up, which rounds less than one sum

void add(float* to, const float* from, std::ptrdiff_t count)
{
    for (std::ptrdiff_t i = 0; i < count; ++i)
        to[i] += from[i];
}

} // namespace

bool isPlain(const at::Tensor& tensor)
{
    return !at::GradMode::is_enabled() && tensor.is_cpu() && tensor.scalar_type() == at::kFloat;
}

PackedLinear::PackedLinear(const at::Tensor& weight)
    : m_matrix(weight.size(1), weight.size(0))
{
    m_matrix.set(0, weight.size(1), 0, weight.size(0), weight.data_ptr<float>(), weight.stride(1), weight.stride(0));
}

at::Tensor PackedLinear::operator()(const at::Tensor& x, const at::Tensor& bias) const
{
    const std::ptrdiff_t in = m_matrix.rows(), out = m_matrix.columns();
    const at::Tensor dense = x.contiguous();
    const at::Tensor added = bias.contiguous();
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = out;
    at::Tensor result = at::empty(shape, x.options());
    std::vector<float> sums(static_cast<std::size_t>(in > kSlice ? kRows * out : 0));
    rnn::Product product = m_matrix.product();
    product.lda = in;
    product.ldc = out;
    const std::ptrdiff_t slices = std::max<std::ptrdiff_t>(1, (in + kSlice - 1) / kSlice);
    const std::ptrdiff_t rows = dense.numel() / std::max<std::ptrdiff_t>(1, in);
    for (std::ptrdiff_t row = 0; row < rows; row += kRows) {
        product.rows = std::min(kRows, rows - row);
        float* const c = result.data_ptr<float>() + row * out;
        for (std::ptrdiff_t slice = 0; slice < slices; ++slice) {
            product.firstRow = in * slice / slices;
            product.k = in * (slice + 1) / slices - product.firstRow;
            product.a = dense.data_ptr<float>() + row * in + product.firstRow;
            product.init = slice == 0 ? added.data_ptr<float>() : nullptr;
            product.c = slice == 0 ? c : sums.data();
            m_matrix.multiply(product);
            if (slice > 0)
                add(c, sums.data(), product.rows * out);
        }
    }
    return result;
}

} // namespace rnnscope::nn
