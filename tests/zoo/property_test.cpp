#include "core/zoo/property.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace rnnscope::zoo;

TEST(Property, FormatsAsAPersonReads)
{
    Property property;
    property.values = {0.9824, 135.0, 13.67924, -0.5, NAN, 20000.4, 1.0, -0.0, 0.000012345};
    const std::vector<std::string> expected {"0.982",     "135.000", "13.679", "−0.500",  "–",
                                             "20000.400", "1.000",   "0.000",  "1.23e-05"};
    for (std::size_t row = 0; row < expected.size(); ++row)
        EXPECT_EQ(format(property, row), expected[row]);
}

TEST(Property, FormatsColumnsAndLabels)
{
    Property task;
    task.kind = PropertyKind::Integer;
    task.columns = 4;
    task.values = {0, 1, -2, 2, 0, 0, 0, 0};
    EXPECT_EQ(format(task, 0), "0 1 −2 2");
    Property named;
    named.kind = PropertyKind::Categorical;
    named.values = {1, 0};
    EXPECT_EQ(format(named, 0), "1");
    named.labels = {"sgd", "adam"};
    EXPECT_EQ(format(named, 0), "adam");
}

TEST(Property, KindsHaveNames)
{
    for (const auto kind :
         {PropertyKind::Real, PropertyKind::Integer, PropertyKind::Categorical, PropertyKind::Circular})
        EXPECT_EQ(propertyKindFromName(name(kind)).value(), kind);
    EXPECT_FALSE(propertyKindFromName("colour"));
}

} // namespace
