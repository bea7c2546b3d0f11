#pragma once

#include "core/base/result.h"
#include "core/zoo/zoo.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace rnnscope::nn {

/// Weights that are not finite are zeroed, so that they cannot disturb the other rows. `weights` [n, columns]; returns
/// the rows that held them, ascending.
std::vector<std::size_t> takeOutBadRows(std::span<float> weights, std::size_t columns);

/// The parameters of a zoo on their way to a GPU: the next rows are read while it works on these, into memory that it
/// fetches from by itself (pinned).
class StagedRows
{
public:
    StagedRows(const zoo::Zoo& zoo, c10::Device device);

    struct Rows
    {
        at::Tensor weights; ///< [count, P] on the device; on a GPU they may still be on their way
        std::vector<std::size_t> bad; ///< offsets of rows that were not finite, ascending
    };
    /// What was read ahead, or now. The rows of the call before must not be needed any more.
    Result<Rows> take(std::size_t first, std::size_t count);
    /// Errors are those of take(), if the same rows are taken next.
    void readAhead(std::size_t first, std::size_t count);

private:
    struct Buffer
    {
        at::Tensor memory; ///< [capacity, P] on the CPU
        std::size_t first = 0;
        std::size_t count = 0;
        std::vector<std::size_t> bad;
        Result<void> read;
    };
    void fill(Buffer& buffer, std::size_t first, std::size_t count) const;

    const zoo::Zoo& m_zoo;
    c10::Device m_device;
    std::array<Buffer, 2> m_buffers; ///< the first is on its way, the second is ahead
};

} // namespace rnnscope::nn
