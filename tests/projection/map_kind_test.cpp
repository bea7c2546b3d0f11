#include "core/projection/map_kind.h"
#include "points.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace rnnscope;
using namespace rnnscope::projection;

TEST(MapKinds, HaveNames)
{
    for (const MapKind kind : kMapKinds)
        EXPECT_EQ(*mapKindFromName(name(kind)), kind);
    EXPECT_EQ(mapKindFromName("UMAP").error().message, "unknown projection 'UMAP', expected pca, umap or tsne");
}

TEST(MapKinds, AreLaidOutInSteps)
{
    const Matrix data = test::cloud(40, 3);
    for (const MapKind kind : kMapKinds) {
        const auto layout = startMap(kind, data, 1, 2, {});
        ASSERT_TRUE(layout);
        EXPECT_EQ((*layout)->steps() == 0, kind == MapKind::Pca);
        while ((*layout)->made() < (*layout)->steps())
            (*layout)->step();
        EXPECT_EQ((*layout)->map().rows, 40U);
    }
}

TEST(MapKinds, LayOutNumbersWhoseSquaresAreInfiniteOrVanish)
{
    for (const MapKind kind : kMapKinds)
        for (const int exponent : {100, -100}) {
            Matrix data = test::cloud(40, 3);
            for (float& value : data.values)
                value = std::ldexp(value, exponent);
            const auto layout = startMap(kind, data, 1, 2, {});
            ASSERT_TRUE(layout);
            while ((*layout)->made() < (*layout)->steps())
                (*layout)->step();
            for (const float value : (*layout)->map().values)
                ASSERT_TRUE(std::isfinite(value)) << name(kind) << " " << exponent;
        }
}

} // namespace
