#pragma once

#include "core/base/result.h"
#include "core/projection/layout.h"
#include "core/projection/nearest_neighbours.h"

#include <array>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>

namespace rnnscope::projection {

enum class MapKind { Pca, Umap, Tsne };
inline constexpr std::array kMapKinds {MapKind::Pca, MapKind::Umap, MapKind::Tsne};

/// "pca", "umap", "tsne": in files and on the command line.
std::string_view name(MapKind kind);
Result<MapKind> mapKindFromName(std::string_view name);

/// A map of `data` [N, D] with default options. That of principal components has no steps to make, and no neighbours to
/// look for.
Result<std::unique_ptr<Layout>> startMap(MapKind kind, const Matrix& data, std::uint64_t seed, int threads,
                                         const std::stop_token& stop, const NeighboursFound& found = {});

} // namespace rnnscope::projection
