#include "core/zoo/architecture.h"

#include <gtest/gtest.h>

namespace {

using namespace rnnscope::zoo;

TEST(Architecture, CountsThePapersParameters)
{
    EXPECT_EQ((Architecture {Cell::Lstm, 6, 32, 2, 6}).parameterCount(), 13766U);
    EXPECT_EQ((Architecture {Cell::Lstm, 16, 32, 2, 10}).parameterCount(), 15178U);
}

TEST(Architecture, LaysTensorsOutInPyTorchsOrder)
{
    const auto tensors = Architecture {Cell::Gru, 3, 5, 2, 2}.tensors();
    ASSERT_EQ(tensors.size(), 10U);
    EXPECT_EQ(tensors[4].name, "weight_ih_l1");
    EXPECT_EQ(tensors[4].rows, 15U);
    EXPECT_EQ(tensors[4].columns, 5U);
    EXPECT_EQ(tensors[4].offset, 15U * 3 + 15U * 5 + 30U);
    EXPECT_EQ(tensors[9].name, "linear.bias");
}

TEST(Architecture, WithoutBiasKeepsTheReadOutsBias)
{
    const auto tensors = Architecture {Cell::RnnTanh, 3, 5, 1, 2, false}.tensors();
    ASSERT_EQ(tensors.size(), 4U);
    EXPECT_EQ(tensors.back().name, "linear.bias");
}

TEST(Architecture, RefusesSizesThatCannotBe)
{
    EXPECT_TRUE(validate({Cell::Lstm, 6, 32, 2, 6}));
    EXPECT_FALSE(validate({Cell::Lstm, 0, 32, 2, 6}));
    EXPECT_FALSE(validate({Cell::Lstm, 6, 65536, 2, 6}));
    EXPECT_FALSE(validate({Cell::Lstm, 6, 32, 100000, 6}));
}

} // namespace
