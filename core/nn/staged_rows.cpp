#include "core/nn/staged_rows.h"

#include <ATen/ATen.h>
#include <torch/cuda.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace rnnscope::nn {

namespace {

/// Without a branch, so that the compiler makes vectors of it.
bool isFinite(std::span<const float> row)
{
    constexpr std::uint32_t kExponent = 0x7f800000U; // all ones: infinite or NaN
    std::uint32_t largest = 0;
    for (const float weight : row)
        largest = std::max(largest, std::bit_cast<std::uint32_t>(weight) & kExponent);
    return largest < kExponent;
}

} // namespace

std::vector<std::size_t> takeOutBadRows(std::span<float> weights, std::size_t columns)
{
    std::vector<std::size_t> bad;
    for (std::size_t i = 0; i < weights.size() / columns; ++i)
        if (const auto row = weights.subspan(i * columns, columns); !isFinite(row)) {
            std::ranges::fill(row, 0.0F);
            bad.push_back(i);
        }
    return bad;
}

StagedRows::StagedRows(const zoo::Zoo& zoo, c10::Device device)
    : m_zoo(zoo)
    , m_device(device)
{
}

Result<StagedRows::Rows> StagedRows::take(std::size_t first, std::size_t count)
{
    std::swap(m_buffers.front(), m_buffers.back());
    Buffer& buffer = m_buffers.front();
    if (buffer.first != first || buffer.count != count) {
        if (m_device.is_cuda())
            torch::cuda::synchronize(m_device.index()); // memory ran out: a transfer may not have ended
        fill(buffer, first, count);
    }
    buffer.count = 0; // what is taken once is not ahead
    if (!buffer.read)
        return ::rnnscope::forward(buffer.read);
    const at::Tensor rows = buffer.memory.narrow(0, 0, static_cast<std::int64_t>(count));
    return Rows {rows.to(m_device, /*non_blocking=*/true), buffer.bad};
}

void StagedRows::readAhead(std::size_t first, std::size_t count)
{
    fill(m_buffers.back(), first, count);
}

void StagedRows::fill(Buffer& buffer, std::size_t first, std::size_t count) const
{
    const std::size_t columns = m_zoo.architecture.parameterCount();
    const auto rows = static_cast<std::int64_t>(count);
    if (!buffer.memory.defined() || buffer.memory.size(0) < rows)
        buffer.memory = at::empty({rows, static_cast<std::int64_t>(columns)},
                                  at::TensorOptions(at::kFloat).pinned_memory(m_device.is_cuda()));
    const std::span<float> weights(buffer.memory.data_ptr<float>(), count * columns);
    buffer.first = first;
    buffer.count = count;
    buffer.read = m_zoo.parameters->read(first, count, weights);
    buffer.bad = buffer.read ? takeOutBadRows(weights, columns) : std::vector<std::size_t> {};
}

} // namespace rnnscope::nn
