#pragma once

#include "core/engine/engine.h"
#include "core/nn/packed_linear.h"

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/linear.h>

namespace rnnscope::nn {

/// While it lives, linear() on this thread computes in `precision`. Not for where a gradient is wanted.
class ProductPrecision
{
public:
    explicit ProductPrecision(engine::Precision precision);
    ~ProductPrecision();
    ProductPrecision(const ProductPrecision&) = delete;
    ProductPrecision& operator=(const ProductPrecision&) = delete;

private:
    engine::Precision m_before;
};

/// x W^T + b, [..., in] -> [..., out] for `weight` [out, in]. In bfloat16 the result is bfloat16, too: for another
/// linear() as it is, for everything else as float32.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);
/// By `packed`, the layer's weights, where they are there and serve.
at::Tensor linear(const at::Tensor& x, const torch::nn::LinearImpl& layer, const PackedLinear& packed = {});
/// float32 for bfloat16; everything else, double precision too, as it is.
at::Tensor unhalved(const at::Tensor& x);

} // namespace rnnscope::nn
