#pragma once

#include "core/rnn/packed_matrix.h"

#include <ATen/core/Tensor.h>

namespace rnnscope::nn {

/// float32 on the CPU that nobody differentiates: what loops of our own work on.
bool isPlain(const at::Tensor& tensor);

/// The weights of a linear layer that no longer change, arranged once for products with few rows or few columns, for
/// which a BLAS arranges them again at every call. Products may be made by several threads at once.
class PackedLinear
{
public:
    PackedLinear() = default;
    /// `weight` [out, in], plain; it is copied.
    explicit PackedLinear(const at::Tensor& weight);
    bool empty() const { return m_matrix.rows() == 0; }
    /// x W^T + b, [..., in] -> [..., out]; `x` and `bias` [out] are plain.
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& bias) const;
    const rnn::PackedMatrix& matrix() const { return m_matrix; } ///< [in, out]

private:
    rnn::PackedMatrix m_matrix;
};

} // namespace rnnscope::nn
