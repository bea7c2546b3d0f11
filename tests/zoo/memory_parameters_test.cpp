#include "core/zoo/memory_parameters.h"

#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using testing::ElementsAre;
using zoo::MemoryParameters;

class MemoryParametersTest : public testing::TestWithParam<bool>
{
};

TEST_P(MemoryParametersTest, GivesTheRowsThatWereAppended)
{
    MemoryParameters kept(2, GetParam());
    kept.append(std::vector<float> {1.0F, -0.5F});
    kept.append(std::vector<float> {3.0F, 4.0F, 5.0F, 6.0F});
    EXPECT_EQ(kept.isHalf(), GetParam());
    std::vector<float> rows(4);
    ASSERT_TRUE(kept.read(1, 2, rows));
    EXPECT_THAT(rows, ElementsAre(3.0F, 4.0F, 5.0F, 6.0F));
}

TEST_P(MemoryParametersTest, RefusesRowsThatAreNotThere)
{
    MemoryParameters kept(2, GetParam());
    kept.append(std::vector<float> {1.0F, 2.0F});
    std::vector<float> row(2);
    EXPECT_EQ(kept.read(1, 1, row).error().code, Errc::BadValue);
    EXPECT_EQ(kept.read(2, 0, {}).error().code, Errc::BadValue);
    EXPECT_EQ(kept.read(0, 1, std::span(row).first(1)).error().code, Errc::BadValue);
}

INSTANTIATE_TEST_SUITE_P(Precision, MemoryParametersTest, testing::Bool());

} // namespace
