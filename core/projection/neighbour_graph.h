#pragma once

#include "core/projection/nearest_neighbours.h"

#include <span>
#include <vector>

namespace rnnscope::projection {

/// Weighted edges between points, each recorded at both ends.
struct NeighbourGraph
{
    std::vector<std::size_t> first; ///< [N + 1]: edges of point i are first[i] to first[i + 1]
    std::vector<int> to; ///< ascending for each point
    std::vector<float> weights;

    std::size_t points() const { return first.size() - 1; }
};

/// How the directed weights p and q of an edge's two ends become one; a missing one is 0.
enum class Union {
    Fuzzy, ///< p + q - p q
    Mean, ///< (p + q) / 2
};

/// `weights` [N, k] of the neighbours, in their order.
NeighbourGraph neighbourGraph(const Neighbours& neighbours, std::span<const float> weights, Union way);

/// How much each neighbour belongs to a point [N, k]: 1 up to the distance of the nearest other, then falling
/// exponentially, so that they add up to log2(k + 1). McInnes, Healy and Melville 2018, algorithm 3; the point itself
/// counts as a neighbour there.
std::vector<float> memberships(const Neighbours& neighbours, int threads);

/// t-SNE's conditional probabilities [N, k]: a Gaussian around each point with the given perplexity, cut off after the
/// k nearest. Van der Maaten and Hinton 2008.
std::vector<float> conditionals(const Neighbours& neighbours, double perplexity, int threads);

} // namespace rnnscope::projection
