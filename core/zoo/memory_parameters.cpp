#include "core/zoo/memory_parameters.h"

#include "core/base/half.h"

#include <algorithm>
#include <bit>

namespace rnnscope::zoo {

static_assert(std::endian::native == std::endian::little, "loadHalf takes little-endian bytes");

MemoryParameters::MemoryParameters(std::size_t columns, bool half)
    : m_columns(columns)
    , m_isHalf(half)
{
}

void MemoryParameters::append(std::span<const float> rows)
{
    if (m_isHalf) {
        m_half.resize(m_half.size() + rows.size());
        storeHalf(rows, std::span(m_half).last(rows.size()));
    } else {
        m_full.insert(m_full.end(), rows.begin(), rows.end());
    }
}

Result<void> MemoryParameters::read(std::size_t first, std::size_t count, std::span<float> out) const
{
    const std::size_t rows = (m_isHalf ? m_half.size() : m_full.size()) / m_columns;
    if (first > rows || count > rows - first || out.size() != count * m_columns)
        return fail(Errc::BadValue, fmt::format("rows {} to {} are not among the {}", first, first + count, rows));
    const std::size_t begin = first * m_columns;
    if (m_isHalf)
        loadHalf(std::as_bytes(std::span(m_half).subspan(begin, out.size())), out);
    else
        std::copy_n(m_full.begin() + static_cast<std::ptrdiff_t>(begin), out.size(), out.begin());
    return {};
}

} // namespace rnnscope::zoo
