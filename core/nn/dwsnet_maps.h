#pragma once

#include <ATen/core/Tensor.h>

namespace rnnscope::nn {

/// relu(x self^T + perRow + perColumn): x [N, rows, columns, in], self [out, in], perRow [N, rows, out], perColumn
/// [N, columns, out] -> [N, rows, columns, out]. Float32 on the CPU, without gradients; a row stays in the cache.
at::Tensor mappedRows(const at::Tensor& x, const at::Tensor& self, const at::Tensor& perRow,
                      const at::Tensor& perColumn);

struct MapMeans
{
    at::Tensor row; ///< the average row, [N, columns, C]
    at::Tensor column; ///< the average column, [N, rows, C]
};

/// Both means of x [N, rows, columns, C] in one pass over it, where mappedRows() could be used.
MapMeans mapMeans(const at::Tensor& x);

} // namespace rnnscope::nn
