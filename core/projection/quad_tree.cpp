#include "core/projection/quad_tree.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rnnscope::projection {

namespace {

constexpr unsigned kLevels = 16;

/// Bits of x at even places.
std::uint32_t spreadBits(std::uint32_t x)
{
    x = (x | (x << 8U)) & 0x00ff00ffU;
    x = (x | (x << 4U)) & 0x0f0f0f0fU;
    x = (x | (x << 2U)) & 0x33333333U;
    return (x | (x << 1U)) & 0x55555555U;
}

struct Square
{
    float left, top, side;
};

Square squareAround(std::span<const float> places)
{
    float low[2] = {places[0], places[1]}, high[2] = {places[0], places[1]};
    for (std::size_t i = 0; i < places.size(); ++i) {
        low[i % 2] = std::min(low[i % 2], places[i]);
        high[i % 2] = std::max(high[i % 2], places[i]);
    }
    return {low[0], low[1], std::max(high[0] - low[0], high[1] - low[1])};
}

/// By the upper 32 bits, lowest digit first.
void radixSort(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& buffer)
{
    constexpr unsigned kDigit = 11;
    constexpr std::size_t kValues = std::size_t {1} << kDigit;
    buffer.resize(keys.size());
    for (unsigned shift = 32; shift < 64; shift += kDigit) {
        std::array<std::uint32_t, kValues> starts {};
        const auto digit = [&](std::uint64_t key) { return (key >> shift) & (kValues - 1); };
        for (const std::uint64_t key : keys)
            ++starts[digit(key)];
        std::uint32_t sum = 0;
        for (std::uint32_t& start : starts)
            sum += std::exchange(start, sum);
        for (const std::uint64_t key : keys)
            buffer[starts[digit(key)]++] = key;
        std::swap(keys, buffer);
    }
}

} // namespace

void QuadTree::sort(std::span<const float> places)
{
    const std::size_t points = places.size() / 2;
    const Square square = squareAround(places);
    constexpr float kCells = 65535.0F;
    const float scale = square.side > 0.0F ? kCells / square.side : 0.0F;
    m_keys.resize(points);
    for (std::size_t i = 0; i < points; ++i) {
        const auto column = static_cast<std::uint32_t>((places[2 * i] - square.left) * scale);
        const auto row = static_cast<std::uint32_t>((places[2 * i + 1] - square.top) * scale);
        const std::uint64_t code = spreadBits(column) | (spreadBits(row) << 1U);
        m_keys[i] = (code << 32U) | i;
    }
    radixSort(m_keys, m_buffer);
    m_codes.resize(points);
    m_order.resize(points);
    m_sorted.resize(places.size());
    for (std::size_t i = 0; i < points; ++i) {
        m_codes[i] = static_cast<std::uint32_t>(m_keys[i] >> 32U);
        const auto row = static_cast<std::size_t>(m_keys[i] & 0xffffffffU);
        m_order[i] = static_cast<int>(row);
        m_sorted[2 * i] = places[2 * row];
        m_sorted[2 * i + 1] = places[2 * row + 1];
    }
}

void QuadTree::build(std::span<const float> places)
{
    m_nodes.clear();
    if (places.empty())
        return;
    sort(places);
    add(0, m_order.size(), 0, squareAround(places).side);
}

void QuadTree::add(std::size_t first, std::size_t last, unsigned level, float side)
{
    const std::size_t at = m_nodes.size();
    const std::size_t count = last - first;
    m_nodes.push_back({.side = side,
                       .first = static_cast<std::uint32_t>(first),
                       .count = static_cast<std::uint32_t>(count),
                       .leaf = count <= kLeaf || level == kLevels});
    float x = 0.0F, y = 0.0F;
    if (m_nodes[at].leaf) {
        for (std::size_t i = first; i < last; ++i) {
            x += m_sorted[2 * i];
            y += m_sorted[2 * i + 1];
        }
    } else {
        const unsigned shift = 2 * (kLevels - 1 - level);
        for (std::size_t from = first; from < last;) {
            const std::uint32_t quarter = m_codes[from] >> shift;
            const auto end = std::find_if(m_codes.begin() + static_cast<std::ptrdiff_t>(from),
                                          m_codes.begin() + static_cast<std::ptrdiff_t>(last),
                                          [&](std::uint32_t code) { return code >> shift != quarter; });
            const auto to = static_cast<std::size_t>(end - m_codes.begin());
            const std::size_t child = m_nodes.size();
            add(from, to, level + 1, side / 2.0F);
            x += m_nodes[child].x * static_cast<float>(m_nodes[child].count);
            y += m_nodes[child].y * static_cast<float>(m_nodes[child].count);
            from = to;
        }
    }
    m_nodes[at].x = x / static_cast<float>(count);
    m_nodes[at].y = y / static_cast<float>(count);
    m_nodes[at].next = static_cast<std::uint32_t>(m_nodes.size());
}

} // namespace rnnscope::projection
