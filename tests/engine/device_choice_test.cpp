#include "core/engine/engine.h"

#include <gtest/gtest.h>

namespace {

using namespace rnnscope;
using engine::DeviceChoice;
using engine::parseDevice;

TEST(ParseDevice, KnowsTheDevicesOfTheCommandLine)
{
    EXPECT_EQ(parseDevice("auto")->kind, DeviceChoice::Kind::Auto);
    EXPECT_EQ(parseDevice("cpu")->kind, DeviceChoice::Kind::Cpu);
    EXPECT_EQ(parseDevice("cuda")->kind, DeviceChoice::Kind::Cuda);
    EXPECT_EQ(parseDevice("cuda")->index, 0);
    EXPECT_EQ(parseDevice("cuda:3")->kind, DeviceChoice::Kind::Cuda);
    EXPECT_EQ(parseDevice("cuda:3")->index, 3);
}

class ParseDeviceRefuses : public testing::TestWithParam<const char*>
{
};

TEST_P(ParseDeviceRefuses, AnythingElseAndQuotesIt)
{
    const auto device = parseDevice(GetParam());
    ASSERT_FALSE(device);
    EXPECT_EQ(device.error().code, Errc::BadValue);
    EXPECT_NE(device.error().message.find('"' + std::string(GetParam()) + '"'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Texts, ParseDeviceRefuses,
                         testing::Values("", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:1x", "cuda: 1", "cuda:99999999999",
                                         "cpu:0"));

} // namespace
