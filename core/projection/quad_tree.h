#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::projection {

/// Points of the plane in squares, each cut in four while it holds many. Memory is used again.
class QuadTree
{
public:
    static constexpr std::size_t kLeaf = 8; ///< points; only the smallest squares hold more without being cut

    struct Node
    {
        float x = 0.0F; ///< mean of its points
        float y = 0.0F;
        float side = 0.0F; ///< of the square
        std::uint32_t first = 0; ///< of the points in order()
        std::uint32_t count = 0;
        std::uint32_t next = 0; ///< the node behind all those within this one
        bool leaf = false;
    };

    /// `places` [N, 2], finite.
    void build(std::span<const float> places);
    /// Depth first: the first one within a node stands behind it.
    std::span<const Node> nodes() const { return m_nodes; }
    /// Rows of the points, neighbours in the plane near each other: those of a node are a stretch.
    std::span<const int> order() const { return m_order; }
    /// [N, 2] in that order.
    std::span<const float> sorted() const { return m_sorted; }

private:
    void sort(std::span<const float> places);
    void add(std::size_t first, std::size_t last, unsigned level, float side);

    std::vector<Node> m_nodes;
    std::vector<std::uint32_t> m_codes; ///< Morton's, ascending
    std::vector<int> m_order;
    std::vector<float> m_sorted;
    std::vector<std::uint64_t> m_keys, m_buffer; ///< while sorting: code and row
};

} // namespace rnnscope::projection
