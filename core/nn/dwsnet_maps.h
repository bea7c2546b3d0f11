#pragma once

#include "core/nn/packed_linear.h"

namespace rnnscope::nn {

struct MapMeans
{
    at::Tensor row; ///< the average row, [N, columns, C]
    at::Tensor column; ///< the average column, [N, rows, C]
};

struct MappedRows
{
    at::Tensor values; ///< [N, rows, columns, out]
    MapMeans means; ///< of `values`
};

/// relu(x self^T + perRow + perColumn): x [N, rows, columns, in], self [out, in], perRow [N, rows, out], perColumn
/// [N, columns, out]. All are plain; a row stays in the cache until its means are taken.
MappedRows mappedRows(const at::Tensor& x, const PackedLinear& self, const at::Tensor& perRow,
                      const at::Tensor& perColumn);

/// Both means of x [N, rows, columns, C], which is plain, in one pass over it.
MapMeans mapMeans(const at::Tensor& x);

} // namespace rnnscope::nn
