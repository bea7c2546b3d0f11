#include "core/nn/products.h"

#include <ATen/ops/linear.h>

namespace rnnscope::nn {

namespace {

thread_local engine::Precision t_precision = engine::Precision::Float32;

} // namespace

ProductPrecision::ProductPrecision(engine::Precision precision)
    : m_before(t_precision)
{
    t_precision = precision;
}

ProductPrecision::~ProductPrecision()
{
    t_precision = m_before;
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias)
{
    if (t_precision == engine::Precision::Float32)
        return at::linear(x, weight, bias);
    return at::linear(x.to(at::kBFloat16), weight.to(at::kBFloat16), bias.to(at::kBFloat16));
}

at::Tensor linear(const at::Tensor& x, const torch::nn::LinearImpl& layer, const PackedLinear& packed)
{
    if (!packed.empty() && t_precision == engine::Precision::Float32 && isPlain(x))
        return packed(x, layer.bias);
    return linear(x, layer.weight, layer.bias);
}

at::Tensor unhalved(const at::Tensor& x)
{
    return x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x;
}

} // namespace rnnscope::nn
