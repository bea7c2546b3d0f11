#include "core/projection/map_kind.h"

#include "core/projection/pca.h"
#include "core/projection/tsne.h"
#include "core/projection/umap.h"

namespace rnnscope::projection {

namespace {

class Components final : public Layout
{
public:
    explicit Components(Matrix map)
        : m_map(std::move(map))
    {
    }
    std::size_t steps() const override { return 0; }
    std::size_t made() const override { return 0; }
    void step() override { }
    Matrix map() const override { return m_map; }

private:
    Matrix m_map;
};

} // namespace

std::string_view name(MapKind kind)
{
    switch (kind) {
    case MapKind::Umap:
        return "umap";
    case MapKind::Tsne:
        return "tsne";
    case MapKind::Pca:
        break;
    }
    return "pca";
}

Result<MapKind> mapKindFromName(std::string_view text)
{
    for (const MapKind kind : kMapKinds)
        if (text == name(kind))
            return kind;
    return fail(Errc::BadValue, fmt::format("unknown projection '{}', expected pca, umap or tsne", text));
}

Result<std::unique_ptr<Layout>> startMap(MapKind kind, const Matrix& data, std::uint64_t seed, int threads,
                                         const std::stop_token& stop, const NeighboursFound& found)
{
    switch (kind) {
    case MapKind::Umap:
        return umap(data, {.seed = seed, .threads = threads}, stop, found);
    case MapKind::Tsne:
        return tsne(data, {.threads = threads}, stop, found);
    case MapKind::Pca:
        break;
    }
    return std::make_unique<Components>(project(fitPca(data), data));
}

} // namespace rnnscope::projection
