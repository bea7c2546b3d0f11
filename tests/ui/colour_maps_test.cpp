#include "ui/plots/colour_maps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace {

using namespace rnnscope::ui;

class RisingMap : public testing::TestWithParam<ColourMap>
{
};

TEST_P(RisingMap, GetsLighterAllTheWay)
{
    double before = -1.0;
    for (int i = 0; i <= 64; ++i) {
        const double now = luminance(colourAt(GetParam(), i / 64.0));
        EXPECT_GT(now, before) << "at " << i;
        before = now;
    }
}

INSTANTIATE_TEST_SUITE_P(Sequential, RisingMap,
                         testing::Values(ColourMap::Viridis, ColourMap::Cividis, ColourMap::Magma));

TEST(ColourMaps, StartAndEndOfViridisAreMatplotlibs)
{
    EXPECT_EQ(colourAt(ColourMap::Viridis, 0.0), 0xff440154U);
    EXPECT_EQ(colourAt(ColourMap::Viridis, 1.0), 0xfffde725U);
}

TEST(ColourMaps, ValuesOutsideTheRangeAreClamped)
{
    EXPECT_EQ(colourAt(ColourMap::Viridis, -3.0), colourAt(ColourMap::Viridis, 0.0));
    EXPECT_EQ(colourAt(ColourMap::Viridis, 3.0), colourAt(ColourMap::Viridis, 1.0));
}

TEST(ColourMaps, TheCyclicOneMeetsItself)
{
    EXPECT_EQ(colourAt(ColourMap::Twilight, 0.0), colourAt(ColourMap::Twilight, 1.0));
    EXPECT_EQ(colourAt(ColourMap::Twilight, 0.3), colourAt(ColourMap::Twilight, 1.3));
    EXPECT_NE(colourAt(ColourMap::Twilight, 0.25), colourAt(ColourMap::Twilight, 0.75));
}

TEST(ColourMaps, TheDivergingOneIsLightestInTheMiddle)
{
    const double middle = luminance(colourAt(ColourMap::Diverging, 0.5));
    EXPECT_GT(middle, luminance(colourAt(ColourMap::Diverging, 0.3)));
    EXPECT_GT(middle, luminance(colourAt(ColourMap::Diverging, 0.7)));
    EXPECT_GT(qBlue(colourAt(ColourMap::Diverging, 0.1)), qRed(colourAt(ColourMap::Diverging, 0.1)));
}

TEST(ColourMaps, NaNIsGrey)
{
    EXPECT_EQ(colourAt(ColourMap::Viridis, std::nan("")), missingColour());
}

TEST(ColourMaps, EightCategoriesDiffer)
{
    for (const bool dark : {false, true}) {
        std::set<QRgb> colours;
        for (std::size_t i = 0; i < kCategoryColours; ++i)
            colours.insert(categoryColour(i, dark));
        EXPECT_EQ(colours.size(), kCategoryColours);
    }
}

} // namespace
