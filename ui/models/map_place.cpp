#include "ui/models/map_place.h"

#include "core/projection/embedding_at.h"

#include <algorithm>
#include <limits>

namespace rnnscope::ui {

std::vector<float> embeddingAt(const EmbeddedZoo& shown, const Matrix& map, projection::MapKind kind,
                               std::array<double, 2> place)
{
    const bool unit = shown.checkpoint->config.normalize;
    if (kind != projection::MapKind::Pca)
        return projection::embeddingAt(shown.embedding, map, place, nullptr, unit);
    Matrix fitted = shown.embedding; // the axes do not depend on dropped files, unless there is nothing else
    const bool all = std::ranges::all_of(shown.members, &Member::dropped);
    for (const auto& member : shown.members)
        for (std::size_t row = member.first; member.dropped && !all && row < member.first + member.zoo->size; ++row)
            std::ranges::fill(fitted.row(row), std::numeric_limits<float>::quiet_NaN());
    const auto pca = projection::fitPca(fitted);
    return projection::embeddingAt(shown.embedding, map, place, &pca, unit);
}

} // namespace rnnscope::ui
