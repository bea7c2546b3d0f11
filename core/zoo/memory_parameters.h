#pragma once

#include "core/zoo/zoo.h"

#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::zoo {

/// Parameters [N, P] in memory, as float16 when `half`. Filled first, by one thread; shared and read after that.
class MemoryParameters final : public ParameterSource
{
public:
    MemoryParameters(std::size_t columns, bool half);

    void append(std::span<const float> rows); ///< [n, P]; float16 rounds them
    /// BadValue where the rows are not there or `out` has not their size.
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override;
    bool isHalf() const override { return m_isHalf; }

private:
    std::size_t m_columns;
    bool m_isHalf;
    std::vector<float> m_full;
    std::vector<std::uint16_t> m_half;
};

} // namespace rnnscope::zoo
